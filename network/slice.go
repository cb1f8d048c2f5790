package network

import "fmt"

// Slice takes Size channels of each position, beginning with channel From: one part of a split.
type Slice struct{ From, Size int }

// Kind returns "slice".
func (Slice) Kind() string { return "slice" }

// String returns the text form, as "slice(size=8)" or "slice(from=8,size=8)".
func (s Slice) String() string {
	var t opText
	t.numberUnless("from", s.From, 0)
	t.number("size", s.Size)
	return t.of("slice")
}

// Infer returns the shape of its one input with Size channels.
func (s Slice) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	if err := atLeastOne("size", s.Size, maxElements); err != nil {
		return Shape{}, err
	}
	if s.From < 0 || s.From > x.C-s.Size {
		return Shape{}, fmt.Errorf("channels %d to %d are not all among those of input %v", s.From, s.From+s.Size-1, x)
	}
	return Shape{x.H, x.W, s.Size}, nil
}

// Cost returns zero.
func (Slice) Cost([]Shape) Cost { return Cost{} }

func (s Slice) normal() Op { return s }

// Split appends parts slices of equal size that together hold the channels of x, and returns them in order.
func (b *Builder) Split(x Ref, parts int) []Ref {
	c := b.Shape(x).C
	if parts < 1 || c%parts != 0 {
		b.Fail(fmt.Errorf("the %d channels of %v cannot be split into %d parts", c, b.Shape(x), parts))
		return make([]Ref, max(parts, 0))
	}
	out := make([]Ref, parts)
	for i := range out {
		out[i] = b.Add(Slice{From: i * c / parts, Size: c / parts}, x)
	}
	return out
}
