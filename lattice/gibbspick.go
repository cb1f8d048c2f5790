package lattice

import (
	"math"
	"math/rand/v2"
)

// pick draws one of the completions that a purse pays for: first one of the boxes that it pays for as a whole, or of the completions in
// boxes that it pays for in part, and then downwards in that box.
func (g *Gibbs) pick(junction int, have purse, random *rand.Rand) int {
	b := g.region.table.tree(junction)
	logs := g.boxLogs(junction, b)
	values := g.values.sums[junction]
	var parts []part
	parts = b.parts(0, have, parts)
	total := LogSum{}.Zero()
	for i := range parts {
		parts[i].log = values[parts[i].at]
		if parts[i].box {
			parts[i].log = logs[parts[i].at]
		}
		total = LogSum{}.Plus(total, parts[i].log)
	}
	d := draw{random: random, total: total}
	var chosen part
	for _, p := range parts {
		if d.offer(p.log) {
			chosen = p
		}
	}
	d.mustHaveDrawn()
	for chosen.box {
		n := &b.nodes[chosen.at]
		d := draw{random: random, total: logs[chosen.at]}
		next := chosen
		if left := 2*chosen.at + 1; left < len(b.nodes) {
			for child := left; child <= left+1; child++ {
				if d.offer(logs[child]) {
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
	box bool
	at  int
	log float64
}

// parts appends the parts of a node that a purse pays for.
func (b *boxes) parts(node int, have purse, to []part) []part {
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

// boxLogs returns the logarithm of the sum of every box of a junction.
func (g *Gibbs) boxLogs(junction int, b *boxes) []float64 {
	g.opened[junction].Do(func() {
		logs := make([]float64, len(b.nodes))
		for i := len(b.nodes) - 1; i >= 0; i-- {
			if 2*i+1 < len(b.nodes) {
				logs[i] = LogSum{}.Plus(logs[2*i+1], logs[2*i+2])
				continue
			}
			logs[i] = math.Inf(-1)
			for _, at := range b.order[b.nodes[i].from:b.nodes[i].to] {
				logs[i] = LogSum{}.Plus(logs[i], g.values.sums[junction][at])
			}
		}
		g.logs[junction] = logs
	})
	return g.logs[junction]
}
