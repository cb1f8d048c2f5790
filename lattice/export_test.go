package lattice

import (
	"iter"

	"github.com/trellis-nas/trellis/space"
)

// WithinBytes is Within with another bound on memory.
func (l *Lattice) WithinBytes(bytes int, limits ...Limit) (*CountedRegion, error) {
	return l.within(limits, tableOptions{bytes: bytes})
}

// WithinForward is Within by the plain dynamic program, without meeting in the middle.
func (l *Lattice) WithinForward(limits ...Limit) (*CountedRegion, error) {
	return l.within(limits, tableOptions{bytes: l.memoryLimit, onlyForward: true})
}

// CompileItems is Compile with another bound on items.
func CompileItems(s *space.Space, items int) (*Lattice, error) {
	return newCompiler(s, items).compile()
}

// FrontOf is Front with another bound on points.
func (r *CountedRegion) FrontOf(bound int, m Metric, weight func(Step) float64) ([]FrontPoint, error) {
	return r.front(m, weight, 0, bound)
}

// BestOfStates is Best by the search over states, and not that over fronts.
func (r *CountedRegion) BestOfStates(weight func(Step) float64) iter.Seq[Scored] {
	return newSearch(r, weight).paths
}

// HistogramByBinTable is Histogram by a table that begins with the budgets of all bins, and not by a split.
func (r *CountedRegion) HistogramByBinTable(m Metric, bins int) (Histogram, error) {
	metric, err := r.lattice.index(m)
	if err != nil {
		return Histogram{}, err
	}
	low, high := r.Range(m)
	h := evenBins(m, low, high, bins)
	p, at, budgets, err := r.bounded(metric, h.Edges[1:])
	if err != nil {
		return Histogram{}, err
	}
	l, err := r.binTable(p, at, budgets, tableOptions{bytes: r.lattice.memoryLimit, onlyForward: true})
	if err != nil {
		return Histogram{}, err
	}
	h.Counts = l.counts()
	return h, nil
}

// TrackCountersItems is Counted with another bound on items.
func (l *Lattice) TrackCountersItems(items int, of ...TrackedCounter) (*Lattice, error) {
	return l.withContext(of, nil, items)
}
