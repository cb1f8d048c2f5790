package lattice

import (
	"fmt"
	"math/big"
	"slices"
)

// Histogram counts the architectures of a region by a cost. Bin i holds those of a cost of at least Edges[i] and less than Edges[i+1].
type Histogram struct {
	Metric Metric
	Edges  []int64
	Counts []*big.Int
}

// Histogram returns the exact histogram of a cost over the region, in at most bins bins of equal width up to 1 that reach from the least
// cost to the greatest; fewer if there are fewer different whole numbers. It is one dynamic program that begins with the budgets of
// all bins at once, and a [*TooLargeError] if that takes too much memory.
func (r *Region) Histogram(m Metric, bins int) (Histogram, error) {
	metric, err := m.index()
	if err != nil {
		return Histogram{}, err
	}
	if bins < 1 {
		return Histogram{}, fmt.Errorf("a histogram of %d bins holds nothing", bins)
	}
	low, high := r.Range(m)
	span := new(big.Int).Add(big.NewInt(high-low), big.NewInt(1))
	if span.IsInt64() {
		bins = int(min(int64(bins), span.Int64()))
	}
	h := Histogram{Metric: m, Edges: make([]int64, bins+1), Counts: make([]*big.Int, bins)}
	for i := range h.Edges {
		part := new(big.Int).Mul(span, big.NewInt(int64(i)))
		h.Edges[i] = low + part.Quo(part, big.NewInt(int64(bins))).Int64()
	}
	upTo, err := r.countsUpTo(metric, h.Edges[1:])
	if err != nil {
		return Histogram{}, err
	}
	below := new(big.Int)
	for i, n := range upTo {
		h.Counts[i] = new(big.Int).Sub(n, below)
		below = n
	}
	return h, nil
}

// countsUpTo counts the architectures of the region that cost less than each of edges, which ascend.
func (r *Region) countsUpTo(metric int, edges []int64) ([]*big.Int, error) {
	l := r.lattice
	limits, err := tighten(r.limits)
	if err != nil {
		return nil, err
	}
	limits = slices.DeleteFunc(limits, func(l limit) bool { return l.metric == metric })
	limits = append(limits, limit{metric, edges[len(edges)-1] - 1})
	p, _, err := l.layout(limits)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(p.fields, func(f field) bool { return f.metric == metric })
	f := p.fields[at]
	starts := make([]purse, len(edges))
	for i, edge := range edges {
		units := min(uint64(edge-1-l.fixed[metric])/uint64(f.unit), p.full>>f.shift&f.mask)
		starts[i] = p.full&^(f.mask<<f.shift) | units<<f.shift
	}
	t, err := newTable(l, p, starts, effort{bytes: maxBytes})
	if err != nil {
		return nil, err
	}
	out := make([]*big.Int, len(edges))
	root := t.j.root()
	for i, start := range starts {
		f := finger{in: &t.found[root]}
		state, _ := f.find(t.purses.round(start, &t.measures[root]))
		out[i] = toBig(t.number(root, state))
	}
	return out, nil
}
