package lattice

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// Region is the set of the architectures of a lattice that keep all of some limits. It is immutable and may be used from several
// goroutines at once. It is never empty.
type Region struct {
	lattice *Lattice
	limits  []Limit
	tight   []limit // what they mean
	table   *table
}

// limit is a Limit with the index of its metric.
type limit struct {
	metric int
	most   int64
}

// Within returns the architectures that keep all of the limits; without limits, all. Of several limits on one metric the tightest
// counts. It is an [*InfeasibleError] if there is none, a [*TooLargeError] if an exact answer takes too much memory, and
// another error for a metric that does not exist.
//
// Beside the lattice it holds the states (item, what is left of the budgets) that paths reach, less those that are as good as others because no
// completion tells them apart; the count of completions is exact for each. Time and memory grow with the different sums of costs
// that beginnings and rests of paths have, not with the number of architectures.
func (l *Lattice) Within(limits ...Limit) (*Region, error) {
	return l.within(limits, effort{bytes: l.room})
}

// effort says how hard and how to try.
type effort struct {
	bytes       int  // that a table may hold
	onlyForward bool // without meeting in the middle
}

func (l *Lattice) within(limits []Limit, how effort) (*Region, error) {
	others := slices.DeleteFunc(slices.Clone(limits), func(l Limit) bool { return l.Metric == Memory })
	if len(others) == len(limits) {
		return l.withinSums(limits, how)
	}
	memory, err := memoryLimit(limits)
	if err != nil {
		return nil, err
	}
	if l, err = l.withinMemory(memory.Max); err != nil {
		return nil, err
	}
	r, err := l.withinSums(others, how)
	var infeasible *InfeasibleError
	if errors.As(err, &infeasible) {
		infeasible.Others = append(infeasible.Others, memory)
	}
	if err != nil {
		return nil, err
	}
	r.limits = r.lattice.written(limits)
	return r, nil
}

// withinSums is within for limits on sums along paths.
func (l *Lattice) withinSums(limits []Limit, how effort) (*Region, error) {
	l, tight, err := l.tighten(limits)
	if err != nil {
		return nil, err
	}
	r, feasible, err := l.region(tight, how)
	if err != nil {
		return nil, err
	}
	if !feasible {
		return nil, l.explain(tight, how)
	}
	r.limits, r.tight = l.written(limits), tight
	return r, nil
}

// written returns the limits with the units that their amounts are written in.
func (l *Lattice) written(limits []Limit) []Limit {
	out := slices.Clone(limits)
	for i := range out {
		if at, err := l.index(out[i].Metric); err == nil {
			out[i].of = l.meters[at]
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
		if l, m, err = l.having(given.Metric); err != nil {
			return nil, nil, err
		}
		if !given.unlimited() {
			add(m, given.Max)
		}
		if given.Min <= l.fixed[m] {
			continue
		}
		turned := slices.IndexFunc(l.meters, func(of *meter) bool { return of.negated && of.metric == given.Metric })
		if turned < 0 {
			turned = len(l.meters)
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

// region returns the region of limits on different metrics, or false if it is empty.
func (l *Lattice) region(limits []limit, how effort) (*Region, bool, error) {
	p, feasible, err := l.layout(limits)
	if !feasible || err != nil {
		return nil, feasible, err
	}
	t, err := newTable(l, p, []purse{p.full}, how)
	if err != nil {
		return nil, true, err
	}
	r := &Region{lattice: l, table: t}
	return r, !isZero(r.total()), nil
}

// explain returns the error of limits that cannot be met together.
func (l *Lattice) explain(limits []limit, how effort) error {
	for _, alone := range limits {
		if least := l.fixed[alone.metric]; least > alone.most {
			return l.infeasible(alone, least, nil)
		}
	}
	for n := range limits {
		_, feasible, err := l.region(limits[:n+1], how)
		if err != nil {
			return err
		}
		if feasible {
			continue
		}
		r, _, err := l.region(limits[:n], how)
		if err != nil {
			return err
		}
		return l.infeasible(limits[n], r.least(limits[n].metric), limits[:n])
	}
	return fmt.Errorf("limits of space %q are found infeasible together but not one by one", l.space.Name())
}

// infeasible returns the error of a limit of which others leave least at the least.
func (l *Lattice) infeasible(of limit, least int64, others []limit) error {
	failed := &InfeasibleError{Space: l.space.Name(), Limit: l.public(of), Tightest: l.public(limit{of.metric, least}).bound()}
	for _, other := range others {
		failed.Others = append(failed.Others, l.public(other))
	}
	return failed
}

// public returns the limit that one on a component means.
func (l *Lattice) public(of limit) Limit {
	m := l.meters[of.metric]
	if !m.negated {
		return Limit{Metric: m.metric, Max: of.most, of: m}
	}
	return Limit{Metric: m.metric, Min: l.spent(costs{}.with(of.metric, of.most), of.metric), Max: Unlimited, of: m}
}

// spent returns the cost of a metric, given the components: of one that is turned around, it is the greatest less that.
func (l *Lattice) spent(of costs, component int) int64 {
	m := l.meters[component]
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
	return Fold(l, Counting{}, func(Step) *big.Int { return one })
}

// Lattice returns the lattice that the region is a part of.
func (r *Region) Lattice() *Lattice { return r.lattice }

// Space returns the space that the region is a part of.
func (r *Region) Space() *space.Space { return r.lattice.space }

// Limits returns the limits that the region was made with.
func (r *Region) Limits() []Limit { return slices.Clone(r.limits) }

// States returns the number of states and of sums of completions that the region holds: its memory in units of 16 bytes, if counts
// fit into 64 bits.
func (r *Region) States() int { return r.table.size() }

func (r *Region) total() []uint64 { return r.table.number(r.table.j.root(), 0) }

// Count returns the number of architectures in the region, exactly.
func (r *Region) Count() *big.Int { return toBig(r.total()) }
