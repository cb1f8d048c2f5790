package lattice

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
// [Gibbs.LogPartition] with respect to the scores of options. They cost a second pass over the region, from the root to the end, once.
func (g *Gibbs) Marginals() []Marginal {
	l := g.region.lattice
	out, taken := l.marginals(), g.taken()
	l.eachStep(func(item, at int32) { out[l.decisionOf[item]].Probability[l.steps[at].choice] += taken[at] })
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
