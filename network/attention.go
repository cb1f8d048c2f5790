package network

import "fmt"

// Attention is scaled dot-product attention with several heads (Vaswani et al. 2017) over the positions of its input,
// H·W of them in their order, with its projections: queries, keys and values of Heads·HeadDim channels each, then a
// projection back to the channels of the input. A zero HeadDim reads as channels divided by Heads.
//
// Inputs are the sequence itself; with Cross a second one to which the queries of the first attend; with Padded, last,
// the lengths of the sequence attended to, 1×1×1 (see [Lengths]), after which keys are left out. With Causal no position
// attends to a later one. A position that may attend to none gets zeros before the last projection.
//
// The weights of a self-attention lie as [C][3·Heads·HeadDim], queries first, and [Heads·HeadDim][C]; with Cross the
// first are [C][Heads·HeadDim] for the queries and [Cmemory][2·Heads·HeadDim] for keys and values. Every projection
// has a bias unless NoBias is set.
type Attention struct {
	Heads, HeadDim                int
	Causal, Cross, Padded, NoBias bool
}

// Kind returns "attention".
func (Attention) Kind() string { return "attention" }

// String returns the text form, as "attention(heads=4,causal)".
func (a Attention) String() string {
	var t opText
	t.number("heads", a.Heads)
	t.numberUnless("headdim", a.HeadDim, 0)
	t.flag("causal", a.Causal)
	t.flag("cross", a.Cross)
	t.flag("padded", a.Padded)
	t.flag("nobias", a.NoBias)
	return t.of("attention")
}

// Infer returns the shape of the first input.
func (a Attention) Infer(in []Shape) (Shape, error) {
	n := 1
	if a.Cross {
		n++
	}
	if a.Padded {
		n++
	}
	if err := takes(in, n); err != nil {
		return Shape{}, err
	}
	x, memory := in[0], a.memory(in)
	if err := atLeastOne("heads", a.Heads, maxElements); err != nil {
		return Shape{}, err
	}
	if a.HeadDim < 0 || a.HeadDim > maxElements {
		return Shape{}, fmt.Errorf("headdim is %d; it must be at least 1, or 0 for channels divided by heads", a.HeadDim)
	}
	if a.HeadDim == 0 && x.C%a.Heads != 0 {
		return Shape{}, fmt.Errorf("the %d channels of input %v cannot be divided among %d heads; set headdim", x.C, x, a.Heads)
	}
	if a.Padded && in[n-1] != Vector(1) {
		return Shape{}, fmt.Errorf("the lengths have shape %v; they need %v", in[n-1], Vector(1))
	}
	if a.Causal && positions(memory) != positions(x) {
		return Shape{}, fmt.Errorf("causal attention of %v to %v needs as many positions in both", x, memory)
	}
	dim := a.Dim(x)
	if err := checkCost("weights", 4, a.Heads, dim, max(x.C, memory.C)); err != nil {
		return Shape{}, err
	}
	if err := checkCost("MACs", 4, positions(x)+positions(memory), a.Heads, dim, max(x.C, memory.C, positions(memory))); err != nil {
		return Shape{}, err
	}
	if err := checkCost("elements", positions(x), 3, a.Heads, dim); err != nil {
		return Shape{}, err
	}
	return x, Shape{x.H, x.W, 3 * a.Heads * dim}.Check()
}

// Cost counts the weights and biases of the projections; their MACs at every position; and two MACs for each head
// channel of each pair of positions, those that a mask leaves out included.
func (a Attention) Cost(in []Shape) Cost {
	x, memory := in[0], a.memory(in)
	wide, queries, keys := int64(a.Heads)*int64(a.Dim(x)), int64(positions(x)), int64(positions(memory))
	c, m := int64(x.C), int64(memory.C)
	cost := Cost{
		Params: wide * (2*c + 2*m),
		MACs:   wide * (2*c*queries + 2*m*keys + 2*queries*keys),
	}
	if !a.NoBias {
		cost.Params += 3*wide + c
	}
	return cost
}

// Dim returns the channels of one head for an input of shape x.
func (a Attention) Dim(x Shape) int {
	if a.HeadDim == 0 {
		return x.C / a.Heads
	}
	return a.HeadDim
}

// memory returns the shape of the sequence attended to.
func (a Attention) memory(in []Shape) Shape {
	if a.Cross {
		return in[1]
	}
	return in[0]
}

func positions(s Shape) int { return s.H * s.W }

func (a Attention) normal() Op { return a }
