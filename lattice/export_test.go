package lattice

import (
	"iter"

	"github.com/trellis-nas/trellis/space"
)

// WithinBytes is Within with another bound on memory.
func (l *Lattice) WithinBytes(bytes int, limits ...Limit) (*Region, error) {
	return l.within(limits, effort{bytes: bytes})
}

// WithinForward is Within by the plain dynamic program, without meeting in the middle.
func (l *Lattice) WithinForward(limits ...Limit) (*Region, error) {
	return l.within(limits, effort{bytes: maxBytes, onlyForward: true})
}

// CompileItems is Compile with another bound on items.
func CompileItems(s *space.Space, items int) (*Lattice, error) {
	return newCompiler(s, items).compile()
}

// FrontOf is Front with another bound on points.
func (r *Region) FrontOf(bound int, m Metric, weight func(Step) float64) ([]Trade, error) {
	return r.front(m, weight, 0, bound)
}

// BestOfStates is Best by the search over states, and not that over fronts.
func (r *Region) BestOfStates(weight func(Step) float64) iter.Seq[Scored] {
	return drawn(newSearch(r, weight))
}
