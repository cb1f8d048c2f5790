package peer

import "github.com/trellis-nas/trellis/network"

// plain is seven 3×3 convolutions with batch norm and ReLU, of stride 2 where the width doubles.
func plain() (*network.Graph, error) {
	b := network.NewBuilder(network.Shape{H: 32, W: 32, C: 3})
	x := b.Input()
	for i, out := range []int{16, 16, 16, 32, 32, 64, 64} {
		stride := 1
		if i == 3 || i == 5 {
			stride = 2
		}
		x = b.Add(network.BatchNorm{}, b.Add(network.Conv{Out: out, Kernel: 3, Stride: stride}, x))
		x = b.Add(network.Activation{Func: network.ReLU}, x)
	}
	return b.Build(classify(b, x))
}
