package network

import "fmt"

// Add sums two or more inputs of one shape.
type Add struct{}

// Concat lays the channels of two or more inputs of one height and width behind one another.
type Concat struct{}

// Multiply multiplies two inputs of one shape element by element. The second may instead be a gate 1×1×C, one factor
// for each channel of the first.
type Multiply struct{}

// Kind returns "add".
func (Add) Kind() string { return "add" }

// String returns "add".
func (Add) String() string { return "add" }

// Infer returns the shape that all inputs have.
func (Add) Infer(in []Shape) (Shape, error) {
	if err := takesAtLeast(in, 2); err != nil {
		return Shape{}, err
	}
	for _, s := range in[1:] {
		if s != in[0] {
			return Shape{}, fmt.Errorf("inputs %v and %v differ", in[0], s)
		}
	}
	return in[0], nil
}

// Cost returns zero.
func (Add) Cost([]Shape) Cost { return Cost{} }

func (o Add) normal() Op { return o }

// Kind returns "concat".
func (Concat) Kind() string { return "concat" }

// String returns "concat".
func (Concat) String() string { return "concat" }

// Infer returns the common height and width with the sum of the channels.
func (Concat) Infer(in []Shape) (Shape, error) {
	if err := takesAtLeast(in, 2); err != nil {
		return Shape{}, err
	}
	out := in[0]
	for _, s := range in[1:] {
		if s.H != out.H || s.W != out.W {
			return Shape{}, fmt.Errorf("inputs %v and %v differ in height or width", in[0], s)
		}
		if s.C > maxElements-out.C {
			return Shape{}, fmt.Errorf("the channels of %d inputs sum to more than %d", len(in), maxElements)
		}
		out.C += s.C
	}
	return out, out.Check()
}

// Cost returns zero.
func (Concat) Cost([]Shape) Cost { return Cost{} }

func (o Concat) normal() Op { return o }

// Kind returns "multiply".
func (Multiply) Kind() string { return "multiply" }

// String returns "multiply".
func (Multiply) String() string { return "multiply" }

// Infer returns the shape of the first input.
func (Multiply) Infer(in []Shape) (Shape, error) {
	if err := takes(in, 2); err != nil {
		return Shape{}, err
	}
	if in[1] != in[0] && in[1] != Vector(in[0].C) {
		return Shape{}, fmt.Errorf("inputs %v and %v differ and the second is no gate %v", in[0], in[1], Vector(in[0].C))
	}
	return in[0], nil
}

// Cost returns zero.
func (Multiply) Cost([]Shape) Cost { return Cost{} }

func (o Multiply) normal() Op { return o }
