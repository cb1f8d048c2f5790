package lattice

import (
	"fmt"
	"slices"
)

// maxKnown is how many counters and recalls items have room for.
const maxKnown = 16

// state is what an item knows: of each counter its number, and then of each recall the number of an option, 0 for none.
type state [maxKnown]int32

func compareStates(a, b state) int { return slices.Compare(a[:], b[:]) }

// knowledge says what the places of a state mean.
type knowledge struct {
	tallies []Tally            // of the first places
	shares  []func(Step) int64 // of tallies
	recalls []Recall           // of the places behind
	options []Taken            // by the number of an option
	first   []int32            // the number of the first option, by decision
}

// knowing returns the lattice whose items know these too.
func (l *Lattice) knowing(tallies []Tally, recalls []Recall, bound int) (*Lattice, error) {
	k, err := l.learn(tallies, recalls)
	if err != nil || k == l.known {
		return l, err
	}
	plain := l.like()
	plain.known = nil
	plain.decisionOf, plain.first, plain.steps, plain.highest, plain.before = l.decisionOf, l.first, l.steps, l.highest, l.before
	plain.whole, plain.partOf = l.whole, l.partOf
	forget := k.forgetting(plain)
	u, err := unfold(plain, forget(state{}, plain.root()), func(now state, item, at int32) state {
		s := plain.step(item, at)
		return forget(k.after(now, s), int32(s.Next))
	}, compareStates, bound)
	if err != nil {
		return nil, err
	}
	u.lattice.known, u.lattice.knows = k, u.knows
	return u.lattice, nil
}

// learn returns what a lattice knows, and these too. If it knows them already, nothing is new.
func (l *Lattice) learn(tallies []Tally, recalls []Recall) (*knowledge, error) {
	var allTallies []Tally
	var allRecalls []Recall
	if l.known != nil {
		allTallies, allRecalls = slices.Clone(l.known.tallies), slices.Clone(l.known.recalls)
	}
	before, more := len(allTallies)+len(allRecalls), false
	for _, t := range tallies {
		at := slices.IndexFunc(allTallies, func(of Tally) bool { return of.Metric == t.Metric })
		switch {
		case at < 0:
			allTallies = append(allTallies, t)
		case allTallies[at] == t:
		case t.UpTo == 0 && !t.Total: // who knows every number to the last step knows all that was known before
			allTallies[at], more = t, true
		default:
			return nil, fmt.Errorf("the lattice of space %q knows %q already, and not in the same way", l.space.Name(), string(t.Metric))
		}
	}
	for _, r := range recalls {
		if !slices.Contains(allRecalls, r) {
			allRecalls = append(allRecalls, r)
		}
	}
	switch n := len(allTallies) + len(allRecalls); {
	case n == before && !more:
		return l.known, nil
	case n > maxKnown:
		return nil, fmt.Errorf("the items of a lattice have room for %d counters and pairs, and these are %d", maxKnown, n)
	}
	return l.knowledgeOf(allTallies, allRecalls), nil
}

// knowledgeOf returns the knowledge of these.
func (l *Lattice) knowledgeOf(tallies []Tally, recalls []Recall) *knowledge {
	k := &knowledge{tallies: tallies, recalls: recalls, options: []Taken{{}}}
	for _, t := range tallies {
		k.shares = append(k.shares, t.Metric.share())
	}
	for _, d := range l.decisions {
		k.first = append(k.first, int32(len(k.options)))
		for _, o := range d.Options {
			k.options = append(k.options, Taken{d.Name, o})
		}
	}
	return k
}

// after returns what is known behind a step.
func (k *knowledge) after(now state, s Step) state {
	for i := range k.tallies {
		now[i] = int32(k.count(i, int64(now[i]), s))
	}
	for i, r := range k.recalls {
		if meant(r.Rule, s.Decision) {
			now[len(k.tallies)+i] = k.first[s.lattice.decisionOf[s.Item]] + int32(s.Choice)
		}
	}
	return now
}

// count returns the number of a counter behind a step.
func (k *knowledge) count(tally int, before int64, s Step) int64 {
	n := before + k.shares[tally](s)
	if most := k.tallies[tally].UpTo; most > 0 {
		n = min(n, most)
	}
	return n
}

// forgetting returns the function that forgets what no step of an item, or behind it, asks for. A counter that is forgotten stands at the
// number from which on none is told apart.
func (k *knowledge) forgetting(l *Lattice) func(now state, item int32) state {
	asked := make([][maxKnown]bool, len(l.decisionOf))
	for item := int32(end + 1); item <= l.root(); item++ {
		for at := l.first[item]; at < l.first[item+1]; at++ {
			s := l.step(item, at)
			for i, t := range k.tallies {
				asked[item][i] = asked[item][i] || !t.Total || k.shares[i](s) != 0 || asked[s.Next][i]
			}
			for i, r := range k.recalls {
				place := len(k.tallies) + i
				later := asked[s.Next][place] && !meant(r.Rule, s.Decision) // and not replaced by this step
				asked[item][place] = asked[item][place] || meant(r.For, s.Decision) || later
			}
		}
	}
	return func(now state, item int32) state {
		for i := range len(k.tallies) + len(k.recalls) {
			switch {
			case asked[item][i]:
			case i < len(k.tallies):
				now[i] = int32(k.tallies[i].UpTo)
			default:
				now[i] = 0
			}
		}
		return now
	}
}

// likewise returns another lattice of the same decisions with what this one has beside its items: what was taken before them and what they
// know.
func (l *Lattice) likewise(other *Lattice) (*Lattice, error) {
	if l.before != nil {
		other = other.Chained()
	}
	if l.known == nil {
		return other, nil
	}
	return other.knowing(l.known.tallies, l.known.recalls, maxItems)
}

// Counter returns the number of a counter before and after the step, which a lattice made by [Lattice.Counted] knows. It panics if the
// lattice of the step does not. Where the number is forgotten, both are [Tally.UpTo].
func (s Step) Counter(m Metric) (before, after int64) {
	if s.known != nil {
		for i, t := range s.known.tallies {
			switch {
			case t.Metric != m:
			case s.Fixed:
				return 0, 0
			default:
				before := int64(s.state[i])
				return before, s.known.count(i, before, s)
			}
		}
	}
	panic(fmt.Sprintf("lattice: a step does not know %q, for its lattice was not made by Counted", string(m)))
}

// Last returns the last option taken before the step of the decisions of a rule, which a lattice made by [Lattice.Recalling] knows for
// the decisions that ask for it; empty if none was taken. It panics if this step does not.
func (s Step) Last(rule string) Taken {
	if s.Fixed {
		return Taken{}
	}
	if s.known != nil {
		for i, r := range s.known.recalls {
			if r.Rule == rule && meant(r.For, s.Decision) {
				return s.known.options[s.state[len(s.known.tallies)+i]]
			}
		}
	}
	panic(fmt.Sprintf("lattice: a step of %q does not know the last option of %q, for its lattice was not made by Recalling", s.Decision, rule))
}
