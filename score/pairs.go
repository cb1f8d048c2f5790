package score

import (
	"strings"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
)

// readPairs reads a mapping from pairs of rules, as "*.kernel > *.kernel", to a row of numbers for each option of the earlier decisions:
// one for each option of the later.
func readPairs(l *lattice.Lattice, entries strict.Map) []lattice.PairScore {
	var out []lattice.PairScore
	for _, name := range entries.Keys() {
		at := entries.KeyValue(name)
		earlier, later, ok := strings.Cut(name, ">")
		if !ok {
			at.Fail("%q is no pair of rules, such as %q", name, "*.kernel > *.kernel")
			return nil
		}
		p := lattice.PairScore{Rule: strings.TrimSpace(earlier), For: strings.TrimSpace(later), Of: map[[2]string]float64{}}
		rows, columns := rule{name: p.Rule}, rule{name: p.For}
		for _, r := range []*rule{&rows, &columns} {
			if !r.resolve(l, at) {
				return nil
			}
		}
		if l.MaxPairs(p.Rule, p.For) == 0 {
			at.Fail("no architecture decides %q before %q%s", p.Rule, p.For, otherWayRound(l, p))
			return nil
		}
		given := entries.Get(name).AnyMap()
		for _, option := range given.Keys() {
			rows.has(option, given.KeyValue(option))
			row := columns
			row.read(given.Get(option), maxScore)
			for i, then := range row.options {
				p.Of[[2]string{option, then}] = row.scores[i]
			}
		}
		if len(p.Of) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// otherWayRound is the end of a sentence about a pair that no architecture meets.
func otherWayRound(l *lattice.Lattice, p lattice.PairScore) string {
	if l.MaxPairs(p.For, p.Rule) == 0 {
		return ""
	}
	return "; the other way round, \"" + p.For + " > " + p.Rule + "\", there are some"
}
