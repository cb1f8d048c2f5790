package model_test

import (
	"fmt"
	"testing"

	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
)

// nb201 is the network of a NAS-Bench-201 cell (Dong & Yang, 2020) at one cell a stage, 16 channels.
func nb201(t testing.TB, ops [6]string) *network.Graph {
	b := network.NewBuilder(network.Shape{H: 32, W: 32, C: 3})
	conv := func(x network.Ref, out, kernel, stride int) network.Ref {
		x = b.Add(network.Activation{Func: network.ReLU}, x)
		return b.Add(network.BatchNorm{}, b.Add(network.Conv{Out: out, Kernel: kernel, Stride: stride}, x))
	}
	cell := func(x network.Ref, c int) network.Ref {
		nodes := [4]network.Ref{x}
		edge := 0
		for to := 1; to < 4; to++ {
			var in []network.Ref
			for from := range to {
				switch y := nodes[from]; ops[edge] {
				case "conv3x3":
					in = append(in, conv(y, c, 3, 1))
				case "conv1x1":
					in = append(in, conv(y, c, 1, 1))
				case "avgpool3x3":
					in = append(in, b.Add(network.AvgPool{Kernel: 3}, y))
				case "skip":
					in = append(in, b.Add(network.Identity{}, y))
				case "none":
					in = append(in, b.Add(network.Zero{}, y))
				}
				edge++
			}
			if nodes[to] = in[0]; len(in) > 1 {
				nodes[to] = b.Add(network.Add{}, in...)
			}
		}
		return nodes[3]
	}
	reduce := func(x network.Ref, c int) network.Ref {
		short := b.Add(network.Pointwise(c), b.Add(network.AvgPool{Kernel: 2, Stride: 2, Valid: true}, x))
		return b.Add(network.Add{}, conv(conv(x, c, 3, 2), c, 3, 1), short)
	}
	x := b.Add(network.BatchNorm{}, b.Add(network.Conv{Out: 16, Kernel: 3}, b.Input()))
	x = cell(reduce(cell(reduce(cell(x, 16), 32), 32), 64), 64)
	x = b.Add(network.Activation{Func: network.ReLU}, b.Add(network.BatchNorm{}, x))
	g, err := b.Build(b.Add(network.Dense{Out: 10}, b.Add(network.GlobalAvgPool{}, x)))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// mobile is a small MobileNetV2 (Sandler et al., 2018): six inverted residuals of expansion 3.
func mobile(t testing.TB, in network.Shape) *network.Graph {
	b := network.NewBuilder(in)
	norm := func(x network.Ref, op network.Op) network.Ref {
		return b.Add(network.Activation{Func: network.ReLU6}, b.Add(network.BatchNorm{}, b.Add(op, x)))
	}
	x := norm(b.Input(), network.Conv{Out: 16, Kernel: 3})
	for i, out := range []int{16, 24, 24, 32, 32, 48} {
		c, stride := b.Shape(x).C, []int{1, 2, 1, 2, 1, 1}[i]
		y := norm(norm(x, network.Pointwise(3*c)), network.Depthwise{Kernel: 3, Stride: stride})
		y = b.Add(network.BatchNorm{}, b.Add(network.Pointwise(out), y))
		if stride == 1 && c == out {
			y = b.Add(network.Add{}, x, y)
		}
		x = y
	}
	g, err := b.Build(b.Add(network.Dense{Out: 10}, b.Add(network.GlobalAvgPool{}, x)))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func plain(t testing.TB) *network.Graph {
	b := network.NewBuilder(network.Shape{H: 32, W: 32, C: 3})
	x := b.Input()
	for i, out := range []int{16, 16, 16, 32, 32, 64, 64} {
		stride := 1
		if i == 3 || i == 5 {
			stride = 2
		}
		x = b.Add(network.Activation{Func: network.ReLU}, b.Add(network.BatchNorm{}, b.Add(network.Conv{Out: out, Kernel: 3, Stride: stride}, x)))
	}
	g, err := b.Build(b.Add(network.Dense{Out: 10}, b.Add(network.GlobalAvgPool{}, x)))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// BenchmarkTrainStep measures a training step of SGD with momentum on a batch of 64, as images a second and
// allocations a step.
func BenchmarkTrainStep(b *testing.B) {
	nets := []struct {
		name  string
		graph *network.Graph
	}{
		{"nb201-cell", nb201(b, [6]string{"conv3x3", "conv3x3", "conv3x3", "conv3x3", "conv3x3", "conv3x3"})},
		{"nb201-mixed", nb201(b, [6]string{"skip", "conv1x1", "avgpool3x3", "conv3x3", "none", "conv3x3"})},
		{"mbv2-tiny", mobile(b, network.Shape{H: 32, W: 32, C: 3})},
		{"mbv2-28", mobile(b, network.Shape{H: 28, W: 28, C: 1})},
		{"plain-cnn", plain(b)},
	}
	for _, net := range nets {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d", net.name, threads), func(b *testing.B) {
				m := build(b, net.graph, model.Options{Threads: threads})
				o := optim.New(m.Params(), optim.SGD(optim.Constant(0.01), 0.9, false, 5e-4))
				x, labels := samples(net.graph, 64)
				step := func() {
					if _, err := m.Step(x, labels); err != nil {
						b.Fatal(err)
					}
					o.Step()
				}
				step()
				b.ReportAllocs()
				for b.Loop() {
					step()
				}
				b.ReportMetric(64*float64(b.N)/b.Elapsed().Seconds(), "images/s")
				b.ReportMetric(float64(m.Bytes())/(1<<20), "MiB")
			})
		}
	}
}
