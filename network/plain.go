package network

import "fmt"

// Dropout sets a random part Rate of the elements to zero while training and scales the others by 1/(1−Rate)
// (Srivastava et al. 2014); otherwise it does nothing. Rate lies in [0, 1).
type Dropout struct{ Rate float32 }

// Flatten reads a tensor as one vector, in the order height, width, channels.
type Flatten struct{}

// Zero gives zeros in the shape of its input, ⌈height/Stride⌉ × ⌈width/Stride⌉. It stands for a missing edge of a
// cell. A zero Stride reads as 1.
type Zero struct{ Stride int }

// Identity gives its input.
type Identity struct{}

// Kind returns "dropout".
func (Dropout) Kind() string { return "dropout" }

// String returns the text form, as "dropout(rate=0.2)".
func (d Dropout) String() string {
	var t opText
	t.real("rate", d.Rate)
	return t.of("dropout")
}

// Infer returns the shape of its one input.
func (d Dropout) Infer(in []Shape) (Shape, error) {
	if !(d.Rate >= 0 && d.Rate < 1) {
		return Shape{}, fmt.Errorf("rate is %v; it must be at least 0 and below 1", d.Rate)
	}
	return unary(in)
}

// Cost returns zero.
func (Dropout) Cost([]Shape) Cost { return Cost{} }

func (d Dropout) normal() Op {
	if d.Rate == 0 {
		d.Rate = 0 // a negative zero is written as zero
	}
	return d
}

// Kind returns "flatten".
func (Flatten) Kind() string { return "flatten" }

// String returns "flatten".
func (Flatten) String() string { return "flatten" }

// Infer returns the vector of all elements of its one input.
func (Flatten) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	return Vector(x.Elements()), err
}

// Cost returns zero.
func (Flatten) Cost([]Shape) Cost { return Cost{} }

func (o Flatten) normal() Op { return o }

// Kind returns "zero".
func (Zero) Kind() string { return "zero" }

// String returns the text form, "zero" or "zero(stride=2)".
func (z Zero) String() string {
	var t opText
	t.numberUnless("stride", orOne(z.Stride), 1)
	return t.of("zero")
}

// Infer returns the shape of its one input, divided by the stride.
func (z Zero) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	h, w, err := window{kernel: 1, stride: orOne(z.Stride), dilation: 1}.slide(x)
	return Shape{h, w, x.C}, err
}

// Cost returns zero.
func (Zero) Cost([]Shape) Cost { return Cost{} }

func (z Zero) normal() Op { return Zero{orOne(z.Stride)} }

// Kind returns "identity".
func (Identity) Kind() string { return "identity" }

// String returns "identity".
func (Identity) String() string { return "identity" }

// Infer returns the shape of its one input.
func (Identity) Infer(in []Shape) (Shape, error) { return unary(in) }

// Cost returns zero.
func (Identity) Cost([]Shape) Cost { return Cost{} }

func (o Identity) normal() Op { return o }
