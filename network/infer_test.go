package network_test

import (
	"testing"

	. "github.com/trellis-nas/trellis/network"
)

func TestEveryOperatorInfersItsShapeAndCost(t *testing.T) {
	image, vector := Shape{H: 14, W: 10, C: 16}, Vector(16)
	for _, c := range []struct {
		op   Op
		in   []Shape
		want Shape
		cost Cost
	}{
		{Conv{Out: 8, Kernel: 3}, []Shape{image}, Shape{H: 14, W: 10, C: 8}, Cost{Params: 1152, MACs: 161280}},
		{Conv{Out: 8, Kernel: 3, Bias: true}, []Shape{image}, Shape{H: 14, W: 10, C: 8}, Cost{Params: 1160, MACs: 161280}},
		{Conv{Out: 8, Kernel: 3, Stride: 2}, []Shape{image}, Shape{H: 7, W: 5, C: 8}, Cost{Params: 1152, MACs: 40320}},
		{Conv{Out: 8, Kernel: 3, Stride: 4}, []Shape{image}, Shape{H: 4, W: 3, C: 8}, Cost{Params: 1152, MACs: 13824}},
		{Conv{Out: 8, Kernel: 3, Groups: 4}, []Shape{image}, Shape{H: 14, W: 10, C: 8}, Cost{Params: 288, MACs: 40320}},
		{Conv{Out: 8, Kernel: 3, Dilation: 2, Valid: true}, []Shape{image}, Shape{H: 10, W: 6, C: 8}, Cost{Params: 1152, MACs: 69120}},
		{Conv{Out: 8, Kernel: 2, Stride: 2, Valid: true}, []Shape{image}, Shape{H: 7, W: 5, C: 8}, Cost{Params: 512, MACs: 17920}},
		{Pointwise(8), []Shape{image}, Shape{H: 14, W: 10, C: 8}, Cost{Params: 128, MACs: 17920}},
		{Depthwise{Kernel: 5}, []Shape{image}, image, Cost{Params: 400, MACs: 56000}},
		{Depthwise{Kernel: 3, Stride: 2, Bias: true}, []Shape{image}, Shape{H: 7, W: 5, C: 16}, Cost{Params: 160, MACs: 5040}},
		{BatchNorm{}, []Shape{image}, image, Cost{Params: 32}},
		{Activation{GELU}, []Shape{image}, image, Cost{}},
		{MaxPool{Kernel: 2, Stride: 2, Valid: true}, []Shape{image}, Shape{H: 7, W: 5, C: 16}, Cost{}},
		{AvgPool{Kernel: 3}, []Shape{image}, image, Cost{}},
		{AvgPool{Kernel: 3, Stride: 2}, []Shape{{H: 7, W: 7, C: 2}}, Shape{H: 4, W: 4, C: 2}, Cost{}},
		{GlobalAvgPool{}, []Shape{image}, vector, Cost{}},
		{Add{}, []Shape{image, image, image}, image, Cost{}},
		{Concat{}, []Shape{image, {H: 14, W: 10, C: 3}}, Shape{H: 14, W: 10, C: 19}, Cost{}},
		{Multiply{}, []Shape{image, vector}, image, Cost{}},
		{Multiply{}, []Shape{image, image}, image, Cost{}},
		{Dense{Out: 10}, []Shape{vector}, Vector(10), Cost{Params: 170, MACs: 160}},
		{Dense{Out: 10, NoBias: true}, []Shape{vector}, Vector(10), Cost{Params: 160, MACs: 160}},
		{LSTM{Hidden: 8}, []Shape{{H: 1, W: 5, C: 3}}, Shape{H: 1, W: 5, C: 8}, Cost{Params: 416, MACs: 1760}},
		{LSTM{Hidden: 8, Last: true}, []Shape{{H: 1, W: 5, C: 3}}, Vector(8), Cost{Params: 416, MACs: 1760}},
		{GRU{Hidden: 8}, []Shape{{H: 1, W: 5, C: 3}}, Shape{H: 1, W: 5, C: 8}, Cost{Params: 312, MACs: 1320}},
		{Dropout{0.5}, []Shape{image}, image, Cost{}},
		{Flatten{}, []Shape{image}, Vector(2240), Cost{}},
		{Zero{}, []Shape{image}, image, Cost{}},
		{Zero{Stride: 4}, []Shape{image}, Shape{H: 4, W: 3, C: 16}, Cost{}},
		{Identity{}, []Shape{image}, image, Cost{}},
	} {
		got, err := c.op.Infer(c.in)
		if err != nil {
			t.Errorf("%v of %v: %v", c.op, c.in, err)
			continue
		}
		if got != c.want {
			t.Errorf("%v of %v gives %v; want %v", c.op, c.in, got, c.want)
		}
		if cost := c.op.Cost(c.in); cost != c.cost {
			t.Errorf("%v of %v costs %+v; want %+v", c.op, c.in, cost, c.cost)
		}
	}
}

func TestEveryOperatorRefusesWhatItCannotTake(t *testing.T) {
	image, vector := Shape{H: 7, W: 7, C: 16}, Vector(16)
	one := []Shape{image}
	for _, c := range []struct {
		op   Op
		in   []Shape
		want string
	}{
		{Conv{Out: 8, Kernel: 3}, nil, "takes 1 input, not 0"},
		{Conv{Out: 8, Kernel: 3}, []Shape{image, image}, "takes 1 input, not 2"},
		{Conv{Out: 8, Kernel: 4}, one, "kernel 4 is even, which same padding cannot centre on input 7x7x16; use 5 or valid padding"},
		{Conv{Out: 8, Kernel: 9, Valid: true}, one, "kernel 9x9 is larger than the input 7x7x16"},
		{Conv{Out: 8, Kernel: 5, Dilation: 2, Valid: true}, one, "kernel 5 with dilation 2, spanning 9x9, is larger than the input 7x7x16"},
		{Conv{Out: 8, Kernel: 3, Groups: 3}, one, "the 16 channels of input 7x7x16 cannot be divided into 3 groups"},
		{Conv{Out: 6, Kernel: 3, Groups: 4}, one, "6 output channels cannot be divided into 4 groups"},
		{Conv{Kernel: 3}, one, "out is 0; it must be at least 1"},
		{Conv{Out: -8, Kernel: 3}, one, "out is -8; it must be at least 1"},
		{Conv{Out: 8}, one, "kernel is 0; it must be at least 1"},
		{Conv{Out: 8, Kernel: 3, Stride: -1}, one, "stride is -1; it must be at least 1"},
		{Conv{Out: 8, Kernel: 3, Dilation: -2}, one, "dilation is -2; it must be at least 1"},
		{Conv{Out: 8, Kernel: 3, Groups: -4}, one, "groups is -4; it must be at least 1"},
		{Conv{Out: 8, Kernel: 99999}, one, "kernel is 99999; it must be at most 32768"},
		{Conv{Out: 1 << 30, Kernel: 255}, one, "needs 1.12e+15 weights, more than the 70368744177664 an operator may have"},
		{Depthwise{Kernel: 2}, one, "kernel 2 is even, which same padding cannot centre on input 7x7x16; use 3 or valid padding"},
		{MaxPool{Kernel: 8, Valid: true}, one, "kernel 8x8 is larger than the input 7x7x16"},
		{AvgPool{}, one, "kernel is 0; it must be at least 1"},
		{Activation{99}, one, "unknown activation function 99"},
		{Add{}, one, "takes at least 2 inputs, not 1"},
		{Add{}, []Shape{image, image, vector}, "inputs 7x7x16 and 1x1x16 differ"},
		{Concat{}, []Shape{image, {H: 7, W: 8, C: 16}}, "inputs 7x7x16 and 7x8x16 differ in height or width"},
		{Concat{}, []Shape{Vector(1 << 30), Vector(1 << 30)}, "the channels of 2 inputs sum to more than 2147483647"},
		{Multiply{}, []Shape{image, Vector(8)}, "inputs 7x7x16 and 1x1x8 differ and the second is no gate 1x1x16"},
		{Multiply{}, []Shape{vector, image}, "inputs 1x1x16 and 7x7x16 differ and the second is no gate 1x1x16"},
		{Dense{Out: 10}, one, "input 7x7x16 is no vector; flatten it to 1x1x784 or pool it to 1x1x16 first"},
		{Dense{Out: 0}, []Shape{vector}, "out is 0; it must be at least 1"},
		{LSTM{Hidden: 8}, one, "input 7x7x16 is no sequence; a sequence has shape 1xTxC"},
		{GRU{}, []Shape{vector}, "hidden is 0; it must be at least 1"},
		{Dropout{1}, one, "rate is 1; it must be at least 0 and below 1"},
		{Dropout{-0.1}, one, "rate is -0.1; it must be at least 0 and below 1"},
		{Zero{-1}, one, "stride is -1; it must be at least 1"},
		{Identity{}, []Shape{{H: 7, W: 0, C: 16}}, "shape 7x0x16 has a dimension below 1"},
		{Identity{}, []Shape{{H: 1 << 16, W: 1 << 16, C: 1}}, "shape 65536x65536x1 holds more than 2147483647 elements"},
	} {
		got, err := c.op.Infer(c.in)
		switch {
		case err == nil:
			t.Errorf("%v of %v gives %v; want the error %q", c.op, c.in, got, c.want)
		case err.Error() != c.want:
			t.Errorf("%v of %v says\n%q; want\n%q", c.op, c.in, err, c.want)
		}
	}
}

func TestAShapeReadsBackFromItsText(t *testing.T) {
	for _, s := range []Shape{{H: 28, W: 28, C: 1}, Vector(10), {H: 1, W: 100, C: 40}} {
		if got, err := ParseShape(s.String()); err != nil || got != s {
			t.Errorf("%v reads back as %v, %v", s, got, err)
		}
	}
	for _, text := range []string{"", "28", "28x28", "28x28x1x1", "28x28x-1", "0x1x1", "028x28x1", "+1x1x1", "axbxc", "65536x65536x1", "99999999999999999999x1x1"} {
		if got, err := ParseShape(text); err == nil {
			t.Errorf("%q is read as %v; want an error", text, got)
		}
	}
}
