package network

import (
	"fmt"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// ActFunc names an activation function. The zero value is ReLU.
type ActFunc uint8

// The activation functions of the catalogue.
const (
	ReLU     ActFunc = iota // max(0, x)
	ReLU6                   // min(max(0, x), 6), Sandler et al. 2018
	HSwish                  // x·HSigmoid(x), Howard et al. 2019
	SiLU                    // x·Sigmoid(x), also called swish, Elfwing et al. 2017
	Sigmoid                 // 1/(1+e⁻ˣ)
	HSigmoid                // min(max(0, x+3), 6)/6, Howard et al. 2019
	Tanh                    // hyperbolic tangent
	GELU                    // x·Φ(x) in the tanh form, 0.5·x·(1+tanh(√(2/π)(x+0.044715·x³))), Hendrycks & Gimpel 2016
)

var actNames = [...]string{"relu", "relu6", "hswish", "silu", "sigmoid", "hsigmoid", "tanh", "gelu"}

// String returns the name in the text form, as "hswish".
func (f ActFunc) String() string {
	if int(f) < len(actNames) {
		return actNames[f]
	}
	return fmt.Sprintf("activation function %d", uint8(f))
}

// ParseActFunc reads the name of an activation function.
func ParseActFunc(name string) (ActFunc, error) {
	for i, n := range actNames {
		if n == name {
			return ActFunc(i), nil
		}
	}
	return 0, fmt.Errorf("unknown activation function %q; nearest is %q; there are %s",
		name, nearest.Word(name, actNames[:]), strings.Join(actNames[:], ", "))
}

// Activation applies a function to every element.
type Activation struct{ Func ActFunc }

// Kind returns "activation".
func (Activation) Kind() string { return "activation" }

// String returns the name of the function, as "relu6".
func (a Activation) String() string { return a.Func.String() }

// Infer returns the shape of its one input.
func (a Activation) Infer(in []Shape) (Shape, error) {
	if int(a.Func) >= len(actNames) {
		return Shape{}, fmt.Errorf("unknown activation function %d", uint8(a.Func))
	}
	return unary(in)
}

// Cost returns zero.
func (Activation) Cost([]Shape) Cost { return Cost{} }

func (a Activation) normal() Op { return a }
