package network_test

import (
	"strings"
	"testing"

	. "github.com/trellis-nas/trellis/network"
)

func TestEveryOperatorOfSequencesInfersItsShapeAndCost(t *testing.T) {
	ids, seq, long, length := Shape{H: 1, W: 20, C: 1}, Shape{H: 1, W: 20, C: 12}, Shape{H: 1, W: 30, C: 6}, Vector(1)
	for _, c := range []struct {
		op   Op
		in   []Shape
		want Shape
		cost Cost
	}{
		{Conv1d{Out: 8, Kernel: 3}, []Shape{seq}, Shape{H: 1, W: 20, C: 8}, Cost{Params: 288, MACs: 5760}},
		{Conv1d{Out: 8, Kernel: 3, Groups: 4, Bias: true}, []Shape{seq}, Shape{H: 1, W: 20, C: 8}, Cost{Params: 80, MACs: 1440}},
		{Conv1d{Out: 8, Kernel: 3, Stride: 3, Dilation: 2, Valid: true}, []Shape{seq}, Shape{H: 1, W: 6, C: 8}, Cost{Params: 288, MACs: 1728}},
		{Conv1d{Out: 8, Kernel: 4, Causal: true}, []Shape{seq}, Shape{H: 1, W: 20, C: 8}, Cost{Params: 384, MACs: 7680}},
		{Depthwise1d{Kernel: 5, Stride: 2}, []Shape{seq}, Shape{H: 1, W: 10, C: 12}, Cost{Params: 60, MACs: 600}},
		{LayerNorm{}, []Shape{seq}, seq, Cost{Params: 24}},
		{RMSNorm{}, []Shape{seq}, seq, Cost{Params: 12}},
		{GLU{Sigmoid}, []Shape{seq}, Shape{H: 1, W: 20, C: 6}, Cost{}},
		{Softmax{}, []Shape{seq}, seq, Cost{}},
		{Embedding{Vocab: 100, Out: 12}, []Shape{ids}, seq, Cost{Params: 1200}},
		{Positions{}, []Shape{seq}, seq, Cost{Params: 240}},
		{Lengths{}, []Shape{ids}, length, Cost{}},
		// 12·36 + 12·12 weights and 48 biases; 20·(432+144) MACs of projections and 2·20·20·12 of products.
		{Attention{Heads: 3}, []Shape{seq}, seq, Cost{Params: 624, MACs: 21120}},
		{Attention{Heads: 3, HeadDim: 4, NoBias: true, Causal: true}, []Shape{seq}, seq, Cost{Params: 576, MACs: 21120}},
		// Queries 12·12, keys and values 6·24, output 12·12; 20·288 + 30·144 + 2·20·30·12.
		{Attention{Heads: 4, Cross: true, Padded: true}, []Shape{seq, long, length}, seq, Cost{Params: 480, MACs: 24480}},
		{Mean{Width: true}, []Shape{seq}, Vector(12), Cost{}},
		{Mean{Width: true, Padded: true}, []Shape{seq, length}, Vector(12), Cost{}},
		{Mean{Height: true, Channels: true}, []Shape{{H: 3, W: 4, C: 5}}, Shape{H: 1, W: 4, C: 1}, Cost{}},
		{Slice{From: 4, Size: 8}, []Shape{seq}, Shape{H: 1, W: 20, C: 8}, Cost{}},
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

func TestEveryOperatorOfSequencesRefusesWhatItCannotTake(t *testing.T) {
	image, seq, length := Shape{H: 7, W: 7, C: 16}, Shape{H: 1, W: 20, C: 12}, Vector(1)
	one := []Shape{seq}
	for _, c := range []struct {
		op   Op
		in   []Shape
		want string
	}{
		{Conv1d{Out: 8, Kernel: 3}, []Shape{image}, "input 7x7x16 is no sequence 1xTxC"},
		{Conv1d{Out: 8, Kernel: 4}, one, "kernel 4 is even, which same padding cannot centre on input 1x20x12; use 5 or valid padding"},
		{Conv1d{Out: 8, Kernel: 5, Dilation: 5, Valid: true}, one, "kernel 5 with dilation 5 spans 21 steps, more than input 1x20x12 has"},
		{Conv1d{Out: 8, Kernel: 3, Valid: true, Causal: true}, one, "padding is either valid or causal, not both"},
		{Conv1d{Out: 8, Kernel: 3, Groups: 5}, one, "the 12 channels of input 1x20x12 cannot be divided into 5 groups"},
		{Depthwise1d{}, one, "kernel is 0; it must be at least 1"},
		{GLU{SiLU}, []Shape{Vector(7)}, "the 7 channels of input 1x1x7 have no halves"},
		{Embedding{Vocab: 10, Out: 4}, one, "input 1x20x12 is no sequence of token ids; it needs a single channel"},
		{Embedding{Vocab: 1 << 25, Out: 4}, []Shape{{H: 1, W: 9, C: 1}}, "vocab is 33554432; it must be at most 16777216"},
		{Lengths{}, one, "input 1x20x12 is no sequence of token ids 1xTx1"},
		{Attention{Heads: 5}, one, "the 12 channels of input 1x20x12 cannot be divided among 5 heads; set headdim"},
		{Attention{}, one, "heads is 0; it must be at least 1"},
		{Attention{Heads: 4, Cross: true}, one, "takes 2 inputs, not 1"},
		{Attention{Heads: 4, Padded: true}, []Shape{seq, seq}, "the lengths have shape 1x20x12; they need 1x1x1"},
		{Attention{Heads: 4, Cross: true, Causal: true}, []Shape{seq, {H: 1, W: 9, C: 12}}, "causal attention of 1x20x12 to 1x9x12 needs as many positions in both"},
		{Mean{}, one, "no axis is set; set height, width or channels"},
		{Mean{Channels: true, Width: true, Padded: true}, []Shape{seq, length}, "a padded mean is over the width of a sequence 1xTxC, not of input 1x20x12 by mean(width,channels,padded)"},
		{Slice{From: 8, Size: 5}, one, "channels 8 to 12 are not all among those of input 1x20x12"},
		{Slice{From: -1, Size: 5}, one, "channels -1 to 3 are not all among those of input 1x20x12"},
	} {
		if got, err := c.op.Infer(c.in); err == nil || err.Error() != c.want {
			t.Errorf("%v of %v gives %v and says\n%v; want\n%s", c.op, c.in, got, err, c.want)
		}
	}
}

func TestASplitHasEqualPartsOrIsAMistake(t *testing.T) {
	b := NewBuilder(Shape{H: 1, W: 4, C: 6})
	parts := b.Split(b.Input(), 3)
	for i, p := range parts {
		if b.Shape(p) != (Shape{H: 1, W: 4, C: 2}) {
			t.Errorf("part %d has shape %v", i, b.Shape(p))
		}
	}
	b.Split(b.Input(), 4)
	if err := b.Err(); err == nil || !strings.Contains(err.Error(), "the 6 channels of 1x4x6 cannot be split into 4 parts") {
		t.Errorf("splitting six channels in four gave %v", err)
	}
}

func TestTheTransformerHasItsKnownParamsAndMACs(t *testing.T) {
	g, err := TransformerClassifier(64, 4, Transformer{Vocab: 8000})
	if err != nil {
		t.Fatal(err)
	}
	// Embedding 512,000, positions 4,096; a block has 16,640 in attention, 16,576 in the feed-forward part and 256 in
	// norms; the head has 260.
	if want := int64(512000 + 4096 + 2*(16640+16576+256) + 260); g.Params() != want {
		t.Errorf("%d params; want %d", g.Params(), want)
	}
	// Per block 64 steps of 32,768 and 2·64·64·64 of products; the head has 256.
	if want := int64(2*(64*32768+2*64*64*64) + 256); g.MACs() != want {
		t.Errorf("%d MACs; want %d", g.MACs(), want)
	}
	for _, c := range []struct {
		t    Transformer
		want string
	}{
		{Transformer{}, "vocab is 0"},
		{Transformer{Vocab: 10, Width: 10, Heads: 4}, "the 10 channels of input 1x64x10 cannot be divided among 4 heads"},
		{Transformer{Vocab: 10, Layers: -1}, "layers is -1"},
	} {
		if _, err := TransformerClassifier(64, 4, c.t); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v gave %v; want %s", c.t, err, c.want)
		}
	}
}
