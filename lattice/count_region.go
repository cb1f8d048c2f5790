package lattice

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// CountedRegion is a [FeasibleSet] whose architectures are counted, so that they can be sampled, ranked and summed over. It is immutable and may
// be used from several goroutines at once. It is never empty.
type CountedRegion struct {
	FeasibleSet
	table *table
}

// Within returns the architectures that keep all of the limits; without limits, all. Of several limits on one metric the tightest
// counts. It is an [*InfeasibleError] if there is none, a [*TooLargeError] if an exact answer takes too much memory, and
// another error for a metric that does not exist.
//
// Beside the lattice it holds the states (item, what is left of the budgets) that paths reach, less those that are as good as others because no
// completion tells them apart; the count of completions is exact for each. Time and memory grow with the different sums of costs
// that prefixes and rests of paths have, not with the number of architectures.
func (l *Lattice) Within(limits ...Limit) (*CountedRegion, error) {
	return l.within(limits, tableOptions{bytes: l.memoryLimit})
}

// tableOptions say how a table is made.
type tableOptions struct {
	bytes       int  // that a table may hold
	onlyForward bool // without meeting in the middle
}

func (l *Lattice) within(limits []Limit, how tableOptions) (*CountedRegion, error) {
	o, err := l.unchecked(limits)
	if err != nil {
		return nil, err
	}
	var large *TooLargeError // then the count itself says whether there are any
	if err := o.check(l.maxPoints()); err != nil && !errors.As(err, &large) {
		return nil, err
	}
	r, err := o.counted(how)
	if err != nil {
		return nil, err
	}
	if isZero(r.total()) {
		return nil, o.explain(how)
	}
	return r, nil
}

// counted returns the region of a feasible set of which each limit can be met alone. It may be empty.
func (o *FeasibleSet) counted(how tableOptions) (*CountedRegion, error) {
	l := o.lattice
	p, err := l.layout(o.tight)
	if err != nil {
		return nil, err
	}
	t, err := newTable(l, p, []remaining{p.full}, how)
	if err != nil {
		return nil, err
	}
	return &CountedRegion{FeasibleSet: *o, table: t}, nil
}

// explain is check for a feasible set that is known to be empty, by counting.
func (o *FeasibleSet) explain(how tableOptions) error {
	before := &FeasibleSet{lattice: o.lattice}
	for n, of := range o.tight {
		met, err := before.counted(how)
		if err != nil {
			return err
		}
		if least := met.extent(of.metric).low; least > of.most {
			return o.infeasible(of, least, before.tight)
		}
		before.tight = o.tight[:n+1]
	}
	return fmt.Errorf("limits of space %q are found infeasible together but not one by one", o.lattice.space.Name())
}

// written returns the limits with the units that their amounts are written in.
func (l *Lattice) written(limits []Limit) []Limit {
	out := slices.Clone(limits)
	for i := range out {
		if at, err := l.index(out[i].Metric); err == nil {
			out[i].of = l.definitions[at]
		}
	}
	return out
}

// tighten returns the tightest limit on every component, in the order of first mention, and the lattice with the components that these need.
func (l *Lattice) tighten(limits []Limit) (*Lattice, []limit, error) {
	var out []limit
	add := func(m int, most int64) {
		at := slices.IndexFunc(out, func(l limit) bool { return l.metric == m })
		if at < 0 {
			out = append(out, limit{m, most})
		} else {
			out[at].most = min(out[at].most, most)
		}
	}
	for _, given := range limits {
		var m int
		var err error
		if l, m, err = l.withComponent(given.Metric); err != nil {
			return nil, nil, err
		}
		if !given.unlimited() {
			add(m, given.Max)
		}
		if given.Min <= l.fixed[m] {
			continue
		}
		turned := slices.IndexFunc(l.definitions, func(of *metricDefinition) bool { return of.negated && of.metric == given.Metric })
		if turned < 0 {
			turned = len(l.definitions)
			if l, err = l.atLeast(m); err != nil {
				return nil, nil, err
			}
		}
		add(turned, l.greatest(m)-given.Min)
	}
	return l, out, nil
}

// greatest returns the most that an architecture costs.
func (l *Lattice) greatest(metric int) int64 { return l.fixed[metric] + l.highest[l.root()][metric] }

// public returns the limit that one on a component means.
func (l *Lattice) public(of limit) Limit {
	m := l.definitions[of.metric]
	if !m.negated {
		return Limit{Metric: m.metric, Max: of.most, of: m}
	}
	return Limit{Metric: m.metric, Min: l.spent(costs{}.with(of.metric, of.most), of.metric), Max: Unlimited, of: m}
}

// spent returns the cost of a metric, given the components: of one that is turned around, it is the greatest less that.
func (l *Lattice) spent(of costs, component int) int64 {
	m := l.definitions[component]
	if !m.negated {
		return of[component]
	}
	plain, err := l.index(m.metric)
	if err != nil {
		panic(fmt.Sprintf("lattice: a limit from below on a metric that is not there: %v", err))
	}
	return l.greatest(plain) - of[component]
}

// Count returns the number of all architectures.
func (l *Lattice) Count() *big.Int {
	one := big.NewInt(1)
	return Fold(l, CountSemiring{}, func(Step) *big.Int { return one })
}

// withComponent returns the region with a counter as a metric of its lattice, if m is one.
func (r *CountedRegion) withComponent(m Metric) (*CountedRegion, error) {
	o, err := r.FeasibleSet.withComponent(m)
	if err != nil {
		return nil, err
	}
	return &CountedRegion{FeasibleSet: *o, table: r.table}, nil
}

// States returns the number of states and of sums of completions that the region holds: its memory in units of 16 bytes, if counts
// fit into 64 bits.
func (r *CountedRegion) States() int { return r.table.size() }

func (r *CountedRegion) total() []uint64 { return r.table.number(r.table.j.root(), 0) }

// Count returns the number of architectures in the region, exactly.
func (r *CountedRegion) Count() *big.Int { return toBig(r.total()) }
