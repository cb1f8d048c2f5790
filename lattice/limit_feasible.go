package lattice

import (
	"errors"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// FeasibleSet is the set of the architectures of a lattice that keep all of some limits, uncounted; [CountedRegion] is the same with counts.
// Under two limits that both leave much open, a region holds one count for every different sum of costs, which may be too many; the best
// and the cheapest architecture need only the Pareto fronts behind the items, which are far smaller. A feasible set is immutable and may be
// used from several goroutines at once. It is never empty.
type FeasibleSet struct {
	lattice *Lattice
	limits  []Limit
	tight   []limit // what they mean
}

// limit is a Limit with the index of its metric.
type limit struct {
	metric int
	most   int64
}

// Feasible returns the architectures that keep all of the limits, uncounted. Of several limits on one metric the tightest counts. It is an
// [*InfeasibleError] if there is none, a [*TooLargeError] if that takes too many points of fronts to say, which more than two
// limits may, and another error for a metric that does not exist.
func (l *Lattice) Feasible(limits ...Limit) (*FeasibleSet, error) {
	o, err := l.unchecked(limits)
	if err != nil {
		return nil, err
	}
	if err := o.check(l.maxPoints()); err != nil {
		return nil, err
	}
	return o, nil
}

// unchecked returns a feasible set that may be empty, but for a limit on memory that nothing keeps.
func (l *Lattice) unchecked(limits []Limit) (*FeasibleSet, error) {
	sums := slices.DeleteFunc(slices.Clone(limits), func(l Limit) bool { return l.Metric == Memory })
	if len(sums) < len(limits) {
		memory, err := tightestPeakLimit(limits)
		if err != nil {
			return nil, err
		}
		if l, err = l.withinMemory(memory.Max); err != nil {
			return nil, err
		}
	}
	l, tight, err := l.tighten(sums)
	if err != nil {
		return nil, err
	}
	return &FeasibleSet{lattice: l, limits: l.written(limits), tight: tight}, nil
}

// check returns an *InfeasibleError if nothing keeps the limits, with the first of them that cannot be met together with those before. It finds
// fronts of at most bound points, and where they cannot decide it, one architecture that keeps all limits.
func (o *FeasibleSet) check(bound int) error {
	for _, alone := range o.tight {
		if least := o.lattice.fixed[alone.metric]; least > alone.most {
			return o.infeasible(alone, least, nil)
		}
	}
	for n, of := range o.tight {
		least, err := o.lattice.least(of.metric, o.tight[:n], bound)
		switch {
		case errors.Is(err, errUndecided):
			return o.seek(bound)
		case err != nil:
			return err
		case least > of.most:
			return o.infeasible(of, least, o.tight[:n])
		}
	}
	return nil
}

// seek is check by search.
func (o *FeasibleSet) seek(bound int) error {
	s, err := o.scoreBounds(func(Step) float64 { return 0 }, o.lattice.limitGroups(o.tight), bound)
	if err != nil {
		return err
	}
	for _, err := range s.paths(o.lattice.partials()) {
		return err
	}
	return o.explain(tableOptions{bytes: o.lattice.memoryLimit})
}

// infeasible returns the error of a limit of which others leave least at the least.
func (o *FeasibleSet) infeasible(of limit, least int64, others []limit) error {
	l := o.lattice
	failed := &InfeasibleError{Space: l.space.Name(), Limit: l.public(of), Tightest: l.public(limit{of.metric, least}).bound()}
	for _, other := range others {
		failed.Others = append(failed.Others, l.public(other))
	}
	if len(o.sums()) < len(o.limits) {
		memory, _ := tightestPeakLimit(o.limits) // read before
		failed.Others = append(failed.Others, memory)
	}
	return failed
}

// sums returns the limits but those on memory.
func (o *FeasibleSet) sums() []Limit {
	return slices.DeleteFunc(slices.Clone(o.limits), func(l Limit) bool { return l.Metric == Memory })
}

// Counted returns the same architectures, counted: what [Lattice.Within] returns for the limits.
func (o *FeasibleSet) Counted() (*CountedRegion, error) {
	return o.lattice.within(o.sums(), tableOptions{bytes: o.lattice.memoryLimit})
}

// Lattice returns the lattice that the architectures are a part of.
func (o *FeasibleSet) Lattice() *Lattice { return o.lattice }

// Space returns the space that the architectures are a part of.
func (o *FeasibleSet) Space() *space.Space { return o.lattice.space }

// Limits returns the limits that were given.
func (o *FeasibleSet) Limits() []Limit { return slices.Clone(o.limits) }

// withComponent returns the feasible set with a counter as a metric of its lattice, if m is one.
func (o *FeasibleSet) withComponent(m Metric) (*FeasibleSet, error) {
	l, _, err := o.lattice.withComponent(m)
	if err != nil {
		return nil, err
	}
	return &FeasibleSet{lattice: l, limits: o.limits, tight: o.tight}, nil
}

// in returns the architectures that a lattice within a limit on memory has too; nil if there are none.
func (o *FeasibleSet) in(l *Lattice) (*FeasibleSet, error) {
	if l == nil {
		return nil, nil
	}
	part, err := l.Feasible(o.sums()...)
	var infeasible *InfeasibleError
	if errors.As(err, &infeasible) {
		return nil, nil
	}
	return part, err
}

// Contains reports whether a is an architecture of the space and within all limits.
func (o *FeasibleSet) Contains(a space.Arch) bool {
	sum := o.lattice.fixed
	if o.lattice.follow(a, func(_ int32, at int) { sum = sum.plus(o.lattice.steps[at].cost) }) != nil {
		return false
	}
	_, _, exceeds := o.exceeded(sum)
	return !exceeds
}

// broken returns the first limit that a path does not keep, and what it spends.
func (o *FeasibleSet) broken(path []int32) (Limit, int64, bool) {
	sum := o.lattice.fixed
	for _, at := range path {
		sum = sum.plus(o.lattice.steps[at].cost)
	}
	return o.exceeded(sum)
}

// exceeded returns the first limit that costs do not keep, and what they spend.
func (o *FeasibleSet) exceeded(sum costs) (Limit, int64, bool) {
	for _, limit := range o.tight {
		if sum[limit.metric] > limit.most {
			return o.lattice.public(limit), o.lattice.spent(sum, limit.metric), true
		}
	}
	return Limit{}, 0, false
}
