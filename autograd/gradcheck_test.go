package autograd_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/tensor"
	"pgregory.net/rapid"
)

// probe is one computation under test: its parameters, its output y, and the loss Σ rᵢ·yᵢ for random r.
type probe struct {
	t       *rapid.T
	tape    *autograd.Tape
	rand    *rand.Rand
	params  []autograd.Param
	program *autograd.Program
	y       *autograd.Var
	r       []float32
	tol     float64 // allowed relative difference
}

func newProbe(t *rapid.T, mode autograd.Mode) *probe {
	seed := rapid.Uint64().Draw(t, "seed")
	return &probe{t: t, tape: autograd.NewTape(mode, nil), rand: rand.New(rand.NewPCG(seed, 1)), tol: 4e-3}
}

// leaf declares a parameter of random numbers. They lie on a grid that keeps clear of the kinks at 0, ±3 and 6 by
// more than the steps of the differences.
func (p *probe) leaf(dims ...int) *autograd.Var {
	param := autograd.NewParam(fmt.Sprintf("leaf%d", len(p.params)), tensor.Of(dims...), true)
	for i := range param.Value.Data() {
		param.Value.Data()[i] = (float32(p.rand.IntN(16)-8) + 0.5) * 0.2
	}
	if p.rand.IntN(2) == 0 { // now and then beyond ±3
		param.Value.Data()[p.rand.IntN(len(param.Value.Data()))] = 3.5
	}
	p.params = append(p.params, param)
	return p.tape.Param(param)
}

// damped multiplies v by a constant, so that chains of operations do not grow steep.
func (p *probe) damped(v *autograd.Var) *autograd.Var {
	constant := p.tape.Input(v.Shape())
	values := make([]float32, v.Shape().Size())
	for i := range values {
		values[i] = 0.3
	}
	constant.Feed(values)
	return p.tape.Multiply(v, constant)
}

// distinct declares a parameter whose numbers all differ by at least 0.1, for maxima.
func (p *probe) distinct(dims ...int) *autograd.Var {
	v := p.leaf(dims...)
	values := p.params[len(p.params)-1].Value.Data()
	for i, k := range p.rand.Perm(len(values)) {
		values[i] = 0.1 * float32(k-len(values)/2)
	}
	return v
}

// compile ends the tape with the loss.
func (p *probe) compile(y *autograd.Var) {
	p.y = p.tape.Hold(y)
	p.r = make([]float32, y.Shape().Size())
	for i := range p.r {
		p.r[i] = float32(p.rand.NormFloat64())
	}
	weights := p.tape.Input(y.Shape())
	weights.Feed(p.r)
	loss := p.tape.Mean(p.tape.Multiply(y, weights))
	p.program = p.tape.Compile(new(tensor.Arena), loss)
}

// loss evaluates the computation in float64 from its float32 output.
func (p *probe) loss() float64 {
	p.program.Forward(3)
	sum := 0.0
	for i, v := range p.y.Value() {
		sum += float64(v) * float64(p.r[i])
	}
	return sum
}

// check compares the gradient of up to 24 numbers of every parameter with central differences of fourth order.
func (p *probe) check(y *autograd.Var) {
	p.compile(y)
	p.loss()
	p.program.Backward()
	n := float64(len(p.r))
	for _, param := range p.params {
		got := param.Grad.Clone().Data()
		for _, i := range p.rand.Perm(len(got))[:min(len(got), 24)] {
			x := &param.Value.Data()[i]
			old := *x
			at := func(d float32) float64 {
				*x = old + d
				return p.loss()
			}
			differences := func(h float32) float64 {
				defer func() { *x = old }()
				return (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * float64(h))
			}
			far := func(a, b float64) bool { return !(math.Abs(a-b) <= p.tol*(1+math.Abs(b))) }
			g, want := float64(got[i])*n, differences(1./64)
			// Where a shorter step says something else, such as beside a batch norm of nearly equal numbers, differences say nothing.
			if far(g, want) && !far(differences(1./128), want) {
				p.t.Fatalf("gradient of %s[%d] (shape %v) is %.5f; differences say %.5f", param.Name, i, param.Value.Shape(), g, want)
			}
		}
	}
	// Backward must overwrite and not pile up, whatever lies in the shared memory by now.
	before := p.params[0].Grad.Clone().Data()
	p.loss()
	p.program.Backward()
	for i, g := range p.params[0].Grad.Data() {
		if g != before[i] {
			p.t.Fatalf("a second backward pass gave %v for number %d; the first %v", g, i, before[i])
		}
	}
}
