package lattice

import (
	"strings"

	"github.com/trellis-nas/trellis/internal/strict"
)

// pairScore scores every decision that For names together with the last one before it that Rule names.
type pairScore struct {
	Recall
	of    map[[2]string]float64 // by the earlier option and the later one; what is not there is 0
	steps int                   // of the later decisions an architecture meets at most so many
}

func (p pairScore) ofStep(s Step) float64 {
	if !meant(p.For, s.Decision) {
		return 0
	}
	return p.of[[2]string{s.Last(p.Rule).Option, s.Option}]
}

// readPairs reads a mapping from pairs of rules, as "*.kernel > *.kernel", to a row of numbers for each option of the earlier decisions:
// one for each option of the later.
func (l *Lattice) readPairs(entries strict.Map) []pairScore {
	var out []pairScore
	for _, name := range entries.Keys() {
		at := entries.KeyValue(name)
		earlier, later, ok := strings.Cut(name, ">")
		if !ok {
			at.Fail("%q is no pair of rules, such as %q", name, "*.kernel > *.kernel")
			return nil
		}
		p := pairScore{Recall: Recall{strings.TrimSpace(earlier), strings.TrimSpace(later)}, of: map[[2]string]float64{}}
		rows, columns := scoreRule{name: p.Rule, decisions: l.named(p.Rule)}, scoreRule{name: p.For, decisions: l.named(p.For)}
		for _, r := range []scoreRule{rows, columns} {
			if len(r.decisions) == 0 {
				l.blameRule(at, r.name)
				return nil
			}
		}
		if p.steps = l.following(p.Recall); p.steps == 0 {
			at.Fail("no architecture decides %q before %q%s", p.Rule, p.For, l.otherWayRound(p.Recall))
			return nil
		}
		given := entries.Get(name).AnyMap()
		for _, option := range given.Keys() {
			rows.has(option, given.KeyValue(option))
			row := columns
			row.read(given.Get(option), maxScore)
			for i, then := range row.options {
				p.of[[2]string{option, then}] = row.scores[i]
			}
		}
		if len(p.of) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// following returns how many decisions that For names an architecture meets at most behind one that Rule names.
func (l *Lattice) following(r Recall) int {
	const never = -1
	met := make([]int, len(l.decisionOf)) // from the first that Rule names on
	for item := range met {
		met[item] = never
	}
	for item := l.root(); item > end; item-- {
		name := l.decisions[l.decisionOf[item]].Name
		behind := met[item]
		if behind >= 0 && meant(r.For, name) {
			behind++
		}
		if behind == never && meant(r.Rule, name) {
			behind = 0
		}
		for _, s := range l.after(item) {
			met[s.next] = max(met[s.next], behind)
		}
	}
	return max(0, met[end])
}

// otherWayRound is the end of a sentence about a pair that no architecture meets.
func (l *Lattice) otherWayRound(r Recall) string {
	if l.following(Recall{r.For, r.Rule}) == 0 {
		return ""
	}
	return "; the other way round, \"" + r.For + " > " + r.Rule + "\", there are some"
}
