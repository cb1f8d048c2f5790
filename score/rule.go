package score

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
)

// readRules reads a mapping from rules to numbers of options, from −most to most, and returns the number that each option of each decision gets.
func readRules(l *lattice.Lattice, entries strict.Map, most float64) map[string]map[string]float64 {
	var rules []rule
	for _, name := range entries.Keys() {
		r := rule{name: name}
		if !r.resolve(l, entries.KeyValue(name)) {
			return nil
		}
		r.read(entries.Get(name), most)
		rules = append(rules, r)
	}
	slices.SortStableFunc(rules, rule.compare)
	of := map[string]map[string]float64{}
	for _, r := range rules {
		r.apply(of)
	}
	return of
}

// rule gives scores to options of all decisions that a name, or the end of names after a star, matches.
type rule struct {
	name      string
	decisions []lattice.Decision
	options   []string
	scores    []float64
}

// resolve finds the decisions that the rule is about, and reports whether there are any. That there are none is a mistake at its place.
func (r *rule) resolve(l *lattice.Lattice, at strict.Value) bool {
	var err error
	if r.decisions, err = l.DecisionsOf(r.name); err != nil {
		at.Fail("%v", err)
	}
	return err == nil
}

// read reads the scores of options.
func (r *rule) read(v strict.Value, most float64) {
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
func (r *rule) has(option string, at strict.Value) bool {
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
func (r rule) compare(other rule) int {
	whole := func(r rule) int {
		if strings.HasPrefix(r.name, "*") {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(whole(r), whole(other)), cmp.Compare(len(r.name), len(other.name)))
}

// apply writes the scores of the rule over those of less specific ones.
func (r rule) apply(of map[string]map[string]float64) {
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
