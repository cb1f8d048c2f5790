package kernel

import (
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestAPoolRunsEveryTaskOnceAndLeavesNoThread(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, threads := range []int{0, 1, 2, 5} {
		p := NewPool(threads)
		if want := max(threads, 1); p.Threads() != want {
			t.Errorf("a pool of %d threads has %d", threads, p.Threads())
		}
		for n := range 40 {
			var runs [40]atomic.Int32
			p.For(n, func(i int) { runs[i].Add(1) })
			for i := range runs {
				if got := runs[i].Load(); got != 1 && i < n || got != 0 && i >= n {
					t.Fatalf("%d threads, %d tasks: task %d ran %d times", threads, n, i, got)
				}
			}
		}
		p.Close()
		p.Close()
	}
}

func TestANilPoolRunsSerially(t *testing.T) {
	var p *Pool
	last := -1
	p.For(5, func(i int) {
		if i != last+1 {
			t.Errorf("task %d after %d", i, last)
		}
		last = i
	})
	p.Close()
	if last != 4 || p.Threads() != 1 {
		t.Errorf("last task %d of 5, %d threads", last, p.Threads())
	}
}

// step runs one of everything that a training step does.
func step(p *Pool) func() {
	g, d := same(4, 8, 8, 16, 32, 3, 2, 1, 1), same(4, 8, 8, 16, 16, 3, 1, 1, 16)
	pool := PoolShape{N: 4, H: 8, W: 8, C: 16, K: 3, Stride: 1, PadTop: 1, PadLeft: 1, OH: 8, OW: 8}
	x, y := values(4*8*8*16, 1), values(4*8*8*16, 2)
	w, dw := values(9*16*32, 3), values(9*16*32, 4)
	z, m, v := values(4*8*8*16, 5), values(9*16*32, 6), make([]float32, 9*16*32)
	mean, variance, scale, shift := values(16, 7), values(16, 8), values(16, 9), values(16, 10)
	arg := make([]uint8, len(x))
	gate := values(4*16, 11)
	labels := []int32{1, 2, 3, 0}
	return func() {
		ConvForward(p, y, x, w, g)
		ConvBackwardData(p, x, y, w, g)
		ConvBackwardWeights(p, dw, x, y, g)
		DepthwiseForward(p, y, x, w, d)
		DepthwiseBackwardData(p, x, y, w, d)
		DepthwiseBackwardWeights(p, dw, x, y, d)
		Gemm(p, z, x, w, 64, 64, 64, false, true, true)
		BatchNormStats(p, mean, variance, x, 256, 16)
		BatchNormCoefficients(scale, shift, mean, variance, nil, nil, 1e-5)
		BatchNormApply(p, y, x, z, scale, shift, 256, 16, SiLU)
		BatchNormBackward(p, NormGrad{DX: z, DY: y, X: x, Mean: mean, Variance: variance, Scale: scale, Shift: shift, Eps: 1e-5, Rows: 256, C: 16, Act: ReLU})
		AvgPoolForward(p, y, x, pool)
		AvgPoolBackward(p, x, y, pool)
		MaxPoolForward(p, y, x, arg, pool)
		MaxPoolBackward(p, x, y, arg, pool)
		GlobalAvgForward(p, gate, x, 4, 64, 16)
		GlobalAvgBackward(p, x, gate, 4, 64, 16)
		GateForward(p, y, x, gate, 4, 64, 16)
		GateBackward(p, y, gate, x, x, gate, 4, 64, 16)
		AddBias(p, y, mean, 256, 16)
		BiasGrad(p, mean, y, 256, 16)
		ActForward(p, y, x, GELU)
		ActBackward(p, y, y, x, GELU)
		Axpy(p, y, x, 2)
		CopyChannels(p, z, 16, 0, x, 16, 8, 256, 8)
		AddChannels(p, z, 16, 0, x, 16, 8, 256, 8)
		Softmax(p, z, z, 4, 16)
		CrossEntropy(p, gate, gate, labels, 16, 0.1)
		SGDStep(p, w, dw, m, SGD{LR: 0.1, Momentum: 0.9})
		AdamWStep(p, w, dw, m, v, AdamW{LR: 0.1, Beta1: 0.9, Beta2: 0.99, Eps: 1e-8, Step: 1})
	}
}

func TestASteadyStepAllocatesNothing(t *testing.T) {
	for _, threads := range []int{1, 2} {
		p := NewPool(threads)
		f := step(p)
		f()
		if n := testing.AllocsPerRun(20, f); n != 0 {
			t.Errorf("%d threads: %v allocations in a step", threads, n)
		}
		p.Close()
	}
}
