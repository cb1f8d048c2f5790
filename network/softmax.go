package network

// Softmax turns the channels of each position into probabilities, eˣ divided by the sum of eˣ over the channels.
type Softmax struct{}

// Kind returns "softmax".
func (Softmax) Kind() string { return "softmax" }

// String returns "softmax".
func (Softmax) String() string { return "softmax" }

// Infer returns the shape of its one input.
func (Softmax) Infer(in []Shape) (Shape, error) { return unary(in) }

// Cost returns zero.
func (Softmax) Cost([]Shape) Cost { return Cost{} }

func (o Softmax) normal() Op { return o }
