package peer

import "github.com/trellis-nas/trellis/network"

// mobile is a small MobileNetV2 (Sandler et al., 2018): six inverted residuals of expansion 3, linear bottlenecks, no
// pointwise layer before the head.
func mobile(in network.Shape) (*network.Graph, error) {
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
	return b.Build(classify(b, x))
}
