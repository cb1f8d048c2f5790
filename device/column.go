package device

import (
	"slices"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/space"
)

// layout says what the columns of a table mean.
type layout struct {
	value   string // the column of the cost
	columns []column
	where   []filter
}

// column is a column of a CSV file whose texts are features.
type column struct {
	name  string
	as    string               // the feature; empty if words say it all
	words map[string][]feature // what texts mean, if not themselves; nil features leave the row out
}

// filter keeps the rows with one of some texts in a column.
type filter struct {
	column string
	texts  []string
}

// ignore stands for the meaning of a word whose rows are left out.
const ignore = "ignore"

// blocks are the kinds of operators.
func blocks() []string { return space.OperatorKinds() }

// readColumns reads a mapping from columns to the features that they are.
func readColumns(v strict.Value) []column {
	m := v.AnyMap()
	var out []column
	for _, name := range m.Keys() {
		c, of := column{name: name}, m.Get(name)
		as := of
		if of.IsMap() {
			with := of.Map("as", "words")
			as = with.Get("as")
			c.words = readWords(as.Text(""), with.Need("words").AnyMap())
		}
		if c.as = as.Text(""); c.as != "" || c.words == nil {
			if why := unknownWord("feature", c.as, Features()); why != "" {
				as.Fail("%s", why)
			}
		}
		out = append(out, c)
	}
	return out
}

// readWords reads what the texts of a column mean: a text of the feature, a mapping of features, or that the row is left out.
func readWords(as string, m strict.Map) map[string][]feature {
	words := map[string][]feature{}
	for _, word := range m.Keys() {
		v := m.Get(word)
		switch {
		case v.IsMap():
			of := v.Map(Features()...)
			for _, name := range of.Keys() {
				text := of.Get(name).Text("")
				if why := checkFeature(name, &text); why != "" {
					of.Get(name).Fail("%s", why)
				}
				words[word] = append(words[word], feature{name, text})
			}
			if len(of.Keys()) == 0 {
				v.Fail("%q means nothing; to leave its rows out, write %s", word, ignore)
			}
		case v.Text("") == ignore:
			words[word] = nil
		case as == "":
			v.Fail("%q stands for a text, but there is no \"as\" to say of which feature; or write a mapping of features", word)
		default:
			text := v.Text("")
			if why := checkFeature(as, &text); why != "" {
				v.Fail("%s", why)
			}
			words[word] = []feature{{as, text}}
		}
	}
	return words
}

// readWhere reads a mapping from columns to a text or several.
func readWhere(v strict.Value) []filter {
	m := v.AnyMap()
	var out []filter
	for _, name := range m.Keys() {
		f, of := filter{column: name}, m.Get(name)
		if of.IsList() {
			for _, text := range of.List() {
				f.texts = append(f.texts, text.Text(""))
			}
		} else {
			f.texts = []string{of.Text("")}
		}
		out = append(out, f)
	}
	return out
}

// keeps reports whether a row is left in.
func (f filter) keeps(text string) bool {
	return slices.ContainsFunc(f.texts, func(t string) bool { return same(t, text) })
}
