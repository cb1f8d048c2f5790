package lattice

import (
	"math/big"
	"slices"
)

// binTable is a table of a region whose root has a state for the upper budget of each bin of one more metric.
type binTable struct {
	table  *table
	states []int // of the root, by bin
}

// bounded returns the packing of the region with a further budget, less than each of edges, which ascend; the field of the metric; and by
// edge its budget in units of that.
func (r *CountedRegion) bounded(metric int, edges []int64) (p packing, at int, budgets []uint64, err error) {
	l := r.lattice
	limits := slices.DeleteFunc(slices.Clone(r.tight), func(l limit) bool { return l.metric == metric })
	limits = append(limits, limit{metric, edges[len(edges)-1] - 1})
	if p, err = l.layout(limits); err != nil {
		return p, 0, nil, err
	}
	at = slices.IndexFunc(p.fields, func(f field) bool { return f.metric == metric })
	f := p.fields[at]
	for _, edge := range edges {
		budgets = append(budgets, min(uint64(edge-1-l.fixed[metric])/uint64(f.unit), p.full>>f.shift&f.mask))
	}
	return p, at, budgets, nil
}

// binTable returns the bin table of budgets, in units of a field of the packing.
func (r *CountedRegion) binTable(p packing, at int, budgets []uint64, how tableOptions) (*binTable, error) {
	f := p.fields[at]
	starts := make([]remaining, len(budgets))
	for i, units := range budgets {
		starts[i] = p.full&^(f.mask<<f.shift) | units<<f.shift
	}
	p.full = starts[len(starts)-1]
	t, err := newTable(r.lattice, p, starts, how)
	if err != nil {
		return nil, err
	}
	out := &binTable{table: t}
	root := t.j.root()
	for _, start := range starts {
		f := cursor{in: &t.found[root]}
		state, _ := f.find(t.packing.round(start, &t.measures[root]))
		out.states = append(out.states, state)
	}
	return out, nil
}

// counts returns the number of architectures between each budget and the one before.
func (l *binTable) counts() []*big.Int {
	var out []*big.Int
	below := new(big.Int)
	for _, state := range l.states {
		n := toBig(l.table.number(l.table.j.root(), state))
		out = append(out, new(big.Int).Sub(n, below))
		below = n
	}
	return out
}
