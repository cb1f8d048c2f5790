package model_test

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/network"
	"pgregory.net/rapid"
)

// randomGraph draws a classifier that may use every operator of the catalogue, with values read several times, sums
// of zeros, repeated operators and nodes that the output does not depend on.
func randomGraph(t *rapid.T) *network.Graph {
	in := network.Shape{H: rapid.IntRange(3, 7).Draw(t, "h"), W: rapid.IntRange(3, 7).Draw(t, "w"), C: rapid.IntRange(1, 3).Draw(t, "c")}
	b := network.NewBuilder(in)
	values := []network.Ref{b.Add(network.Conv{Out: 4, Kernel: 3}, b.Input())}
	same := func(x network.Ref) network.Ref { // another value of the shape of x, or x
		for i := len(values) - 1; i >= 0; i-- {
			if values[i] != x && b.Shape(values[i]) == b.Shape(x) {
				return values[i]
			}
		}
		return x
	}
	kernels := rapid.SampledFrom([]int{1, 3, 5})
	strides := rapid.SampledFrom([]int{1, 1, 1, 2})
	for range rapid.IntRange(1, 14).Draw(t, "nodes") {
		x := values[max(0, len(values)-1-rapid.IntRange(0, 3).Draw(t, "back"))]
		s := b.Shape(x)
		var y network.Ref
		switch rapid.IntRange(0, 20).Draw(t, "operator") {
		case 0:
			y = b.Add(network.Conv{Out: 4, Kernel: kernels.Draw(t, "k"), Stride: strides.Draw(t, "s"), Groups: 2 - s.C%2, Bias: true}, x)
		case 1:
			y = b.Add(network.Depthwise{Kernel: kernels.Draw(t, "k"), Dilation: 2, Stride: strides.Draw(t, "s"), Bias: rapid.Bool().Draw(t, "bias")}, x)
		case 2, 3, 4:
			y = b.Add(network.BatchNorm{}, b.Add(network.Pointwise(4), x))
		case 5:
			y = b.Add(network.Activation{Func: network.ActFunc(rapid.IntRange(0, int(network.GELU)).Draw(t, "f"))}, x)
		case 6:
			y = b.Add(network.MaxPool{Kernel: 3, Stride: strides.Draw(t, "s")}, x)
		case 7:
			y = b.Add(network.AvgPool{Kernel: 3, Stride: strides.Draw(t, "s")}, x)
		case 8, 9:
			y = b.Add(network.Add{}, x, same(x))
		case 10:
			y = b.Add(network.Concat{}, x, same(x))
		case 11:
			y = b.SqueezeExcite(x, 2, network.HSigmoid)
		case 12:
			y = b.Add(network.Add{}, x, b.Add(network.Zero{Stride: 1}, x))
		case 13:
			y = b.Add(network.Identity{}, b.Add(network.Dropout{Rate: 0.2}, x))
		case 14:
			y = b.Add(network.Multiply{}, x, same(x))
		case 15, 16:
			y = b.Add(network.LayerNorm{}, b.Add(network.Add{}, x, same(x)))
		case 17:
			dense := network.Pointwise(6)
			dense.Bias = rapid.Bool().Draw(t, "bias")
			y = b.Add(network.Activation{Func: network.ActFunc(rapid.IntRange(0, int(network.HSwish)).Draw(t, "f"))}, b.Add(dense, x))
		case 18:
			parts := b.Split(b.Add(network.Pointwise(4), x), 2)
			y = b.Add(network.GLU{Gate: network.SiLU}, b.Add(network.Concat{}, parts[1], parts[0]))
		case 19:
			y = b.Add(network.RMSNorm{}, b.Add(network.Softmax{}, x))
		case 20:
			y = b.Add(network.Multiply{}, x, b.Add(network.Mean{Height: true, Width: true}, x))
		}
		values = append(values, y)
	}
	x := values[len(values)-1]
	if rapid.Bool().Draw(t, "flatten") {
		x = b.Add(network.Flatten{}, x)
		switch rapid.IntRange(0, 2).Draw(t, "recurrent") { // a vector is a sequence of one step
		case 1:
			x = b.Add(network.LSTM{Hidden: 3}, x)
		case 2:
			x = b.Add(network.GRU{Hidden: 3, Last: true}, x)
		}
	} else {
		x = b.Add(network.GlobalAvgPool{}, x)
	}
	g, err := b.Build(b.Add(network.Dense{Out: 3, NoBias: rapid.Bool().Draw(t, "nobias")}, x))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// samples draws n samples of g with labels.
func samples(g *network.Graph, n int) (x []float32, labels []int) {
	r := rand.New(rand.NewPCG(5, uint64(n)))
	x, labels = make([]float32, n*g.Input().Elements()), make([]int, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for _, n := range g.Nodes {
		if e, ok := n.Op.(network.Embedding); ok { // the samples are token ids, 0 at some ends
			for i := range x {
				x[i] = float32(r.IntN(e.Vocab))
				if steps := g.Input().W; i%steps > steps/2+i/steps%steps {
					x[i] = 0
				}
			}
		}
	}
	for i := range labels {
		labels[i] = r.IntN(g.OutputShape().C)
	}
	return x, labels
}
