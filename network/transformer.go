package network

import "fmt"

// Transformer says how a transformer encoder is built. Zero fields read as the default in brackets.
type Transformer struct {
	Vocab  int     // token ids are below it; there is no default
	Width  int     // channels of a token [64]
	Heads  int     // of the attention [4]
	Layers int     // blocks [2]
	Hidden int     // channels inside the feed-forward part [2·Width]
	Act    ActFunc // of the feed-forward part [ReLU]
	Before bool    // normalise before each part and once at the end (Xiong et al. 2020), not after each sum
	Padded bool    // token 0 is padding: attention and the mean leave out what follows the last other token
}

// TransformerClassifier builds an encoder (Vaswani et al. 2017) that assigns sequences of the given number of token ids,
// 1×steps×1, to classes: embedding with learned positions, blocks of self-attention and a feed-forward part, each with a
// shortcut and a layer norm, then the mean over the steps and a dense layer.
func TransformerClassifier(steps, classes int, t Transformer) (*Graph, error) {
	t = t.filled()
	b := NewBuilder(Shape{1, steps, 1})
	if err := atLeastOne("layers", t.Layers, maxNodes); err != nil {
		b.Fail(err)
	}
	restore := b.Scope("tokens")
	x := b.Add(Positions{}, b.Add(Embedding{Vocab: t.Vocab, Out: t.Width}, b.Input()))
	var lengths []Ref
	if t.Padded {
		lengths = append(lengths, b.Add(Lengths{}, b.Input()))
	}
	restore()
	for i := 0; i < t.Layers && b.Err() == nil; i++ {
		restore := b.Scope(fmt.Sprintf("block%d", i+1))
		x = b.encoderBlock(x, lengths, t)
		restore()
	}
	defer b.Scope("head")()
	if t.Before {
		x = b.Add(LayerNorm{}, x)
	}
	x = b.Add(Mean{Width: true, Padded: t.Padded}, append([]Ref{x}, lengths...)...)
	x = b.Add(Dense{Out: classes}, x)
	return b.Build(x)
}

// encoderBlock appends self-attention and a feed-forward part.
func (b *Builder) encoderBlock(x Ref, lengths []Ref, t Transformer) Ref {
	part := func(x Ref, f func(Ref) Ref) Ref {
		if t.Before {
			return b.Add(Add{}, x, f(b.Add(LayerNorm{}, x)))
		}
		return b.Add(LayerNorm{}, b.Add(Add{}, x, f(x)))
	}
	x = part(x, func(x Ref) Ref {
		return b.Add(Attention{Heads: t.Heads, Padded: t.Padded}, append([]Ref{x}, lengths...)...)
	})
	return part(x, func(x Ref) Ref {
		up, down := Pointwise(t.Hidden), Pointwise(t.Width)
		up.Bias, down.Bias = true, true
		return b.Add(down, b.Add(Activation{t.Act}, b.Add(up, x)))
	})
}

func (t Transformer) filled() Transformer {
	or := func(v *int, def int) {
		if *v == 0 {
			*v = def
		}
	}
	or(&t.Width, 64)
	or(&t.Heads, 4)
	or(&t.Layers, 2)
	or(&t.Hidden, 2*t.Width)
	return t
}
