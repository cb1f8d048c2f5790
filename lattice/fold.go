package lattice

// Step is one step of a path, as weights see it. The first step of every path is the fixed one: it decides nothing and bears what all
// architectures cost.
type Step struct {
	Fixed    bool
	Decision string // the name of the decision; empty for the fixed step
	Option   string // the label of the option taken
	Choice   int    // its index
	Before   Taken  // the step before, in a lattice with previous options; empty for the first decision
	Item     int    // the item that the step leaves, less than the number of items
	Next     int    // the item that it leads to
	at       int32  // of the steps of the lattice
	context  *pathContext
	values   *contextValues // what the item stores
	cost     costs
	lattice  *Lattice
}

// Cost returns the step's share of a cost. Only the sum along a whole path, with the fixed step, means anything: the share of a step
// may hold costs of parts of the network that follow from it much later. For a metric that a lattice does not have it is 0.
func (s Step) Cost(m Metric) int64 {
	if s.lattice == nil {
		return 0
	}
	i, err := s.lattice.index(m)
	if err != nil {
		return 0
	}
	return s.cost[i]
}

// Fold returns the sum over all architectures of the product of the weights of their steps: the value of the root of
//
//	value(end) = one,   value(item) = Σ weight(step) · value(step.Next) over the steps of the item,
//
// times the weight of the fixed step. Products are taken from left to right in the order of the path and sums in the order of the
// choices. It costs one Plus and one Times for each step of the lattice.
func Fold[W any](l *Lattice, sr Semiring[W], weight func(Step) W) W {
	values := foldAll(l, sr, weight)
	return sr.Times(weight(l.fixedStep()), values[l.root()])
}

// foldAll returns the value of every item.
func foldAll[W any](l *Lattice, sr Semiring[W], weight func(Step) W) []W {
	values := make([]W, len(l.decisionOf))
	values[end] = sr.One()
	for item := int32(end + 1); item <= l.root(); item++ {
		sum := sr.Zero()
		for at := l.first[item]; at < l.first[item+1]; at++ {
			s := l.step(item, at)
			sum = sr.Plus(sum, sr.Times(weight(s), values[s.Next]))
		}
		values[item] = sum
	}
	return values
}

// step returns a step as weights see it.
func (l *Lattice) step(item, at int32) Step {
	s := &l.steps[at]
	d := &l.decisions[l.decisionOf[item]]
	out := Step{Decision: d.Name, Option: d.Options[s.choice], Choice: int(s.choice), Before: l.previousOf(item), Item: int(item), Next: int(s.next), at: at, cost: s.cost, lattice: l}
	if l.context != nil {
		out.context, out.values = l.context, &l.contexts[item]
	}
	return out
}

// fixedStep returns the first step of every path.
func (l *Lattice) fixedStep() Step {
	return Step{Fixed: true, Item: int(l.root()), Next: int(l.root()), cost: l.fixed, lattice: l, context: l.context}
}
