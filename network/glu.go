package network

import "fmt"

// GLU is the gated linear unit: it multiplies the first half of the channels by an activation of the second half. With
// Sigmoid it is the unit of Dauphin et al. 2017, with SiLU or GELU the gate of SwiGLU or GEGLU (Shazeer 2020); the
// layer that makes the two halves is a pointwise convolution before it. The text form "glu" is that with Sigmoid.
type GLU struct{ Gate ActFunc }

// Kind returns "glu".
func (GLU) Kind() string { return "glu" }

// String returns the text form, as "glu" or "glu(gate=silu)".
func (o GLU) String() string {
	var t opText
	if o.Gate != Sigmoid {
		t.attribute("gate=" + o.Gate.String())
	}
	return t.of("glu")
}

// Infer returns the shape of its one input with half the channels.
func (o GLU) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	if int(o.Gate) >= len(actNames) {
		return Shape{}, fmt.Errorf("unknown activation function %d", uint8(o.Gate))
	}
	if x.C%2 != 0 {
		return Shape{}, fmt.Errorf("the %d channels of input %v have no halves", x.C, x)
	}
	return Shape{x.H, x.W, x.C / 2}, nil
}

// Cost returns zero.
func (GLU) Cost([]Shape) Cost { return Cost{} }

func (o GLU) normal() Op { return o }
