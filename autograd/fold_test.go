package autograd_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/tensor"
)

// residualBlock is a mobile block behind a stem, and returns its loss, parameters and running statistics after a step. What is held must be stored,
// so that held values keep batch norms apart from convolutions.
func residualBlock(stride int, held bool) (loss float32, grads [][]float32, stats []autograd.Running) {
	random := stream.New(7, "fold")
	tape := autograd.NewTape(autograd.Train, nil)
	var params []autograd.Param
	param := func(sizes ...int) *autograd.Var {
		p := autograd.NewParam(fmt.Sprint("p", len(params)), tensor.Of(sizes...), true)
		for i := range p.Value.Data() {
			p.Value.Data()[i] = float32(random.Float64() - 0.4)
		}
		params = append(params, p)
		return tape.Param(p)
	}
	keep := func(v *autograd.Var) *autograd.Var {
		if held {
			tape.Hold(v)
		}
		return v
	}
	norm := func(x, residual *autograd.Var, act kernel.Act) *autograd.Var {
		c := x.Shape().At(3)
		r := running(c)
		stats = append(stats, r)
		return keep(tape.BatchNorm(keep(x), param(c), param(c), residual, r, act))
	}
	one := autograd.Window{Kernel: 1, Stride: 1, Dilation: 1}
	x := tape.Input(tensor.Of(9, 6, 6, 3))
	stem := norm(tape.Conv(x, param(3, 3, 3, 8), nil, autograd.Window{Kernel: 3, Stride: 1, Dilation: 1}, 1), nil, kernel.ReLU)
	y := norm(tape.Conv(stem, param(1, 1, 8, 20), nil, one, 1), nil, kernel.ReLU6)
	y = norm(tape.Depthwise(y, param(3, 3, 20), nil, autograd.Window{Kernel: 3, Stride: stride, Dilation: 1}), nil, kernel.HSwish)
	y = tape.Conv(y, param(1, 1, 20, 8), nil, one, 1)
	var residual *autograd.Var
	if stride == 1 {
		residual = stem
	}
	y = norm(y, residual, kernel.None)
	y = norm(tape.Conv(y, param(3, 3, 8, 5), nil, autograd.Window{Kernel: 3, Stride: 2, Dilation: 1}, 1), nil, kernel.SiLU)
	l := tape.Hold(tape.Mean(tape.Multiply(y, tape.Activate(y, kernel.Tanh))))
	p := tape.Compile(new(tensor.Arena), l)
	in := make([]float32, x.Shape().Size())
	for i := range in {
		in[i] = float32(random.Float64())
	}
	x.Feed(in)
	p.Forward(0)
	p.Backward()
	for _, p := range params {
		grads = append(grads, p.Grad.Data())
	}
	return l.Value()[0], grads, stats
}

func TestBatchNormsRunByTheirConvolutionsTrainAsThoseThatStandAlone(t *testing.T) {
	near := func(a, b float32) bool { return math.Abs(float64(a-b)) <= 1e-4*(0.05+math.Abs(float64(b))) }
	for stride := 1; stride <= 2; stride++ {
		loss, grads, stats := residualBlock(stride, false)
		wantLoss, wantGrads, wantStats := residualBlock(stride, true)
		if !near(loss, wantLoss) {
			t.Errorf("stride %d: the loss is %v; want %v", stride, loss, wantLoss)
		}
		for i, g := range grads {
			for k, v := range g {
				if !near(v, wantGrads[i][k]) {
					t.Fatalf("stride %d: gradient %d of parameter %d is %v; want %v", stride, k, i, v, wantGrads[i][k])
				}
			}
		}
		for i, s := range stats {
			for k, v := range s.Variance.Data() {
				if m := s.Mean.Data()[k]; !near(m, wantStats[i].Mean.Data()[k]) || !near(v, wantStats[i].Variance.Data()[k]) {
					t.Fatalf("stride %d: batch norm %d ran to mean %v and variance %v; want %v and %v", stride, i, m, v, wantStats[i].Mean.Data()[k], wantStats[i].Variance.Data()[k])
				}
			}
		}
	}
}
