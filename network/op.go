package network

import "fmt"

// Op is one operator of the catalogue: a small comparable struct of attributes, as [Conv], [Add] or [Attention]. The catalogue is closed;
// [ParseOp] knows all of it by name.
//
// A zero Stride, Dilation or Groups reads as 1. The Builder writes the 1 into the node, so that equal networks have
// equal nodes.
type Op interface {
	// Kind returns the name of the operator without its attributes, as "conv".
	Kind() string
	// String returns the text form, as "conv(out=16,kernel=3,stride=2)". ParseOp reads it back.
	String() string
	// Infer returns the shape of the output for the shapes of the inputs. The error says what is wrong, with the shapes.
	Infer(in []Shape) (Shape, error)
	// Cost returns the params and MACs of one such node. It may be called only where Infer gave no error.
	Cost(in []Shape) Cost

	// normal returns the same operator with defaults written out, always a plain value. It seals the interface.
	normal() Op
}

// Input stands for the sample itself: node 0 of every graph, and only that. Its one shape is the declared one.
type Input struct{}

// Kind returns "input".
func (Input) Kind() string { return "input" }

// String returns "input".
func (Input) String() string { return "input" }

// Infer returns the declared shape, which it takes as the only element of in.
func (Input) Infer(in []Shape) (Shape, error) { return unary(in) }

// Cost returns zero.
func (Input) Cost([]Shape) Cost { return Cost{} }

func (o Input) normal() Op { return o }

// unary returns the only shape of in.
func unary(in []Shape) (Shape, error) {
	if err := takes(in, 1); err != nil {
		return Shape{}, err
	}
	return in[0], nil
}

// takes checks that there are exactly n inputs, all valid.
func takes(in []Shape, n int) error {
	if len(in) != n {
		return fmt.Errorf("takes %s, not %d", inputs(n), len(in))
	}
	return checkAll(in)
}

// takesAtLeast checks that there are n inputs or more, all valid.
func takesAtLeast(in []Shape, n int) error {
	if len(in) < n {
		return fmt.Errorf("takes at least %s, not %d", inputs(n), len(in))
	}
	return checkAll(in)
}

func checkAll(in []Shape) error {
	for _, s := range in {
		if err := s.Check(); err != nil {
			return err
		}
	}
	return nil
}

func inputs(n int) string {
	if n == 1 {
		return "1 input"
	}
	return fmt.Sprintf("%d inputs", n)
}
