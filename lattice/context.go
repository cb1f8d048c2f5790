package lattice

import (
	"fmt"
	"slices"
)

// maxContext is how many counters and remembered options an item can hold.
const maxContext = 16

// contextValues is what an item stores of the path prefixes that lead to it: the number of each counter, and then the number of each remembered
// option, 0 for none. If depth is tracked and "*.kernel" remembered, the prefix "depth=2 kernel=k5" leaves {2, number of k5}, and
// so does "depth=1 kernel=k3 depth=1 kernel=k5": if the plain lattice has one item for both, so has this one. What no later step reads is
// cleared, so that more prefixes share items.
type contextValues [maxContext]int32

func compareStates(a, b contextValues) int { return slices.Compare(a[:], b[:]) }

// pathContext says what the places of a state mean.
type pathContext struct {
	counters   []TrackedCounter   // of the first places
	shares     []func(Step) int64 // of tracked counters
	remembered []RememberedOption // of the places behind
	options    []Taken            // by the number of an option
	first      []int32            // the number of the first option, by decision
}

// withContext returns the lattice whose items know these too.
func (l *Lattice) withContext(counters []TrackedCounter, remembered []RememberedOption, bound int) (*Lattice, error) {
	k, err := l.mergedContext(counters, remembered)
	if err != nil || k == l.context {
		return l, err
	}
	plain := l.like()
	plain.context = nil
	plain.decisionOf, plain.first, plain.steps, plain.highest, plain.previous = l.decisionOf, l.first, l.steps, l.highest, l.previous
	plain.whole, plain.partOf = l.whole, l.partOf
	forget := k.pruning(plain)
	u, err := unfold(plain, forget(contextValues{}, plain.root()), func(now contextValues, item, at int32) contextValues {
		s := plain.step(item, at)
		return forget(k.after(now, s), int32(s.Next))
	}, compareStates, bound)
	if err != nil {
		return nil, err
	}
	u.lattice.context, u.lattice.contexts = k, u.contexts
	return u.lattice, nil
}

// mergedContext returns the context of a lattice with these added; if it has them, its own.
func (l *Lattice) mergedContext(counters []TrackedCounter, remembered []RememberedOption) (*pathContext, error) {
	var allTallies []TrackedCounter
	var allRecalls []RememberedOption
	if l.context != nil {
		allTallies, allRecalls = slices.Clone(l.context.counters), slices.Clone(l.context.remembered)
	}
	before, more := len(allTallies)+len(allRecalls), false
	for _, t := range counters {
		at := slices.IndexFunc(allTallies, func(of TrackedCounter) bool { return of.Metric == t.Metric })
		switch {
		case at < 0:
			allTallies = append(allTallies, t)
		case allTallies[at] == t:
		case t.UpTo == 0 && !t.Total: // every number up to the last step: whatever was tracked before is part of that
			allTallies[at], more = t, true
		default:
			return nil, fmt.Errorf("the lattice of space %q tracks %q already, in another way", l.space.Name(), string(t.Metric))
		}
	}
	for _, r := range remembered {
		if !slices.Contains(allRecalls, r) {
			allRecalls = append(allRecalls, r)
		}
	}
	switch n := len(allTallies) + len(allRecalls); {
	case n == before && !more:
		return l.context, nil
	case n > maxContext:
		return nil, fmt.Errorf("the items of a lattice hold at most %d counters and pairs, and these are %d", maxContext, n)
	}
	return l.newContext(allTallies, allRecalls), nil
}

// newContext returns the knowledge of these.
func (l *Lattice) newContext(counters []TrackedCounter, remembered []RememberedOption) *pathContext {
	k := &pathContext{counters: counters, remembered: remembered, options: []Taken{{}}}
	for _, t := range counters {
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

// after returns the values behind a step.
func (k *pathContext) after(now contextValues, s Step) contextValues {
	for i := range k.counters {
		now[i] = int32(k.count(i, int64(now[i]), s))
	}
	for i, r := range k.remembered {
		if meant(r.Rule, s.Decision) {
			now[len(k.counters)+i] = k.first[s.lattice.decisionOf[s.Item]] + int32(s.Choice)
		}
	}
	return now
}

// count returns the number of a counter behind a step.
func (k *pathContext) count(tally int, before int64, s Step) int64 {
	n := before + k.shares[tally](s)
	if most := k.counters[tally].UpTo; most > 0 {
		n = min(n, most)
	}
	return n
}

// pruning returns the function that forgets what no step of an item, or behind it, asks for. A counter that is forgotten stands at the
// number from which on all are the same.
func (k *pathContext) pruning(l *Lattice) func(now contextValues, item int32) contextValues {
	asked := make([][maxContext]bool, len(l.decisionOf))
	for item := int32(end + 1); item <= l.root(); item++ {
		for at := l.first[item]; at < l.first[item+1]; at++ {
			s := l.step(item, at)
			for i, t := range k.counters {
				asked[item][i] = asked[item][i] || !t.Total || k.shares[i](s) != 0 || asked[s.Next][i]
			}
			for i, r := range k.remembered {
				place := len(k.counters) + i
				later := asked[s.Next][place] && !meant(r.Rule, s.Decision) // and not replaced by this step
				asked[item][place] = asked[item][place] || meant(r.For, s.Decision) || later
			}
		}
	}
	return func(now contextValues, item int32) contextValues {
		for i := range len(k.counters) + len(k.remembered) {
			switch {
			case asked[item][i]:
			case i < len(k.counters):
				now[i] = int32(k.counters[i].UpTo)
			default:
				now[i] = 0
			}
		}
		return now
	}
}

// inContext returns another lattice of the same decisions with what this one has beside its items: what was taken before them and what they
// know.
func (l *Lattice) inContext(other *Lattice) (*Lattice, error) {
	if l.previous != nil {
		other = other.WithPrevious()
	}
	if l.context == nil {
		return other, nil
	}
	return other.withContext(l.context.counters, l.context.remembered, maxItems)
}

// Counter returns the number of a counter before and after the step, which a lattice made by [Lattice.TrackCounters] has. It panics if the
// lattice of the step does not. Where the number is forgotten, both are [TrackedCounter.UpTo].
func (s Step) Counter(m Metric) (before, after int64) {
	if s.context != nil {
		for i, t := range s.context.counters {
			switch {
			case t.Metric != m:
			case s.Fixed:
				return 0, 0
			default:
				before := int64(s.values[i])
				return before, s.context.count(i, before, s)
			}
		}
	}
	panic(fmt.Sprintf("lattice: a step does not have %q, for its lattice was not made by TrackCounters", string(m)))
}

// Last returns the last option taken before the step of the decisions of a rule, which a lattice made by [Lattice.Remember] has for
// the decisions that ask for it; empty if none was taken. It panics if this step does not.
func (s Step) Last(rule string) Taken {
	if s.Fixed {
		return Taken{}
	}
	if s.context != nil {
		for i, r := range s.context.remembered {
			if r.Rule == rule && meant(r.For, s.Decision) {
				return s.context.options[s.values[len(s.context.counters)+i]]
			}
		}
	}
	panic(fmt.Sprintf("lattice: a step of %q does not have the last option of %q, for its lattice was not made by Remember", s.Decision, rule))
}
