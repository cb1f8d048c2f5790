package lattice

// moment is the mass of a set of paths, and the mean and the variance of a value that adds up along them.
type moment struct{ mass, mean, variance float64 }

// mix returns the moments of two sets of paths together.
func (m *masses) mix(a, b moment) moment {
	switch m.zero() {
	case b.mass:
		return a
	case a.mass:
		return b
	}
	sum := m.plus(a.mass, b.mass)
	q := m.share(b.mass, sum)
	d := b.mean - a.mean
	return moment{sum, a.mean + q*d, a.variance + q*(b.variance-a.variance) + q*(1-q)*d*d}
}

// follow returns the moments of paths of a, each followed by one of b.
func (m *masses) follow(a, b moment) moment {
	return moment{m.times(a.mass, b.mass), a.mean + b.mean, a.variance + b.variance}
}

func (m *masses) nothing() moment { return moment{mass: m.zero()} }

func (m *masses) nothings(n int) []moment {
	out := make([]moment, n)
	for i := range out {
		out[i].mass = m.zero()
	}
	return out
}

// momentsOf returns the moments of a value over all paths, and over the paths that take each route, whose mass is their probability.
func (g *Gibbs) momentsOf(value func(Step) float64) (moment, []moment) {
	t, l, m := g.region.table, g.region.lattice, g.masses
	p := momentPass{m: m, t: t, routes: make([]moment, len(t.j.routes))}
	steps := make([]float64, len(l.steps))
	l.eachStep(func(item, at int32) { steps[at] = value(l.step(item, at)) })
	for r, route := range t.j.routes {
		p.routes[r].mass = m.routes[r]
		for _, at := range t.j.steps[route.from:route.to] {
			p.routes[r].mean += steps[at]
		}
	}
	p.inside()
	all := p.states[t.j.root()][0]
	of := p.outside()
	fixed := value(l.fixedStep())
	for r := range of {
		of[r].mass = m.share(of[r].mass, all.mass)
		of[r].mean += fixed
	}
	all.mean += fixed
	all.mass = 1
	return all, of
}

// momentPass carries moments through a region.
type momentPass struct {
	m            *masses
	t            *table
	routes       []moment
	states, sums [][]moment
}

func (p *momentPass) merge(into *moment, x moment) { *into = p.m.mix(*into, x) }

// inside finds the moments of what follows every state and what makes up every sum.
func (p *momentPass) inside() {
	t := p.t
	p.states, p.sums = make([][]moment, len(t.j.items)), make([][]moment, len(t.j.items))
	for i := range t.j.items {
		if c := t.back[i]; c != nil {
			sums := p.m.nothings(len(c.sums))
			if i == end {
				sums[0].mass = p.m.one()
			}
			t.joins(i, func(of stride) {
				for s, x := range p.sums[of.next][of.from : of.from+len(of.to)] {
					if at := of.to[s]; at >= 0 {
						p.merge(&sums[at], p.m.follow(p.routes[of.route], x))
					}
				}
			})
			p.sums[i] = sums
			if len(t.states[i]) > 0 {
				p.states[i] = affordable(&t.packing, t.states[i], c, func(at int) moment { return sums[at] }, p.m.nothing, p.merge)
			}
			continue
		}
		states := p.m.nothings(len(t.states[i]))
		t.strides(i, func(of stride) { p.add(states[of.from:], of.to, p.routes[of.route], p.states[of.next]) })
		p.states[i] = states
	}
}

func (p *momentPass) add(into []moment, to []int32, weight moment, next []moment) {
	for s, at := range to {
		if at >= 0 {
			into[s] = p.m.mix(into[s], p.m.follow(weight, next[at]))
		}
	}
}

// outside finds the moments of all paths that take each route.
func (p *momentPass) outside() []moment {
	t := p.t
	n := len(t.j.items)
	taken := p.m.nothings(len(t.j.routes))
	states, sums := make([][]moment, n), make([][]moment, n)
	for i := range states {
		states[i] = p.m.nothings(len(t.states[i]))
		if t.back[i] != nil {
			sums[i] = p.m.nothings(len(t.back[i].sums))
		}
	}
	states[t.j.root()][0].mass = p.m.one()
	for i := t.j.root(); i > end; i-- {
		if c := t.back[i]; c != nil {
			if len(t.states[i]) > 0 {
				for at, x := range payers(&t.packing, t.states[i], c, states[i], p.m.nothing, p.merge) {
					p.merge(&sums[i][at], x)
				}
			}
			t.joins(i, func(of stride) {
				for s, at := range of.to {
					if at < 0 || sums[i][at].mass == p.m.zero() {
						continue
					}
					x := p.m.follow(sums[i][at], p.routes[of.route])
					p.merge(&sums[of.next][of.from+s], x)
					p.merge(&taken[of.route], p.m.follow(x, p.sums[of.next][of.from+s]))
				}
			})
			continue
		}
		t.strides(i, func(of stride) {
			p.lead(&taken[of.route], states[i][of.from:], of.to, p.routes[of.route], states[of.next], p.states[of.next])
		})
		states[i] = nil
	}
	return taken
}

func (p *momentPass) lead(taken *moment, before []moment, to []int32, weight moment, into, behind []moment) {
	for s, at := range to {
		if at < 0 || before[s].mass == p.m.zero() {
			continue
		}
		x := p.m.follow(before[s], weight)
		p.merge(&into[at], x)
		p.merge(taken, p.m.follow(x, behind[at]))
	}
}
