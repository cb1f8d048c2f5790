package device

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
)

// maxCost bounds what an operator costs, in units.
const maxCost = 1e9

// remarks are the columns beside features and the cost that a table may have, as commands of Trellis write them.
var remarks = []string{"macs", "params", "architectures", "times", "mean", "median", "deviation", "count", "rounds"}

// defaultValue is the column of the cost where none is named.
const defaultValue = "mean"

// Read reads the operators section of a cost file, which docs/formats/cost-file.md describes: rows, or the name of a CSV file, relative to
// the folder of file. Mistakes in the section are kept by its document; the error is about the CSV file.
func Read(file string, v strict.Value, open Opener) (*Table, error) {
	m := v.Map("rows", "table", "columns", "where", "value", "missing")
	t := &Table{file: file, missing: Missing(m.Get("missing").Word(string(Fail), string(Fail), string(Nearest), string(Interpolate), string(Nothing)))}
	layout := layout{value: m.Get("value").Text(defaultValue)}
	if !m.Get("table").Given() {
		for _, k := range []string{"columns", "where"} {
			if at := m.Get(k); at.Given() {
				m.KeyValue(k).Fail("%q is about a CSV file, and there is no \"table\"", k)
			}
		}
		for _, r := range m.Need("rows").List() {
			t.rows = append(t.rows, layout.row(file, r))
		}
		return t, nil
	}
	if at := m.KeyValue("rows"); m.Get("rows").Given() {
		at.Fail("there are rows and a table; one of them is enough")
	}
	layout.columns = readColumns(m.Get("columns"))
	layout.where = readWhere(m.Get("where"))
	path := m.Get("table").Text("")
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(file), path)
	}
	if !v.Given() { // a mistake, which the document has
		return t, nil
	}
	rows, err := layout.open(path, open)
	t.rows = rows
	return t, err
}

// row reads a mapping of features, the cost, and remarks.
func (l layout) row(file string, v strict.Value) row {
	known := append(Features(), remarks...)
	if !slices.Contains(known, l.value) {
		known = append(known, l.value)
	}
	m := v.Map(known...)
	line, _ := v.Position()
	r := row{file: file, line: line}
	for _, name := range m.Keys() {
		if name == l.value || slices.Contains(remarks, name) {
			continue
		}
		text := m.Get(name).Text("")
		if why := checkFeature(name, &text); why != "" {
			m.Get(name).Fail("%s", why)
		}
		r.features = append(r.features, feature{name, text})
	}
	m.Need("block")
	r.cost = m.Need(l.value).Float(0, 0, maxCost)
	r.sort()
	return r
}

func (r *row) sort() {
	slices.SortFunc(r.features, func(a, b feature) int {
		return cmp.Or(cmp.Compare(rank(a.name), rank(b.name)), strings.Compare(a.name, b.name))
	})
}

// rank puts block, in and out first.
func rank(name string) int {
	if at := slices.Index([]string{"block", "in", "out"}, name); at >= 0 {
		return at
	}
	return 3
}

// checkFeature says what is wrong with a feature, or nothing. A shape of one number is made a vector.
func checkFeature(name string, text *string) string {
	switch name {
	case "block":
		return unknownWord("block", *text, blocks())
	case "in", "out":
		if _, err := strconv.Atoi(*text); err == nil {
			*text = "1x1x" + *text
		}
		if _, err := network.ParseShape(*text); err != nil {
			return name + " is " + strconv.Quote(*text) + ", want height x width x channels, as 28x28x16, or the length of a vector"
		}
	}
	if *text == "" {
		return name + " is empty"
	}
	return ""
}

// unknownWord says that a word is none of those, or nothing.
func unknownWord(what, word string, words []string) string {
	if slices.Contains(words, word) {
		return ""
	}
	return what + " " + strconv.Quote(word) + " is unknown; " + nearest.Advice(word, words)
}
