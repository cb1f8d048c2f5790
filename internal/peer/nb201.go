package peer

import "github.com/trellis-nas/trellis/network"

// The operations of a NAS-Bench-201 cell's edges 1←0, 2←0, 2←1, 3←0, 3←1, 3←2.
var (
	convolutions = [6]string{"conv3x3", "conv3x3", "conv3x3", "conv3x3", "conv3x3", "conv3x3"}
	mixed        = [6]string{"skip", "conv1x1", "avgpool3x3", "conv3x3", "none", "conv3x3"}
)

// nb201 is the network of a NAS-Bench-201 cell (Dong & Yang, 2020) with one cell a stage, of 16, 32 and 64 channels.
func nb201(ops [6]string) (*network.Graph, error) {
	b := network.NewBuilder(network.Shape{H: 32, W: 32, C: 3})
	x := b.Add(network.BatchNorm{}, b.Add(network.Conv{Out: 16, Kernel: 3}, b.Input()))
	for _, c := range []int{16, 32, 64} {
		if c > 16 {
			x = reduction(b, x, c)
		}
		x = cell201(b, x, c, ops)
	}
	x = b.Add(network.Activation{Func: network.ReLU}, b.Add(network.BatchNorm{}, x))
	return b.Build(classify(b, x))
}

func cell201(b *network.Builder, x network.Ref, c int, ops [6]string) network.Ref {
	nodes := [4]network.Ref{x}
	edge := 0
	for to := 1; to < 4; to++ {
		var in []network.Ref
		for from := range to {
			in = append(in, edge201(b, nodes[from], c, ops[edge]))
			edge++
		}
		if nodes[to] = in[0]; len(in) > 1 {
			nodes[to] = b.Add(network.Add{}, in...)
		}
	}
	return nodes[3]
}

func edge201(b *network.Builder, x network.Ref, c int, op string) network.Ref {
	switch op {
	case "conv3x3":
		return activated(b, x, network.Conv{Out: c, Kernel: 3})
	case "conv1x1":
		return activated(b, x, network.Pointwise(c))
	case "avgpool3x3":
		return b.Add(network.AvgPool{Kernel: 3}, x)
	case "none":
		return b.Add(network.Zero{}, x)
	}
	return b.Add(network.Identity{}, x)
}

// reduction is the residual block that halves the image and doubles the channels.
func reduction(b *network.Builder, x network.Ref, c int) network.Ref {
	short := b.Add(network.Pointwise(c), b.Add(network.AvgPool{Kernel: 2, Stride: 2, Valid: true}, x))
	body := activated(b, activated(b, x, network.Conv{Out: c, Kernel: 3, Stride: 2}), network.Conv{Out: c, Kernel: 3})
	return b.Add(network.Add{}, body, short)
}

// activated is ReLU, convolution, batch norm.
func activated(b *network.Builder, x network.Ref, conv network.Conv) network.Ref {
	x = b.Add(network.Activation{Func: network.ReLU}, x)
	return b.Add(network.BatchNorm{}, b.Add(conv, x))
}

// classify is global pooling and a dense layer to ten classes.
func classify(b *network.Builder, x network.Ref) network.Ref {
	return b.Add(network.Dense{Out: 10}, b.Add(network.GlobalAvgPool{}, x))
}
