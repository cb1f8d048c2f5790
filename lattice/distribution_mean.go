package lattice

// means carries sums of mass times value through a region whose masses are held as they are: all that the gradient of a mean needs, at a third
// of the cost of [momentPass]. So that nothing cancels, values are taken relative to a level of every junction, the plain mean of
// what follows: what they add up to along a path is then relative to the level of the root.
type means struct {
	m            *masses
	t            *table
	values       []float64 // of routes, relative
	level        float64   // of the root
	states, sums [][]float64
}

// meansOf returns the mean of a value over all paths and, for each route, its probability times the difference of the mean over the paths
// that take it from the mean over all.
func (g *Gibbs) meansOf(value func(Step) float64) (mean float64, of []float64) {
	t, l, m := g.region.table, g.region.lattice, g.masses
	steps := make([]float64, len(l.steps))
	l.eachStep(func(item, at int32) { steps[at] = value(l.step(item, at)) })
	p := means{m: m, t: t}
	p.relate(steps)
	p.inside()
	root := t.j.root()
	all := m.states[root][0]
	shift := p.states[root][0] / all
	of = p.outside(all)
	for r, taken := range g.routesTaken() {
		of[r] -= taken * shift
	}
	return p.level + shift + value(l.fixedStep()), of
}

// relate finds the levels of the junctions and the values of the routes relative to them.
func (p *means) relate(steps []float64) {
	j := p.t.j
	p.values = make([]float64, len(j.routes))
	levels := make([]float64, len(j.items))
	for i := range j.items {
		n := 0
		for r := j.first[i]; r < j.first[i+1]; r++ {
			route := &j.routes[r]
			for _, at := range j.steps[route.from:route.to] {
				p.values[r] += steps[at]
			}
			if p.m.routes[r] == 0 { // forbidden, and perhaps without a value
				p.values[r] = 0
				continue
			}
			levels[i] += p.values[r] + levels[route.next]
			n++
		}
		levels[i] /= float64(max(1, n))
		for r := j.first[i]; r < j.first[i+1]; r++ {
			p.values[r] += levels[j.routes[r].next] - levels[i]
		}
	}
	p.level = levels[j.root()]
}

// inside finds the sums of mass times value behind every state and completion.
func (p *means) inside() {
	t, m := p.t, p.m
	p.states, p.sums = make([][]float64, len(t.j.items)), make([][]float64, len(t.j.items))
	for i := range t.j.items {
		if c := t.back[i]; c != nil {
			of := make([]float64, len(c.sums))
			t.joins(i, func(on stride) {
				weight, value := m.routes[on.route], p.values[on.route]
				masses, sums := m.sums[on.next][on.from:], p.sums[on.next][on.from:]
				masses, sums = masses[:len(on.to)], sums[:len(on.to)]
				for s, at := range on.to {
					if at >= 0 {
						of[at] += weight * (sums[s] + value*masses[s])
					}
				}
			})
			p.sums[i] = of
			if len(t.states[i]) > 0 {
				p.states[i] = m.payable(t, i, of)
			}
			continue
		}
		out := make([]float64, len(t.states[i]))
		t.strides(i, func(on stride) {
			weight, value := m.routes[on.route], p.values[on.route]
			masses, sums, into := m.states[on.next], p.states[on.next], out[on.from:]
			for s, at := range on.to {
				if at >= 0 {
					into[s] += weight * (sums[at] + value*masses[at])
				}
			}
		})
		p.states[i] = out
	}
}

// outside returns, for each route, the sum of mass times value over the paths that take it, as a share of all.
func (p *means) outside(all float64) []float64 {
	t, m := p.t, p.m
	n := len(t.j.items)
	taken := make([]float64, len(t.j.routes))
	masses, values := make([][]float64, n), make([][]float64, n) // of states, or of completions
	for i := range masses {
		held := len(t.states[i])
		if t.back[i] != nil {
			held = len(t.back[i].sums)
		}
		masses[i], values[i] = make([]float64, held), make([]float64, held)
	}
	paid := make([][]float64, n) // of the states of junctions with completions
	worth := make([][]float64, n)
	for i := range paid {
		paid[i], worth[i] = masses[i], values[i]
		if t.back[i] != nil {
			paid[i], worth[i] = make([]float64, len(t.states[i])), make([]float64, len(t.states[i]))
		}
	}
	paid[t.j.root()][0] = 1
	for i := t.j.root(); i > end; i-- {
		if t.back[i] == nil {
			t.strides(i, func(on stride) {
				weight, value := m.routes[on.route], p.values[on.route]
				before, along := masses[i][on.from:], values[i][on.from:]
				into, worth := paid[on.next], worth[on.next]
				behind, sums := m.states[on.next], p.states[on.next]
				sum := 0.0
				for s, at := range on.to {
					if at >= 0 {
						x := before[s] * weight
						y := along[s]*weight + x*value
						into[at] += x
						worth[at] += y
						sum += x*sums[at] + y*behind[at]
					}
				}
				taken[on.route] += sum / all
			})
			masses[i], values[i], paid[i], worth[i] = nil, nil, nil, nil
			continue
		}
		if len(t.states[i]) > 0 {
			m.payers(t, i, paid[i], masses[i])
			m.payers(t, i, worth[i], values[i])
		}
		t.joins(i, func(on stride) {
			weight, value := m.routes[on.route], p.values[on.route]
			into, worth := masses[on.next][on.from:], values[on.next][on.from:]
			behind, sums := m.sums[on.next][on.from:], p.sums[on.next][on.from:]
			into, worth, behind, sums = into[:len(on.to)], worth[:len(on.to)], behind[:len(on.to)], sums[:len(on.to)]
			sum := 0.0
			for s, at := range on.to {
				if at >= 0 {
					x := masses[i][at] * weight
					y := values[i][at]*weight + x*value
					into[s] += x
					worth[s] += y
					sum += x*sums[s] + y*behind[s]
				}
			}
			taken[on.route] += sum / all
		})
		masses[i], values[i], paid[i], worth[i] = nil, nil, nil, nil
	}
	return taken
}
