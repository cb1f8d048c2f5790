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
	if m == Memory {
		return r.memoryHistogram(bins)
	}
	h, _, _, err := r.histogram(m, bins)
	return h, err
}

// evenly returns an empty histogram from the least to the greatest cost.
func evenly(m Metric, low, high int64, bins int) Histogram {
	span := new(big.Int).Add(big.NewInt(high-low), big.NewInt(1))
	if span.IsInt64() {
		bins = int(min(int64(bins), span.Int64()))
	}
	h := Histogram{Metric: m, Edges: make([]int64, bins+1), Counts: make([]*big.Int, bins)}
	for i := range h.Edges {
		part := new(big.Int).Mul(span, big.NewInt(int64(i)))
		h.Edges[i] = low + part.Quo(part, big.NewInt(int64(bins))).Int64()
	}
	return h
}

// histogram returns the table too that the counts are from, and its states of the root: one for each upper edge.
func (r *Region) histogram(m Metric, bins int) (Histogram, *table, []int, error) {
	r, err := r.having(m)
	if err != nil {
		return Histogram{}, nil, nil, err
	}
	metric, err := r.lattice.index(m)
	if err != nil {
		return Histogram{}, nil, nil, err
	}
	if bins < 1 {
		return Histogram{}, nil, nil, fmt.Errorf("a histogram of %d bins holds nothing", bins)
	}
	low, high := r.Range(m)
	h := evenly(m, low, high, bins)
	t, starts, err := r.ladder(metric, h.Edges[1:])
	if err != nil {
		return Histogram{}, nil, nil, err
	}
	below := new(big.Int)
	for i, start := range starts {
		n := toBig(t.number(t.j.root(), start))
		h.Counts[i] = new(big.Int).Sub(n, below)
		below = n
	}
	return h, t, starts, nil
}

// ladder returns the table of the region with a further budget, less than each of edges, which ascend, and its states of the root for each.
func (r *Region) ladder(metric int, edges []int64) (*table, []int, error) {
	l := r.lattice
	limits := slices.DeleteFunc(slices.Clone(r.tight), func(l limit) bool { return l.metric == metric })
	limits = append(limits, limit{metric, edges[len(edges)-1] - 1})
	p, _, err := l.layout(limits)
	if err != nil {
		return nil, nil, err
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
		return nil, nil, err
	}
	states := make([]int, len(edges))
	root := t.j.root()
	for i, start := range starts {
		f := finger{in: &t.found[root]}
		states[i], _ = f.find(t.purses.round(start, &t.measures[root]))
	}
	return t, states, nil
}
