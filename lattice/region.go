package lattice

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// maxStates bounds the states of a region: with counts of 64 bits half a gigabyte.
const maxStates = 1 << 25

// Region is the set of the architectures of a lattice that keep all of some limits. It is immutable and may be used from several
// goroutines at once. It is never empty.
type Region struct {
	lattice *Lattice
	limits  []Limit
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
func (l *Lattice) Within(limits ...Limit) (*Region, error) { return l.within(maxStates, limits) }

func (l *Lattice) within(bound int, limits []Limit) (*Region, error) {
	tight, err := tighten(limits)
	if err != nil {
		return nil, err
	}
	r, feasible, err := l.region(bound, tight)
	if err != nil {
		return nil, err
	}
	if !feasible {
		return nil, l.explain(bound, tight)
	}
	r.limits = slices.Clone(limits)
	return r, nil
}

// tighten returns the tightest limit on every metric, in the order of first mention.
func tighten(limits []Limit) ([]limit, error) {
	var out []limit
	for _, given := range limits {
		m, err := given.Metric.index()
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(out, func(l limit) bool { return l.metric == m })
		if at < 0 {
			out = append(out, limit{m, given.Max})
		} else {
			out[at].most = min(out[at].most, given.Max)
		}
	}
	return out, nil
}

// region returns the region of limits on different metrics, or false if it is empty.
func (l *Lattice) region(bound int, limits []limit) (*Region, bool, error) {
	p, feasible, err := l.layout(limits)
	if !feasible || err != nil {
		return nil, feasible, err
	}
	t, err := newTable(l, l.junctions(), p, l.Count(), bound)
	if err != nil {
		return nil, true, err
	}
	r := &Region{lattice: l, table: t}
	return r, !isZero(r.total()), nil
}

// explain returns the error of limits that cannot be met together.
func (l *Lattice) explain(bound int, limits []limit) error {
	var met []limit
	for _, next := range limits {
		with := append(slices.Clone(met), next)
		if _, feasible, err := l.region(bound, with); err != nil {
			return err
		} else if feasible {
			met = with
			continue
		}
		if alone := []limit{next}; len(met) > 0 {
			if _, feasible, err := l.region(bound, alone); err != nil {
				return err
			} else if !feasible {
				met = nil
			}
		}
		r, _, err := l.region(bound, met)
		if err != nil {
			return err
		}
		tightest, _ := r.Range(metrics[next.metric])
		failed := &InfeasibleError{Space: l.space.Name(), Limit: next.public(), Tightest: tightest}
		for _, other := range met {
			failed.Others = append(failed.Others, other.public())
		}
		return failed
	}
	return fmt.Errorf("limits of space %q are found infeasible together but not one by one", l.space.Name())
}

func (l limit) public() Limit { return Limit{metrics[l.metric], l.most} }

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

// States returns the number of states that the region holds.
func (r *Region) States() int {
	n := 0
	for _, s := range r.table.states {
		n += len(s)
	}
	return n
}

func (r *Region) total() []uint64 { return r.table.number(r.table.j.root(), 0) }

// Count returns the number of architectures in the region, exactly.
func (r *Region) Count() *big.Int { return toBig(r.total()) }

// Contains reports whether a is an architecture of the space and within all limits.
func (r *Region) Contains(a space.Arch) bool {
	sum := r.lattice.fixed
	if r.lattice.follow(a, func(_ int32, at int) { sum = sum.plus(r.lattice.steps[at].cost) }) != nil {
		return false
	}
	for _, l := range r.limits {
		if m, err := l.Metric.index(); err != nil || sum[m] > l.Max {
			return false
		}
	}
	return true
}

// Sample draws an architecture of the region, each with the same probability. Nothing is drawn in vain.
func (r *Region) Sample(random *rand.Rand) space.Arch {
	var room [8]uint64
	rank := room[:min(len(room), r.table.limbs)]
	if r.table.limbs > len(room) {
		rank = make([]uint64, r.table.limbs)
	}
	drawBelow(rank, r.total(), random)
	return r.unrank(rank)
}

// Unrank returns the architecture of a rank, counted from 0 in lexicographic order of the choices. It is an error if rank is negative
// or not less than Count.
func (r *Region) Unrank(rank *big.Int) (space.Arch, error) {
	if rank.Sign() < 0 || rank.Cmp(r.Count()) >= 0 {
		return space.Arch{}, fmt.Errorf("there is no architecture of rank %v; the ranks go from 0 to %v", rank, new(big.Int).Sub(r.Count(), big.NewInt(1)))
	}
	limbs := make([]uint64, r.table.limbs)
	fromBig(limbs, rank)
	return r.unrank(limbs), nil
}

// unrank returns the architecture of a rank less than the total, and destroys rank.
func (r *Region) unrank(rank []uint64) space.Arch {
	t := r.table
	var room [64]int
	choices := room[:0]
	junction, state := t.j.root(), 0
	for junction != end {
		have := t.states[junction][state]
		found := false
		for at := t.j.first[junction]; at < t.j.first[junction+1]; at++ {
			next := int(t.j.routes[at].next)
			to, ok := t.follow(&finger{of: t.states[next], at: len(t.states[next]) / 2}, have, at)
			if !ok || !takeFrom(rank, t.number(next, to)) {
				if !ok {
					continue
				}
				for _, s := range t.j.steps[t.j.routes[at].from:t.j.routes[at].to] {
					choices = append(choices, int(r.lattice.steps[s].choice))
				}
				junction, state, found = next, to, true
				break
			}
		}
		if !found {
			panic("lattice: a rank is beyond the count of its state")
		}
	}
	return space.NewArch(choices...)
}

// Rank returns the rank of an architecture of the region, or an error if it is not in the region.
func (r *Region) Rank(a space.Arch) (*big.Int, error) {
	if !r.Contains(a) {
		if err := r.lattice.follow(a, func(int32, int) {}); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("architecture %q of space %q is not within the limits %v", a, r.Space().Name(), r.limits)
	}
	var path []int32
	if err := r.lattice.follow(a, func(_ int32, at int) { path = append(path, int32(at)) }); err != nil {
		return nil, err
	}
	t := r.table
	rank := make([]uint64, t.limbs)
	junction, state := t.j.root(), 0
	for junction != end {
		have := t.states[junction][state]
		for at := t.j.first[junction]; at < t.j.first[junction+1]; at++ {
			route := &t.j.routes[at]
			next := int(route.next)
			to, ok := t.follow(&finger{of: t.states[next], at: len(t.states[next]) / 2}, have, at)
			steps := t.j.steps[route.from:route.to]
			if len(steps) <= len(path) && slices.Equal(steps, path[:len(steps)]) {
				if !ok {
					return nil, fmt.Errorf("architecture %q of space %q is not within the limits %v", a, r.Space().Name(), r.limits)
				}
				junction, state, path = next, to, path[len(steps):]
				break
			}
			if ok {
				addTo(rank, t.number(next, to))
			}
		}
	}
	return toBig(rank), nil
}

// Range returns the least and the greatest cost that architectures of the region have. It panics for a metric that a lattice does not have.
func (r *Region) Range(m Metric) (least, greatest int64) {
	index, err := m.index()
	if err != nil {
		panic(err)
	}
	t := r.table
	low, high := make([][]int64, len(t.states)), make([][]int64, len(t.states))
	for i, states := range t.states {
		low[i], high[i] = make([]int64, len(states)), make([]int64, len(states))
		if i == end {
			continue
		}
		for s := range states {
			low[i][s], high[i][s] = 1<<62, -1<<62
		}
		for at := t.j.first[i]; at < t.j.first[i+1]; at++ {
			route := &t.j.routes[at]
			f := finger{of: t.states[route.next]}
			for s, have := range states {
				to, ok := t.follow(&f, have, at)
				if !ok || isZero(t.number(int(route.next), to)) {
					continue
				}
				low[i][s] = min(low[i][s], route.cost[index]+low[route.next][to])
				high[i][s] = max(high[i][s], route.cost[index]+high[route.next][to])
			}
		}
	}
	root := t.j.root()
	return r.lattice.fixed[index] + low[root][0], r.lattice.fixed[index] + high[root][0]
}
