package autograd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
	"pgregory.net/rapid"
)

// drawWindow draws a window that fits an image of h×w.
func drawWindow(t *rapid.T, h, w int, dilated bool) autograd.Window {
	win := autograd.Window{Kernel: rapid.SampledFrom([]int{1, 2, 3, 5}).Draw(t, "kernel"),
		Stride: rapid.IntRange(1, 3).Draw(t, "stride"), Dilation: 1}
	if dilated {
		win.Dilation = rapid.IntRange(1, 2).Draw(t, "dilation")
	}
	win.Valid = win.Kernel%2 == 0 || rapid.Bool().Draw(t, "valid")
	for win.Valid && win.Dilation*(win.Kernel-1)+1 > min(h, w) {
		if win.Dilation == 1 {
			win.Kernel = 1
		}
		win.Dilation = 1
	}
	return win
}

func drawImage(t *rapid.T) (n, h, w, c int) {
	return rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(1, 7).Draw(t, "h"), rapid.IntRange(1, 7).Draw(t, "w"), rapid.IntRange(1, 5).Draw(t, "c")
}

// ops builds every operation of the package on random shapes.
var ops = map[string]func(t *rapid.T, p *probe) *autograd.Var{
	"conv": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		groups := rapid.SampledFrom([]int{1, 1, 2, 3}).Draw(t, "groups")
		c *= groups
		out := groups * rapid.IntRange(1, 4).Draw(t, "out")
		win := drawWindow(t, h, w, true)
		var bias *autograd.Var
		x, weights := p.leaf(n, h, w, c), p.leaf(win.Kernel, win.Kernel, c/groups, out)
		if rapid.Bool().Draw(t, "bias") {
			bias = p.leaf(out)
		}
		return p.tape.Conv(x, weights, bias, win, groups)
	},
	"depthwise": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		win := drawWindow(t, h, w, true)
		var bias *autograd.Var
		x, weights := p.leaf(n, h, w, c), p.leaf(win.Kernel, win.Kernel, c)
		if rapid.Bool().Draw(t, "bias") {
			bias = p.leaf(c)
		}
		return p.tape.Depthwise(x, weights, bias, win)
	},
	"separable": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		win := drawWindow(t, h, w, true)
		return p.tape.Separable(p.leaf(n, h, w, c), p.leaf(win.Kernel, win.Kernel, c), p.leaf(1, 1, c, rapid.IntRange(1, 4).Draw(t, "out")), win)
	},
	"dense": func(t *rapid.T, p *probe) *autograd.Var {
		n, _, _, c := drawImage(t)
		out := rapid.IntRange(1, 6).Draw(t, "out")
		var bias *autograd.Var
		x, weights := p.leaf(n, 1, 1, c), p.leaf(c, out)
		if rapid.Bool().Draw(t, "bias") {
			bias = p.leaf(out)
		}
		return p.tape.Dense(x, weights, bias)
	},
	"batch norm": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := rapid.IntRange(2, 4).Draw(t, "n"), rapid.IntRange(2, 4).Draw(t, "h"), rapid.IntRange(2, 4).Draw(t, "w"), rapid.IntRange(1, 5).Draw(t, "c")
		var residual *autograd.Var
		x, gamma, beta := p.leaf(n, h, w, c), p.leaf(c), p.leaf(c)
		if rapid.Bool().Draw(t, "residual") {
			residual = p.leaf(n, h, w, c)
		}
		act := rapid.SampledFrom([]kernel.Act{kernel.None, kernel.SiLU, kernel.Tanh}).Draw(t, "act")
		return p.tape.BatchNorm(x, gamma, beta, residual, running(c), act)
	},
	"activation": func(t *rapid.T, p *probe) *autograd.Var {
		act := kernel.Act(rapid.IntRange(int(kernel.ReLU), int(kernel.GELU)).Draw(t, "act"))
		return p.tape.Activate(p.leaf(drawShape(t)...), act)
	},
	"max pool": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		return p.tape.MaxPool(p.distinct(n, h, w, c), drawWindow(t, h, w, false))
	},
	"average pool": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		return p.tape.AvgPool(p.leaf(n, h, w, c), drawWindow(t, h, w, false))
	},
	"global average pool": func(t *rapid.T, p *probe) *autograd.Var {
		return p.tape.GlobalAvgPool(p.leaf(drawShape(t)...))
	},
	"add": func(t *rapid.T, p *probe) *autograd.Var {
		s := drawShape(t)
		xs := []*autograd.Var{p.leaf(s...), p.leaf(s...)}
		for range rapid.IntRange(0, 2).Draw(t, "more") {
			xs = append(xs, p.leaf(s...))
		}
		return p.tape.Add(xs...)
	},
	"concat": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		return p.tape.Concat(p.leaf(n, h, w, c), p.leaf(n, h, w, c+1), p.leaf(n, h, w, 2))
	},
	"lstm": func(t *rapid.T, p *probe) *autograd.Var {
		x, r := recurrentLayer(t, p, 4)
		return p.tape.LSTM(x, r, rapid.Bool().Draw(t, "last"))
	},
	"shared": func(t *rapid.T, p *probe) *autograd.Var {
		n, in, out := rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "in"), rapid.IntRange(1, 4).Draw(t, "out")
		var bias *autograd.Var
		if rapid.Bool().Draw(t, "bias") {
			bias = p.leaf(out)
		}
		s := p.tape.Shared(p.leaf(in, out), bias, 4, n)
		a, b := p.leaf(n, 1, 1, in), p.leaf(n, 1, 1, in)
		s.Apply(a) // nothing depends on it
		return p.tape.Add(s.Apply(a), s.Apply(p.tape.Add(a, b)))
	},
	"lstm step": func(t *rapid.T, p *probe) *autograd.Var {
		n, h := rapid.IntRange(1, 18).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "h")
		s := p.tape.Shared(p.damped(p.leaf(h, 4*h)), nil, 3, n)
		table := p.leaf(3, 4*h)
		tokens := autograd.NewTokens(n)
		for i := range tokens.ID {
			tokens.ID[i] = int32(p.rand.IntN(3))
		}
		var state *autograd.Var
		if rapid.Bool().Draw(t, "state") {
			state = p.leaf(n, 1, 1, 2*h)
		}
		state = s.LSTMStep(p.tape.Rows(table, tokens), state)
		return p.tape.Concat(s.LSTMStep(p.leaf(n, 1, 1, 4*h), state), p.tape.Slice(state, 0, h))
	},
	"categorical": func(t *rapid.T, p *probe) *autograd.Var {
		n, c := rapid.IntRange(1, 4).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "c")
		tokens := &autograd.Tokens{ID: make([]int32, n), Given: true}
		var allowed []bool
		if rapid.Bool().Draw(t, "masked") {
			allowed = make([]bool, n*c)
		}
		for i := range tokens.ID {
			k := p.rand.IntN(c)
			tokens.ID[i] = int32(k)
			for j := range allowed[:len(allowed)/n] {
				allowed[i*c+j] = j == k || p.rand.IntN(2) == 0
			}
		}
		d := p.tape.Categorical(p.leaf(n, 1, 1, c), allowed)
		d.Sample(tokens, 1, "given")
		return p.tape.Concat(d.LogProb(tokens), d.Entropy())
	},
	"reinforce": func(t *rapid.T, p *probe) *autograd.Var {
		n := rapid.IntRange(1, 5).Draw(t, "n")
		advantage := p.tape.Input(tensor.Of(n, 1, 1, 1))
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(p.rand.NormFloat64())
		}
		advantage.Feed(values)
		return p.tape.Reinforce(p.leaf(n, 1, 1, 1), p.leaf(n, 1, 1, 1), advantage, 0.3)
	},
	"standardize": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		return p.tape.Standardize(p.leaf(4*n, h, w, c), running(c), kernel.None) // moments of few numbers are steep
	},
	"mix": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		n *= 4 // moments of few numbers are steep
		var branches []autograd.Branch
		weights := p.leaf(9)
		for range rapid.IntRange(1, 8).Draw(t, "branches") {
			b := autograd.Branch{Value: p.leaf(n, h, w, c), Weight: rapid.IntRange(0, 8).Draw(t, "weight")}
			if len(branches) > 0 && rapid.Bool().Draw(t, "again") {
				b = branches[len(branches)-1]
			}
			if rapid.Bool().Draw(t, "normed") {
				b.Norm = p.tape.Moments(b.Value, running(c))
			}
			branches = append(branches, b)
		}
		return p.tape.Mix(weights, branches...)
	},
	"diagonal": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		return p.tape.Diagonal(p.leaf(n, 2*h, 2*w, c))
	},
	"leading": func(t *rapid.T, p *probe) *autograd.Var {
		s := drawShape(t)
		w := p.leaf(s...)
		for i := range s {
			s[i] = rapid.IntRange(1, s[i]).Draw(t, "extent")
		}
		return p.tape.Add(p.tape.Leading(w, s...), p.leaf(s...))
	},
	"centre": func(t *rapid.T, p *probe) *autograd.Var {
		k, c := rapid.IntRange(1, 2).Draw(t, "k"), rapid.IntRange(1, 4).Draw(t, "c")
		large := p.leaf(2*k+1, 2*k+1, c)
		middle := p.tape.Centre(large, 2*k-1)
		n := (2*k - 1) * (2*k - 1)
		return p.tape.Multiply(p.tape.TransformKernel(middle, p.leaf(n, n)), middle)
	},
	"drop-path": func(t *rapid.T, p *probe) *autograd.Var {
		return p.tape.DropPath(p.leaf(drawShape(t)...), rapid.SampledFrom([]float32{0, 0.2, 0.7}).Draw(t, "rate"), 1, "drop")
	},
	"gumbel": func(t *rapid.T, p *probe) *autograd.Var {
		n, _, _, c := drawImage(t)
		temperature := float32(1.5)
		return p.tape.Gumbel(p.leaf(n, 1, 1, c), &temperature, false, 1, "gumbel")
	},
	"squared error": func(t *rapid.T, p *probe) *autograd.Var {
		s := drawShape(t)
		return p.tape.SquaredError(p.leaf(s...), p.leaf(s...))
	},
	"distill": func(t *rapid.T, p *probe) *autograd.Var {
		n, _, _, c := drawImage(t)
		return p.tape.Distill(p.leaf(n, 1, 1, c), p.constant(0.5, n, 1, 1, c), rapid.SampledFrom([]float32{1, 3}).Draw(t, "temperature"))
	},
	"gru": func(t *rapid.T, p *probe) *autograd.Var {
		x, r := recurrentLayer(t, p, 3)
		return p.tape.GRU(x, r, rapid.Bool().Draw(t, "last"))
	},
	"multiply": func(t *rapid.T, p *probe) *autograd.Var {
		s := drawShape(t)
		return p.tape.Multiply(p.leaf(s...), p.leaf(s...))
	},
	"gate": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		return p.tape.Gate(p.leaf(n, h, w, c), p.leaf(n, 1, 1, c))
	},
	"flatten": func(t *rapid.T, p *probe) *autograd.Var {
		return p.tape.Flatten(p.tape.Activate(p.leaf(drawShape(t)...), kernel.SiLU))
	},
	"zero": func(t *rapid.T, p *probe) *autograd.Var {
		s := drawShape(t)
		return p.tape.Multiply(p.leaf(s...), p.tape.Add(p.leaf(s...), p.tape.Zeros(tensor.Of(s...))))
	},
	"dropout": func(t *rapid.T, p *probe) *autograd.Var {
		return p.tape.Dropout(p.leaf(drawShape(t)...), rapid.SampledFrom([]float32{0, 0.2, 0.7}).Draw(t, "rate"), 1, "drop")
	},
	"cross entropy": func(t *rapid.T, p *probe) *autograd.Var {
		n, _, _, c := drawImage(t)
		labels := &autograd.Labels{Class: make([]int32, n)}
		for i := range labels.Class {
			labels.Class[i] = int32(p.rand.IntN(c))
		}
		return p.tape.CrossEntropy(p.leaf(n, 1, 1, c), labels, rapid.SampledFrom([]float32{0, 0.1}).Draw(t, "smoothing"))
	},
	"affine": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		out := rapid.IntRange(1, 6).Draw(t, "out")
		var bias *autograd.Var
		x, weights := p.leaf(n, h, w, c), p.leaf(c, out)
		if rapid.Bool().Draw(t, "bias") {
			bias = p.leaf(out)
		}
		return p.tape.Affine(x, weights, bias, kernel.None)
	},
	"conv1d": func(t *rapid.T, p *probe) *autograd.Var {
		n, w, c, groups := rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(1, 9).Draw(t, "w"), rapid.IntRange(1, 4).Draw(t, "c"), rapid.IntRange(1, 3).Draw(t, "groups")
		out := groups * rapid.IntRange(1, 4).Draw(t, "out")
		s := drawSteps(t, w)
		var bias *autograd.Var
		x, weights := p.leaf(n, 1, w, c*groups), p.leaf(s.Kernel, c, out)
		if rapid.Bool().Draw(t, "bias") {
			bias = p.leaf(out)
		}
		return p.tape.Conv1d(x, weights, bias, s, groups)
	},
	"depthwise1d": func(t *rapid.T, p *probe) *autograd.Var {
		n, w, c := rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(1, 9).Draw(t, "w"), rapid.IntRange(1, 6).Draw(t, "c")
		s := drawSteps(t, w)
		return p.tape.Depthwise1d(p.leaf(n, 1, w, c), p.leaf(s.Kernel, c), p.leaf(c), s)
	},
	"layer norm": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, _ := drawImage(t)
		c := rapid.IntRange(8, 20).Draw(t, "channels") // so many that they are never nearly equal, where the slope has no bounds
		x, gamma, beta := p.leaf(n, h, w, c), p.leaf(c), p.leaf(c)
		var residual *autograd.Var
		if rapid.Bool().Draw(t, "residual") {
			residual = p.leaf(n, h, w, c)
		}
		return p.tape.LayerNorm(x, residual, gamma, beta)
	},
	"RMS norm": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, _ := drawImage(t)
		c := rapid.IntRange(3, 20).Draw(t, "channels")
		return p.tape.RMSNorm(p.leaf(n, h, w, c), p.leaf(c))
	},
	"GLU": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		return p.tape.GLU(p.leaf(n, h, w, 2*c), rapid.SampledFrom([]kernel.Act{kernel.Sigmoid, kernel.SiLU, kernel.GELU}).Draw(t, "gate"))
	},
	"softmax": func(t *rapid.T, p *probe) *autograd.Var { return p.tape.Softmax(p.leaf(drawShape(t)...)) },
	"slice": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		x := p.tape.Activate(p.leaf(n, h, w, c+1), kernel.Tanh)
		from := rapid.IntRange(0, c).Draw(t, "from")
		return p.tape.Concat(p.tape.Slice(x, from, c+1-from), p.tape.Slice(x, 0, 1), x)
	},
	"mean over axes": func(t *rapid.T, p *probe) *autograd.Var {
		over := autograd.Axes{Height: rapid.Bool().Draw(t, "height"), Width: rapid.Bool().Draw(t, "width"), Channels: rapid.Bool().Draw(t, "channels")}
		return p.tape.MeanOver(p.leaf(drawShape(t)...), over)
	},
	"mean over steps": func(t *rapid.T, p *probe) *autograd.Var {
		n, _, w, c := drawImage(t)
		return p.tape.MeanSteps(p.leaf(n, 1, w, c), p.lengths(n, w))
	},
	"embedding": func(t *rapid.T, p *probe) *autograd.Var {
		n, h, w, c := drawImage(t)
		ids := p.tape.Input(tensor.Of(n, h, w, 1))
		numbers := make([]float32, n*h*w)
		for i := range numbers {
			numbers[i] = float32(p.rand.IntN(4))
		}
		ids.Feed(numbers)
		return p.tape.AddPositions(p.tape.Embed(ids, p.leaf(4, c)), p.leaf(h, w, c))
	},
	"attention": func(t *rapid.T, p *probe) *autograd.Var {
		h := autograd.Heads{Heads: rapid.IntRange(1, 2).Draw(t, "heads"), Dim: rapid.IntRange(1, 4).Draw(t, "dim"), Causal: rapid.Bool().Draw(t, "causal")}
		n, w := rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(1, 6).Draw(t, "w")
		var lengths *autograd.Var
		if rapid.Bool().Draw(t, "padded") {
			lengths = p.lengths(n, w)
		}
		return p.tape.Attention(p.damped(p.leaf(n, 1, w, 3*h.Heads*h.Dim)), lengths, h)
	},
	"cross-attention": func(t *rapid.T, p *probe) *autograd.Var {
		h := autograd.Heads{Heads: rapid.IntRange(1, 2).Draw(t, "heads"), Dim: rapid.IntRange(1, 4).Draw(t, "dim")}
		n, v, w := rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(1, 6).Draw(t, "v"), rapid.IntRange(1, 6).Draw(t, "w")
		return p.tape.CrossAttention(p.damped(p.leaf(n, 1, v, h.Heads*h.Dim)), p.leaf(n, 1, w, 2*h.Heads*h.Dim), nil, h)
	},
	"mean": func(t *rapid.T, p *probe) *autograd.Var { return p.tape.Mean(p.leaf(drawShape(t)...)) },
}

// recurrentLayer draws a sequence and the parameters of a recurrent layer, damped so that no gate saturates.
func recurrentLayer(t *rapid.T, p *probe, gates int) (*autograd.Var, autograd.Recurrent) {
	n, steps, c, h := rapid.IntRange(1, 10).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "steps"), rapid.IntRange(1, 3).Draw(t, "c"), rapid.IntRange(1, 4).Draw(t, "h")
	return p.leaf(n, 1, steps, c), autograd.Recurrent{Input: p.damped(p.leaf(c, gates*h)), State: p.damped(p.leaf(h, gates*h)),
		InputBias: p.leaf(gates * h), StateBias: p.leaf(gates * h)}
}

// drawSteps draws a kernel that fits a sequence of w steps.
func drawSteps(t *rapid.T, w int) autograd.Steps {
	s := autograd.Steps{Kernel: rapid.IntRange(1, 4).Draw(t, "kernel"), Stride: rapid.IntRange(1, 3).Draw(t, "stride"),
		Dilation: rapid.IntRange(1, 2).Draw(t, "dilation"), Causal: rapid.Bool().Draw(t, "causal")}
	s.Valid = !s.Causal && (s.Kernel%2 == 0 || rapid.Bool().Draw(t, "valid"))
	if s.Valid && s.Dilation*(s.Kernel-1) >= w {
		s.Kernel = 1
	}
	return s
}

// lengths is an input of n lengths of sequences of up to w steps.
func (p *probe) lengths(n, w int) *autograd.Var {
	v := p.tape.Input(tensor.Of(n, 1, 1, 1))
	numbers := make([]float32, n)
	for i := range numbers {
		numbers[i] = float32(p.rand.IntN(w + 1))
	}
	v.Feed(numbers)
	return v
}

func drawShape(t *rapid.T) []int {
	n, h, w, c := drawImage(t)
	return []int{n, h, w, c}
}

func running(c int) autograd.Running {
	r := autograd.Running{Mean: tensor.New(tensor.Of(c)), Variance: tensor.New(tensor.Of(c))}
	for j := range c {
		r.Mean.Data()[j], r.Variance.Data()[j] = 0.3*float32(j), 1+0.5*float32(j)
	}
	return r
}

func TestTheGradientOfEveryOperationAgreesWithDifferences(t *testing.T) {
	for name, build := range ops {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				p := newProbe(t, autograd.Train)
				p.check(build(t, p))
			})
		})
	}
}

// Values read by several operations, sums that share gradients, and sums of sums are where the planner of buffers
// could go wrong, so networks of random shape are compared with differences as a whole.
func TestTheGradientOfARandomNetworkAgreesWithDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newProbe(t, autograd.Train)
		p.tol = 0.05 // wrong sharing is wrong by a whole term, and steep networks are hard on differences
		const n, h, w, c = 2, 2, 2, 3
		values := []*autograd.Var{p.leaf(n, h, w, c), p.leaf(n, h, w, c)}
		point := autograd.Window{Kernel: 1, Stride: 1, Dilation: 1}
		for range rapid.IntRange(1, 12).Draw(t, "operations") {
			pick := func() *autograd.Var {
				i := len(values) - 1 - min(rapid.IntRange(0, 4).Draw(t, "back"), len(values)-1)
				return values[i]
			}
			var v *autograd.Var
			switch x := pick(); rapid.IntRange(0, 10).Draw(t, "operation") {
			case 0, 1:
				v = p.tape.Add(x, pick())
			case 2:
				v = p.tape.Add(x, pick(), pick())
			case 3:
				v = p.tape.Activate(x, kernel.Tanh)
			case 4:
				v = p.tape.Conv(x, p.damped(p.leaf(1, 1, c, c)), nil, point, 1)
			case 5:
				v = p.tape.BatchNorm(x, p.damped(p.leaf(c)), p.leaf(c), pick(), running(c), kernel.None)
			case 6:
				v = p.tape.BatchNorm(x, p.damped(p.leaf(c)), p.leaf(c), pick(), running(c), kernel.Tanh)
			case 7:
				v = p.tape.Gate(p.tape.Activate(x, kernel.Tanh), p.tape.GlobalAvgPool(pick()))
			case 8:
				v = p.tape.Conv(p.tape.Concat(x, pick()), p.damped(p.leaf(1, 1, 2*c, c)), nil, point, 1)
			case 9:
				v = p.tape.Affine(x, p.damped(p.leaf(c, c)), p.leaf(c), kernel.None)
			case 10:
				v = p.tape.AddPositions(p.tape.Softmax(p.tape.Slice(p.tape.Concat(x, pick()), 1, c)), p.leaf(h, w, c))
			}
			values = append(values, p.damped(p.tape.Activate(v, kernel.Tanh)))
			if rapid.Bool().Draw(t, "also raw") {
				values = append(values, p.tape.Dropout(p.damped(v), 0.1, 7, "raw"))
			}
		}
		p.check(p.tape.Activate(values[len(values)-1], kernel.Tanh))
	})
}

// The fused operation must be the composition of its parts, kinks included.
func TestAFusedBatchNormEqualsItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		act := kernel.Act(rapid.IntRange(0, int(kernel.GELU)).Draw(t, "act"))
		n, h, w, c := drawImage(t)
		seed := rapid.Uint64().Draw(t, "s")
		build := func(fused bool) *probe {
			p := newProbe(t, autograd.Train)
			p.rand = rand.New(rand.NewPCG(seed, 2))
			x, gamma, beta, residual := p.leaf(n, h, w, c), p.leaf(c), p.leaf(c), p.leaf(n, h, w, c)
			if fused {
				p.compile(p.tape.BatchNorm(x, gamma, beta, residual, running(c), act))
			} else {
				y := p.tape.Add(p.tape.BatchNorm(x, gamma, beta, nil, running(c), kernel.None), residual)
				if act != kernel.None {
					y = p.tape.Activate(y, act)
				}
				p.compile(y)
			}
			p.loss()
			p.program.Backward()
			return p
		}
		a, b := build(true), build(false)
		near := func(what string, x, y []float32) {
			for i := range x {
				if d := math.Abs(float64(x[i] - y[i])); d > 1e-4*(1+math.Abs(float64(y[i]))) {
					t.Fatalf("%s[%d] is %v fused and %v in parts", what, i, x[i], y[i])
				}
			}
		}
		near("output", a.y.Value(), b.y.Value())
		for i := range a.params {
			near("gradient of "+a.params[i].Name, a.params[i].Grad.Data(), b.params[i].Grad.Data())
		}
	})
}
