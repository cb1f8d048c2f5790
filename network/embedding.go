package network

import "fmt"

// maxVocab bounds a vocabulary: float32 holds every token id below 2²⁴ exactly.
const maxVocab = 1 << 24

// Embedding replaces each token id of its input, H×W×1, by a trained vector of Out numbers. Ids are whole numbers from
// 0 to Vocab−1 stored as float32; any other number is refused when a batch is run. Its weights lie as [Vocab][Out].
type Embedding struct{ Vocab, Out int }

// Positions adds a trained vector to each position, the same for every sample (learned positional embeddings, Gehring
// et al. 2017). Its weights lie as [H][W][C].
type Positions struct{}

// Lengths counts the steps of a sequence of token ids, 1×T×1, up to the last that is not Pad: the length of a padded
// sequence, 1×1×1. Attention and Mean take it to leave the padding out. No gradient flows through it.
type Lengths struct{ Pad int }

// Kind returns "embedding".
func (Embedding) Kind() string { return "embedding" }

// String returns the text form, as "embedding(vocab=8000,out=64)".
func (e Embedding) String() string {
	var t opText
	t.number("vocab", e.Vocab)
	t.number("out", e.Out)
	return t.of("embedding")
}

// Infer returns the shape of its one input with Out channels.
func (e Embedding) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	if x.C != 1 {
		return Shape{}, fmt.Errorf("input %v is no sequence of token ids; it needs a single channel", x)
	}
	if err := atLeastOne("vocab", e.Vocab, maxVocab); err != nil {
		return Shape{}, err
	}
	if err := atLeastOne("out", e.Out, maxElements); err != nil {
		return Shape{}, err
	}
	out := Shape{x.H, x.W, e.Out}
	if err := checkCost("weights", e.Vocab, e.Out); err != nil {
		return Shape{}, err
	}
	return out, out.Check()
}

// Cost counts Vocab·Out weights. Looking a vector up takes no MACs.
func (e Embedding) Cost([]Shape) Cost { return Cost{Params: int64(e.Vocab) * int64(e.Out)} }

func (e Embedding) normal() Op { return e }

// Kind returns "positions".
func (Positions) Kind() string { return "positions" }

// String returns "positions".
func (Positions) String() string { return "positions" }

// Infer returns the shape of its one input.
func (Positions) Infer(in []Shape) (Shape, error) { return unary(in) }

// Cost counts a weight for each element.
func (Positions) Cost(in []Shape) Cost { return Cost{Params: int64(in[0].Elements())} }

func (o Positions) normal() Op { return o }

// Kind returns "lengths".
func (Lengths) Kind() string { return "lengths" }

// String returns the text form, "lengths" or "lengths(pad=3)".
func (l Lengths) String() string {
	var t opText
	t.numberUnless("pad", l.Pad, 0)
	return t.of("lengths")
}

// Infer returns 1×1×1 for one input 1×T×1.
func (l Lengths) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	if x.H != 1 || x.C != 1 {
		return Shape{}, fmt.Errorf("input %v is no sequence of token ids 1xTx1", x)
	}
	if l.Pad < 0 || l.Pad >= maxVocab {
		return Shape{}, fmt.Errorf("pad is %d; it must be at least 0 and below %d", l.Pad, maxVocab)
	}
	return Vector(1), nil
}

// Cost returns zero.
func (Lengths) Cost([]Shape) Cost { return Cost{} }

func (l Lengths) normal() Op { return l }
