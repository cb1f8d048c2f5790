package space

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
)

// AdaptCost returns what it costs to bring a tensor to another shape before it is added there, as [Skips] does: an average pooling to
// the height and width, and a pointwise convolution to the channels, each only where it is needed. It is an error if the pooling
// cannot reach the height and width.
func AdaptCost(from, to network.Shape) (network.Cost, error) {
	out, cost, err := measure(from, func(b *network.Builder) network.Ref { return adapt(b, b.Input(), to) })
	if err == nil && out != to {
		err = adaptError(from, to)
	}
	return cost, err
}

// AdaptFootprint returns what memory the same takes. Tensors of the same shape are given through.
func AdaptFootprint(from, to network.Shape) (network.Footprint, error) {
	return footprint(from, func(b *network.Builder) network.Ref { return adapt(b, b.Input(), to) })
}

// NormCost returns the cost of the batch normalisation that ends every layer of a [Skips] but the first.
func NormCost(shape network.Shape) network.Cost {
	return network.BatchNorm{}.Cost([]network.Shape{shape})
}

func adapt(b *network.Builder, x network.Ref, to network.Shape) network.Ref {
	from := b.Shape(x)
	if from.H != to.H || from.W != to.W {
		if from.H < to.H || from.W < to.W {
			b.Fail(adaptError(from, to))
			return x
		}
		stride := (from.H + to.H - 1) / to.H
		kernel := stride | 1 // same padding needs an odd window; it covers the stride
		x = b.Add(network.AvgPool{Kernel: kernel, Stride: stride}, x)
		if got := b.Shape(x); got.H != to.H || got.W != to.W {
			b.Fail(adaptError(from, to))
			return x
		}
	}
	if from.C != to.C {
		x = b.Add(network.Pointwise(to.C), x)
	}
	return x
}

func adaptError(from, to network.Shape) error {
	return fmt.Errorf("no pooling brings %v to the height and width of %v", from, to)
}
