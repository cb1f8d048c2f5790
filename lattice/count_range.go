package lattice

// extent is the least and the greatest of some costs; low > high means that there are none.
type extent struct{ low, high int64 }

// extents is the semiring of extents: Plus is the union, Times adds the ends.
type extents struct{}

func (extents) Zero() extent { return extent{1 << 62, -1 << 62} }

func (extents) One() extent { return extent{} }

func (extents) Plus(a, b extent) extent { return extent{min(a.low, b.low), max(a.high, b.high)} }

func (e extents) Times(a, b extent) extent {
	if a.low > a.high || b.low > b.high {
		return e.Zero()
	}
	return extent{a.low + b.low, a.high + b.high}
}

// Range returns the least and the greatest cost that architectures of the region have. It panics for a metric that a lattice does not
// have, and where [CountedRegion.MemoryRange] returns an error. It takes about as long as making the region.
func (r *CountedRegion) Range(m Metric) (least, greatest int64) {
	if m == Memory {
		least, greatest, err := r.MemoryRange()
		if err != nil {
			panic(err)
		}
		return least, greatest
	}
	r, err := r.withComponent(m)
	if err != nil {
		panic(err)
	}
	index, err := r.lattice.index(m)
	if err != nil {
		panic(err)
	}
	all := r.extent(index)
	return all.low, all.high
}

// extent returns the least and the greatest of a component.
func (r *CountedRegion) extent(component int) extent {
	return FoldWithin(r, extents{}, func(s Step) extent { return extent{s.cost[component], s.cost[component]} })
}
