package lattice

import "math"

// Marginal is what a distribution says about one decision: the probability of each option. They add up to the probability that the
// decision is met at all.
type Marginal struct {
	Decision    string
	Options     []string
	Probability []float64
}

// Met returns the probability that the decision is met.
func (m Marginal) Met() float64 {
	sum := 0.0
	for _, p := range m.Probability {
		sum += p
	}
	return sum
}

// Marginals returns the marginals of all decisions, in the order of [Lattice.Decisions]. They are also the gradient of
// [Gibbs.LogPartition] with respect to the weights, so that a distribution over paths can be trained by gradients. It costs about as
// much as making the region: a second pass, from the root to the end.
func (g *Gibbs) Marginals() []Marginal {
	l := g.region.lattice
	out := l.marginals()
	taken := g.outside()
	for item := int32(end + 1); item <= l.root(); item++ {
		for at := l.first[item]; at < l.first[item+1]; at++ {
			out[l.decisionOf[item]].Probability[l.steps[at].choice] += taken[at]
		}
	}
	return out
}

// marginals returns the marginals of all decisions, all probabilities 0.
func (l *Lattice) marginals() []Marginal {
	out := make([]Marginal, len(l.decisions))
	for i, d := range l.decisions {
		out[i] = Marginal{d.Name, d.Options, make([]float64, len(d.Options))}
	}
	return out
}

// outside returns the probability that a path takes each step of the lattice.
func (g *Gibbs) outside() []float64 {
	t, v := g.region.table, g.values
	taken := make([]float64, len(g.region.lattice.steps))
	take := func(r int32, log float64) {
		p := math.Exp(log - g.atRoot())
		for _, at := range t.j.steps[t.j.routes[r].from:t.j.routes[r].to] {
			taken[at] += p
		}
	}
	states, sums := make([][]float64, len(t.j.items)), make([][]float64, len(t.j.items))
	for i := range states {
		states[i] = nowhere(len(t.states[i]))
		if t.back[i] != nil {
			sums[i] = nowhere(len(t.back[i].sums))
		}
	}
	states[t.j.root()][0] = 0
	for i := t.j.root(); i > end; i-- {
		if c := t.back[i]; c != nil {
			for at, before := range payers(&t.purses, t.states[i], c, states[i]) {
				sums[i][at] = LogSum{}.Plus(sums[i][at], before)
			}
			for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
				next := t.j.routes[r].next
				if t.back[next] == nil {
					continue
				}
				t.eachRest(i, r, func(sum, rest int) {
					before := LogSum{}.Times(sums[i][sum], v.routes[r])
					sums[next][rest] = LogSum{}.Plus(sums[next][rest], before)
					take(r, LogSum{}.Times(before, v.sums[next][rest]))
				})
			}
			continue
		}
		for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
			next := t.j.routes[r].next
			f := finger{in: &t.found[next]}
			for s, have := range t.states[i] {
				if at, ok := t.follow(&f, have, r); ok {
					before := LogSum{}.Times(states[i][s], v.routes[r])
					states[next][at] = LogSum{}.Plus(states[next][at], before)
					take(r, LogSum{}.Times(before, v.states[next][at]))
				}
			}
		}
	}
	return taken
}

func nowhere(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Inf(-1)
	}
	return out
}

// payers is the transpose of affordable: for every completion the sum over the purses that pay for it.
func payers(p *purses, have []purse, c *completions, of []float64) []float64 {
	out := make([]float64, len(c.sums))
	plus := LogSum{}.Plus
	next := len(have) - 1
	if len(p.fields) < 2 {
		sum := math.Inf(-1)
		for i := len(out) - 1; i >= 0; i-- {
			for ; next >= 0 && have[next] >= c.sums[i]; next-- {
				sum = plus(sum, of[next])
			}
			out[i] = sum
		}
		return out
	}
	minor, major := p.fields[0], p.fields[1]
	levels := minorLevels(have, minor)
	tree := nowhere(len(levels) + 1) // sums from a level upwards: index 1 is the highest level
	for i := len(out) - 1; i >= 0; i-- {
		for ; next >= 0 && have[next]>>major.shift >= c.sums[i]>>major.shift; next-- {
			for k := len(levels) - levels.at(have[next]&minor.mask); k < len(tree); k += k & -k {
				tree[k] = plus(tree[k], of[next])
			}
		}
		out[i] = math.Inf(-1)
		for k := len(levels) - levels.at(c.sums[i]&minor.mask); k > 0; k &= k - 1 {
			out[i] = plus(out[i], tree[k])
		}
	}
	return out
}
