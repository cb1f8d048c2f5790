package lattice

// extent is the least and the greatest of some costs; low > high means that there are none.
type extent struct{ low, high int64 }

var noExtent = extent{1 << 62, -1 << 62}

func (e extent) union(f extent) extent { return extent{min(e.low, f.low), max(e.high, f.high)} }

func (e extent) plus(cost int64) extent {
	if e.low > e.high {
		return e
	}
	return extent{e.low + cost, e.high + cost}
}

// Range returns the least and the greatest cost that architectures of the region have. It panics for a metric that a lattice does not
// have. It takes about as long as making the region.
func (r *Region) Range(m Metric) (least, greatest int64) {
	metric, err := m.index()
	if err != nil {
		panic(err)
	}
	t := r.table
	behind := t.extentsBack(metric)
	of := make([][]extent, len(t.states))
	for i, states := range t.states {
		if len(states) == 0 {
			continue
		}
		if t.back[i] != nil {
			of[i] = affordable(&t.purses, states, t.back[i], func(at int) extent { return behind[i][at] },
				func() extent { return noExtent }, func(into *extent, x extent) { *into = into.union(x) })
			continue
		}
		of[i] = make([]extent, len(states))
		for s := range of[i] {
			of[i][s] = noExtent
		}
		for at := t.j.first[i]; at < t.j.first[i+1]; at++ {
			route := &t.j.routes[at]
			f := finger{of: t.states[route.next]}
			for s, have := range states {
				if to, ok := t.follow(&f, have, at); ok {
					of[i][s] = of[i][s].union(of[route.next][to].plus(route.cost[metric]))
				}
			}
		}
	}
	all := of[t.j.root()][0].plus(r.lattice.fixed[metric])
	return all.low, all.high
}

// extentsBack returns the extent of a cost over the paths of each completion.
func (t *table) extentsBack(metric int) [][]extent {
	of := make([][]extent, len(t.back))
	for i, c := range t.back {
		if c == nil {
			continue
		}
		of[i] = make([]extent, len(c.sums))
		for s := range of[i] {
			of[i][s] = noExtent
		}
		if i == end {
			of[i][0] = extent{}
			continue
		}
		for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
			if t.prices[r] == noPrice {
				continue
			}
			route := &t.j.routes[r]
			f := finger{of: t.back[route.next].sums}
			if len(f.of) == 0 {
				continue
			}
			for s, sum := range c.sums {
				if rest, ok := t.purses.pay(sum, t.prices[r]); ok {
					if at, ok := f.find(rest); ok {
						of[i][s] = of[i][s].union(of[route.next][at].plus(route.cost[metric]))
					}
				}
			}
		}
	}
	return of
}
