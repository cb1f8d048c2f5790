package lattice

import "math/rand/v2"

// pick draws one of the completions that a remaining budget pays for: first one of the boxes that it pays for as a whole, or of the completions in
// boxes that it pays for in part, and then downwards in that box.
func (g *Gibbs) pick(junction int, have remaining, random *rand.Rand) int {
	b := g.region.table.tree(junction)
	held := g.boxMasses(junction, b)
	values := g.masses.sums[junction]
	var parts []part
	parts = b.parts(0, have, parts)
	total := g.masses.zero()
	for i := range parts {
		parts[i].mass = values[parts[i].at]
		if parts[i].box {
			parts[i].mass = held[parts[i].at]
		}
		total = g.masses.plus(total, parts[i].mass)
	}
	d := draw{random: random, masses: g.masses, total: total}
	var chosen part
	for _, p := range parts {
		if d.offer(p.mass) {
			chosen = p
		}
	}
	d.mustHaveDrawn()
	for chosen.box {
		n := &b.nodes[chosen.at]
		d := draw{random: random, masses: g.masses, total: held[chosen.at]}
		next := chosen
		if left := 2*chosen.at + 1; left < len(b.nodes) {
			for child := left; child <= left+1; child++ {
				if d.offer(held[child]) {
					next = part{box: true, at: child}
				}
			}
		} else {
			for _, at := range b.order[n.from:n.to] {
				if d.offer(values[at]) {
					next = part{at: int(at)}
				}
			}
		}
		d.mustHaveDrawn()
		chosen = next
	}
	return chosen.at
}

// part is a box all of which is paid for, or a single completion.
type part struct {
	box  bool
	at   int
	mass float64
}

// parts appends the parts of a node that a remaining budget pays for.
func (b *boxes) parts(node int, have remaining, to []part) []part {
	n := &b.nodes[node]
	switch {
	case n.from == n.to || !b.pays(have, n.low):
	case b.pays(have, n.high):
		to = append(to, part{box: true, at: node})
	case 2*node+1 < len(b.nodes):
		to = b.parts(2*node+2, have, b.parts(2*node+1, have, to))
	default:
		for _, at := range b.order[n.from:n.to] {
			if b.pays(have, b.c.sums[at]) {
				to = append(to, part{at: int(at)})
			}
		}
	}
	return to
}

// boxMasses returns the mass of every box of a junction.
func (g *Gibbs) boxMasses(junction int, b *boxes) []float64 {
	g.opened[junction].Do(func() {
		m := g.masses
		held := m.none(len(b.nodes))
		for i := len(b.nodes) - 1; i >= 0; i-- {
			if 2*i+1 < len(b.nodes) {
				held[i] = m.plus(held[2*i+1], held[2*i+2])
				continue
			}
			for _, at := range b.order[b.nodes[i].from:b.nodes[i].to] {
				held[i] = m.plus(held[i], m.sums[junction][at])
			}
		}
		g.boxes[junction] = held
	})
	return g.boxes[junction]
}
