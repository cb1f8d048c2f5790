package model

import (
	"math"
	"strconv"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/tensor"
)

// nodeNames names every node by its scope, its kind and, from the second of a kind in a scope on, its number there:
// "stage1.block0.conv", "stage1.block0.conv2".
func nodeNames(g *network.Graph) []string {
	names, seen := make([]string, len(g.Nodes)), map[string]int{}
	for i, n := range g.Nodes {
		name := n.Op.Kind()
		if n.Scope != "" {
			name = n.Scope + "." + name
		}
		if seen[name]++; seen[name] > 1 {
			name += strconv.Itoa(seen[name])
		}
		names[i] = name
	}
	return names
}

// makeLayers creates the parameters and buffers of every node, those that the output does not depend on included.
func makeLayers(s *nn.Store, g *network.Graph, names []string) []layer {
	layers := make([]layer, len(g.Nodes))
	for i, n := range g.Nodes {
		var in network.Shape
		if len(n.Inputs) > 0 {
			in = g.Nodes[n.Inputs[0]].Shape
		}
		l, name := &layers[i], names[i]
		bias := func(c int) autograd.Param { return s.Param(name+".bias", tensor.Of(c), nn.Fill(0), false) }
		switch op := n.Op.(type) {
		case network.Conv:
			k := op.Kernel
			l.weight = s.Param(name+".weight", tensor.Of(k, k, in.C/op.Groups, op.Out), nn.He(k*k*op.Out/op.Groups), true)
			if op.Bias {
				l.bias = bias(op.Out)
			}
		case network.Depthwise:
			l.weight = s.Param(name+".weight", tensor.Of(op.Kernel, op.Kernel, in.C), nn.He(op.Kernel*op.Kernel), true)
			if op.Bias {
				l.bias = bias(in.C)
			}
		case network.Dense:
			l.weight = s.Param(name+".weight", tensor.Of(in.C, op.Out), nn.Glorot(in.C, op.Out), true)
			if !op.NoBias {
				l.bias = bias(op.Out)
			}
		case network.LSTM:
			l.recurrent = makeRecurrent(s, name, in.C, op.Hidden, 4)
		case network.GRU:
			l.recurrent = makeRecurrent(s, name, in.C, op.Hidden, 3)
		case network.BatchNorm:
			l.weight = s.Param(name+".scale", tensor.Of(in.C), nn.Fill(1), false)
			l.bias = s.Param(name+".shift", tensor.Of(in.C), nn.Fill(0), false)
			l.running = autograd.Running{
				Mean:     s.Buffer(name+".mean", tensor.Of(in.C), 0),
				Variance: s.Buffer(name+".variance", tensor.Of(in.C), 1),
			}
		default:
			*l = makeSequenceLayer(s, name, op, g.InputShapes(i))
		}
	}
	return layers
}

// recurrent is what an LSTM or GRU owns; the fields are those of autograd.Recurrent.
type recurrent struct{ input, state, inputBias, stateBias autograd.Param }

// makeRecurrent draws everything from ±1/√h, as PyTorch does.
func makeRecurrent(s *nn.Store, name string, c, h, gates int) recurrent {
	init := nn.Uniform(1 / math.Sqrt(float64(h)))
	return recurrent{
		input:     s.Param(name+".input", tensor.Of(c, gates*h), init, true),
		state:     s.Param(name+".state", tensor.Of(h, gates*h), init, true),
		inputBias: s.Param(name+".inputbias", tensor.Of(gates*h), init, false),
		stateBias: s.Param(name+".statebias", tensor.Of(gates*h), init, false),
	}
}

func (r recurrent) on(t *autograd.Tape) autograd.Recurrent {
	return autograd.Recurrent{Input: t.Param(r.input), State: t.Param(r.state), InputBias: t.Param(r.inputBias), StateBias: t.Param(r.stateBias)}
}
