package network

import (
	"fmt"
	"math"
)

// stage is one row of the table of MobileNetV2: blocks inverted residuals of one expansion and width, the first with
// the stride.
type stage struct{ expansion, width, blocks, stride int }

// mobileNetStages is table 2 of Sandler et al. 2018 cut for small images: early strides and late wide stages left out.
var mobileNetStages = []stage{
	{1, 16, 1, 1},
	{6, 24, 2, 2},
	{6, 32, 3, 2},
	{6, 64, 2, 1},
}

// MobileNetV2Small builds a MobileNetV2 (Sandler et al. 2018) for small images: a 3×3 stem, four stages of inverted
// residuals with linear bottlenecks and ReLU6, a pointwise layer of 128, global pooling, dropout and a dense layer to
// classes. The stem has stride 1 for images up to 40 pixels a side, else 2. Width multiplies the channels of every layer
// but the last, rounded to multiples of 8 as in the paper's code; it must be above 0 and at most 8.
func MobileNetV2Small(in Shape, classes int, width float64) (*Graph, error) {
	if !(width > 0 && width <= 8) {
		return nil, fmt.Errorf("width multiplier is %v; it must be above 0 and at most 8", width)
	}
	b := NewBuilder(in)
	stemStride := 1
	if max(in.H, in.W) > 40 {
		stemStride = 2
	}
	restore := b.Scope("stem")
	x := b.convNormAct(Conv{Out: scaled(16, width), Kernel: 3, Stride: stemStride}, b.Input())
	restore()
	for i, s := range mobileNetStages {
		for j := range s.blocks {
			stride := 1
			if j == 0 {
				stride = s.stride
			}
			restore := b.Scope(fmt.Sprintf("stage%d.block%d", i+1, j+1))
			x = b.invertedResidual(x, s.expansion, scaled(s.width, width), stride)
			restore()
		}
	}
	defer b.Scope("head")()
	x = b.convNormAct(Pointwise(max(128, scaled(128, width))), x)
	x = b.Add(GlobalAvgPool{}, x)
	x = b.Add(Dropout{0.2}, x)
	x = b.Add(Dense{Out: classes}, x)
	return b.Build(x)
}

// invertedResidual appends expansion (left out at 1), 3×3 depthwise convolution and linear projection, with a
// shortcut where the shapes allow it.
func (b *Builder) invertedResidual(x Ref, expansion, out, stride int) Ref {
	y := x
	if expansion > 1 {
		y = b.convNormAct(Pointwise(expansion*b.Shape(x).C), x)
	}
	y = b.convNormAct(Depthwise{Kernel: 3, Stride: stride}, y)
	y = b.Add(Pointwise(out), y)
	y = b.Add(BatchNorm{}, y)
	if b.Shape(y) != b.Shape(x) {
		return y
	}
	return b.Add(Add{}, x, y)
}

func (b *Builder) convNormAct(conv Op, x Ref) Ref {
	return b.Add(Activation{ReLU6}, b.Add(BatchNorm{}, b.Add(conv, x)))
}

// scaled multiplies channels by the width and rounds to a multiple of 8, at least 8 and never down by more than a
// tenth, as the authors' code does.
func scaled(channels int, width float64) int {
	const divisor = 8
	exact := float64(channels) * width
	rounded := max(divisor, int(math.Floor(exact+divisor/2))/divisor*divisor)
	if float64(rounded) < 0.9*exact {
		rounded += divisor
	}
	return rounded
}
