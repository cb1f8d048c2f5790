package lattice

// outside returns the probability that a path takes each route: a pass from the root to the end, which sums the masses of all prefixes
// of paths that lead to a state, or that pay for a sum of completions.
func (m *masses) outside(t *table) []float64 {
	n := len(t.j.items)
	taken := make([]float64, len(t.j.routes))
	states, sums := make([][]float64, n), make([][]float64, n)
	for i := range states {
		states[i] = m.none(len(t.states[i]))
		if t.back[i] != nil {
			sums[i] = m.none(len(t.back[i].sums))
		}
	}
	root := t.j.root()
	all := m.states[root][0]
	states[root][0] = m.one()
	for i := root; i > end; i-- {
		if t.back[i] != nil {
			if len(t.states[i]) > 0 {
				m.payers(t, i, states[i], sums[i])
			}
			t.joins(i, func(of stride) {
				taken[of.route] += m.leadBack(sums[i], of.to, m.routes[of.route], sums[of.next][of.from:], m.sums[of.next][of.from:], all)
			})
			sums[i] = nil // nothing asks for them again
			continue
		}
		t.strides(i, func(of stride) {
			taken[of.route] += m.lead(states[i][of.from:], of.to, m.routes[of.route], states[of.next], m.states[of.next], all)
		})
		states[i] = nil
	}
	return taken
}

// lead adds masses of prefixes, times a weight, to the places where they lead, and returns the share in all of the paths that do so.
func (m *masses) lead(before []float64, to []int32, weight float64, into, behind []float64, all float64) float64 {
	sum := 0.0
	if m.logs {
		for s, at := range to {
			if at >= 0 {
				x := before[s] + weight
				into[at] = m.plus(into[at], x)
				sum += m.share(x+behind[at], all)
			}
		}
		return sum
	}
	for s, at := range to {
		if at >= 0 {
			x := before[s] * weight
			into[at] += x
			sum += x * behind[at]
		}
	}
	return sum / all
}

// leadBack is lead for completions: to says where in before each of into comes from.
func (m *masses) leadBack(before []float64, to []int32, weight float64, into, behind []float64, all float64) float64 {
	if !m.logs {
		sum := 0.0
		into, behind = into[:len(to)], behind[:len(to)]
		for s, at := range to {
			if at >= 0 {
				x := before[at] * weight
				into[s] += x
				sum += x * behind[s]
			}
		}
		return sum / all
	}
	sum := m.zero()
	for s, at := range to {
		if at >= 0 {
			x := m.times(before[at], weight)
			into[s] = m.plus(into[s], x)
			sum = m.plus(sum, m.times(x, behind[s]))
		}
	}
	return m.share(sum, all)
}

// payers is the transpose of affordable: for every completion the sum over the remaining budgets that pay for it.
func payers[T any](p *packing, have []remaining, c *completions, of []T, zero func() T, merge func(into *T, x T)) []T {
	out := make([]T, len(c.sums))
	next := len(have) - 1
	if len(p.fields) < 2 {
		sum := zero()
		for i := len(out) - 1; i >= 0; i-- {
			for ; next >= 0 && have[next] >= c.sums[i]; next-- {
				merge(&sum, of[next])
			}
			out[i] = sum
		}
		return out
	}
	minor, major := p.fields[0], p.fields[1]
	levels := minorLevels(have, minor)
	tree := make([]T, len(levels)+1) // sums from a level upwards: index 1 is the highest level
	for i := range tree {
		tree[i] = zero()
	}
	for i := len(out) - 1; i >= 0; i-- {
		for ; next >= 0 && have[next]>>major.shift >= c.sums[i]>>major.shift; next-- {
			for k := len(levels) - levels.at(have[next]&minor.mask); k < len(tree); k += k & -k {
				merge(&tree[k], of[next])
			}
		}
		out[i] = zero()
		for k := len(levels) - levels.at(c.sums[i]&minor.mask); k > 0; k &= k - 1 {
			merge(&out[i], tree[k])
		}
	}
	return out
}
