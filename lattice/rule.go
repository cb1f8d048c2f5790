package lattice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
)

// readRules reads a mapping from rules to numbers of options, from −most to most, and returns the number that each option of each decision gets.
func (l *Lattice) readRules(entries strict.Map, most float64) map[string]map[string]float64 {
	var rules []scoreRule
	for _, name := range entries.Keys() {
		r := scoreRule{name: name, decisions: l.named(name)}
		if len(r.decisions) == 0 {
			l.blameRule(entries.KeyValue(name), name)
			return nil
		}
		r.read(entries.Get(name), most)
		rules = append(rules, r)
	}
	slices.SortStableFunc(rules, scoreRule.compare)
	of := map[string]map[string]float64{}
	for _, r := range rules {
		r.apply(of)
	}
	return of
}

// scoreRule scores options of all decisions that a name or the end of names means.
type scoreRule struct {
	name      string
	decisions []Decision
	options   []string
	scores    []float64
}

// named returns the decisions that a rule is about: those of this name or, after a star, those whose name ends so.
func (l *Lattice) named(rule string) []Decision {
	var out []Decision
	for _, d := range l.decisions {
		if meant(rule, d.Name) {
			out = append(out, d)
		}
	}
	return out
}

// blameRule says of a rule that is about no decision which rules there could be.
func (l *Lattice) blameRule(at strict.Value, rule string) { at.Fail("%s", l.noDecision(rule)) }

// noDecision is the sentence about a rule that is about no decision.
func (l *Lattice) noDecision(rule string) string {
	end, star := strings.CutPrefix(rule, "*")
	var names []string
	for _, d := range l.decisions {
		name := d.Name
		if star {
			name = "*" + name[max(0, strings.LastIndexByte(name, '.')):]
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case star:
		return fmt.Sprintf("no decision of space %q has a name that ends in %q; %s", l.space.Name(), end, nearest.Advice(rule, names))
	case strings.Contains(rule, "*"):
		return fmt.Sprintf("a star stands at the beginning of a rule and nowhere else: %q", rule)
	}
	return fmt.Sprintf("space %q has no decision %q; %s", l.space.Name(), rule, nearest.Advice(rule, names))
}

// read reads the scores of options.
func (r *scoreRule) read(v strict.Value, most float64) {
	m := v.AnyMap()
	for _, option := range m.Keys() {
		score := m.Get(option)
		if r.has(option, m.KeyValue(option)) && !score.Given() {
			m.KeyValue(option).Fail("option %q has no score", option)
		}
		r.options = append(r.options, option)
		r.scores = append(r.scores, score.Float(0, -most, most))
	}
}

// has reports whether a decision of the rule has an option; that none has is a mistake at its place.
func (r *scoreRule) has(option string, at strict.Value) bool {
	var labels []string
	for _, d := range r.decisions {
		for _, o := range d.Options {
			if !slices.Contains(labels, o) {
				labels = append(labels, o)
			}
		}
	}
	switch {
	case slices.Contains(labels, option):
		return true
	case len(r.decisions) == 1:
		at.Fail("decision %q has no option %q; %s", r.name, option, nearest.Advice(option, labels))
	default:
		at.Fail("no decision that %q is about has an option %q; %s", r.name, option, nearest.Advice(option, labels))
	}
	return false
}

// compare puts what is more specific behind: ends of names by their length, then whole names.
func (r scoreRule) compare(other scoreRule) int {
	whole := func(r scoreRule) int {
		if strings.HasPrefix(r.name, "*") {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(whole(r), whole(other)), cmp.Compare(len(r.name), len(other.name)))
}

// apply writes the scores of the rule over those of less specific ones.
func (r scoreRule) apply(of map[string]map[string]float64) {
	for _, d := range r.decisions {
		if of[d.Name] == nil {
			of[d.Name] = map[string]float64{}
		}
		for i, option := range r.options {
			if slices.Contains(d.Options, option) {
				of[d.Name][option] = r.scores[i]
			}
		}
	}
}
