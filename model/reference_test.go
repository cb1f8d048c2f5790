package model_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/tensor"
	"pgregory.net/rapid"
)

// plainStep computes one training step node by node, with neither merging nor fusing, from the state of m. It returns
// the gradients by name.
func plainStep(m *model.Model, x []float32, labels []int) (grads map[string][]float32) {
	g, t := m.Graph(), autograd.NewTape(autograd.Train, nil)
	grads = map[string][]float32{}
	state := map[string]tensor.Tensor{}
	for _, s := range m.Snapshot() {
		state[s.Name] = s.Tensor
	}
	seen := map[string]int{}
	param := func(name string) *autograd.Var {
		p := autograd.Param{Name: name, Value: state[name], Grad: tensor.New(state[name].Shape())}
		if p.Value.Data() == nil {
			return nil
		}
		grads[name] = p.Grad.Data()
		return t.Param(p)
	}
	in := g.Input()
	input := t.Input(tensor.Of(len(labels), in.H, in.W, in.C))
	input.Feed(x)
	values := []*autograd.Var{input}
	for _, n := range g.Nodes[1:] {
		name := n.Op.Kind()
		if seen[name]++; seen[name] > 1 {
			name += strconv.Itoa(seen[name])
		}
		a := values[n.Inputs[0]]
		in := make([]*autograd.Var, len(n.Inputs))
		for i, j := range n.Inputs {
			in[i] = values[j]
		}
		var v *autograd.Var
		switch op := n.Op.(type) {
		case network.Conv:
			v = t.Conv(a, param(name+".weight"), param(name+".bias"), autograd.Window{Kernel: op.Kernel, Stride: op.Stride, Dilation: op.Dilation}, op.Groups)
		case network.Depthwise:
			v = t.Depthwise(a, param(name+".weight"), param(name+".bias"), autograd.Window{Kernel: op.Kernel, Stride: op.Stride, Dilation: op.Dilation})
		case network.Dense:
			v = t.Dense(a, param(name+".weight"), param(name+".bias"))
		case network.BatchNorm:
			v = t.BatchNorm(a, param(name+".scale"), param(name+".shift"), nil,
				autograd.Running{Mean: state[name+".mean"], Variance: state[name+".variance"]}, kernel.None)
		case network.Activation:
			v = t.Activate(a, kernel.Act(op.Func)+kernel.ReLU)
		case network.MaxPool:
			v = t.MaxPool(a, autograd.Window{Kernel: op.Kernel, Stride: op.Stride, Dilation: 1})
		case network.AvgPool:
			v = t.AvgPool(a, autograd.Window{Kernel: op.Kernel, Stride: op.Stride, Dilation: 1})
		case network.GlobalAvgPool:
			v = t.GlobalAvgPool(a)
		case network.Add:
			v = t.Add(in...)
		case network.Concat:
			v = t.Concat(in...)
		case network.Multiply:
			if a.Shape() == in[1].Shape() {
				v = t.Multiply(a, in[1])
			} else {
				v = t.Gate(a, in[1])
			}
		case network.LSTM:
			v = t.LSTM(a, autograd.Recurrent{Input: param(name + ".input"), State: param(name + ".state"),
				InputBias: param(name + ".inputbias"), StateBias: param(name + ".statebias")}, op.Last)
		case network.GRU:
			v = t.GRU(a, autograd.Recurrent{Input: param(name + ".input"), State: param(name + ".state"),
				InputBias: param(name + ".inputbias"), StateBias: param(name + ".statebias")}, op.Last)
		case network.Dropout:
			v = t.Dropout(a, op.Rate, 1, name)
		case network.Flatten:
			v = t.Flatten(a)
		case network.Identity:
			v = a
		case network.Zero:
			v = t.Zeros(a.Shape())
		case network.LayerNorm:
			v = t.LayerNorm(a, nil, param(name+".scale"), param(name+".shift"))
		case network.RMSNorm:
			v = t.RMSNorm(a, param(name+".scale"))
		case network.GLU:
			v = t.GLU(a, kernel.Act(op.Gate)+kernel.ReLU)
		case network.Softmax:
			v = t.Softmax(a)
		case network.Slice:
			v = t.Slice(a, op.From, op.Size)
		case network.Mean:
			v = t.MeanOver(a, autograd.Axes{Height: op.Height, Width: op.Width, Channels: op.Channels})
		}
		values = append(values, v)
	}
	l := &autograd.Labels{Class: make([]int32, len(labels))}
	for i, c := range labels {
		l.Class[i] = int32(c)
	}
	p := t.Compile(new(tensor.Arena), t.CrossEntropy(values[g.Output], l, 0))
	p.Forward(0)
	p.Backward()
	return grads
}

func TestFusingAndMergingDoNotChangeWhatANetworkComputes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		m, err := model.Build(g, 1, model.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		x, labels := samples(g, 5)
		want := plainStep(m, x, labels)
		if _, err := m.Step(x, labels); err != nil {
			t.Skip(err) // steep random networks may overflow
		}
		scale := 0.0
		for _, p := range m.Params() {
			for _, v := range want[p.Name] {
				scale = max(scale, math.Abs(float64(v)))
			}
		}
		for _, p := range m.Params() {
			for i, v := range p.Grad.Data() {
				if d := math.Abs(float64(v - want[p.Name][i])); d > 2e-3*(scale+1e-3) {
					t.Fatalf("gradient of %s[%d] is %v; node by node it is %v\n%s", p.Name, i, v, want[p.Name][i], g.Text())
				}
			}
		}
	})
}
