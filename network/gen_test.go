package network

import "pgregory.net/rapid"

// randomGraph draws a valid network of up to 24 nodes over every operator of the catalogue.
func randomGraph(t *rapid.T) *Graph {
	small := rapid.IntRange(1, 6)
	b := NewBuilder(Shape{rapid.IntRange(1, 12).Draw(t, "height"), rapid.IntRange(1, 12).Draw(t, "width"), small.Draw(t, "channels")})
	scopes := rapid.SampledFrom([]string{"", "stem", "stage1.block1", "stage1.block2", "größe 1 # 2"})
	for range rapid.IntRange(0, 24).Draw(t, "nodes") {
		op := randomOp(t)
		n := 1
		switch op := op.(type) {
		case Add, Concat:
			n = rapid.IntRange(2, 4).Draw(t, "inputs")
		case Multiply:
			n = 2
		case Attention:
			if op.Cross {
				n++
			}
			if op.Padded {
				n++
			}
		case Mean:
			if op.Padded {
				n = 2
			}
		}
		refs, in := make([]Ref, n), make([]Shape, n)
		for i := range refs {
			refs[i] = Ref(rapid.IntRange(0, len(b.nodes)-1).Draw(t, "input"))
			in[i] = b.Shape(refs[i])
		}
		if _, err := op.Infer(in); err != nil {
			continue
		}
		restore := b.Scope(scopes.Draw(t, "scope"))
		b.Add(op, refs...)
		restore()
	}
	g, err := b.Build(Ref(rapid.IntRange(0, len(b.nodes)-1).Draw(t, "output")))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func randomOp(t *rapid.T) Op {
	small, yes := rapid.IntRange(0, 5), rapid.Bool()
	n := func(name string) int { return small.Draw(t, name) }
	switch rapid.IntRange(0, 28).Draw(t, "op") {
	case 0:
		return Conv{Out: n("out"), Kernel: n("kernel"), Stride: n("stride"), Dilation: n("dilation"), Groups: n("groups"),
			Valid: yes.Draw(t, "valid"), Bias: yes.Draw(t, "bias")}
	case 1:
		return Depthwise{Kernel: n("kernel"), Stride: n("stride"), Dilation: n("dilation"), Valid: yes.Draw(t, "valid"), Bias: yes.Draw(t, "bias")}
	case 2:
		return BatchNorm{}
	case 3:
		return Activation{ActFunc(rapid.IntRange(0, len(actNames)-1).Draw(t, "func"))}
	case 4:
		return MaxPool{Kernel: n("kernel"), Stride: n("stride"), Valid: yes.Draw(t, "valid")}
	case 5:
		return AvgPool{Kernel: n("kernel"), Stride: n("stride"), Valid: yes.Draw(t, "valid")}
	case 6:
		return GlobalAvgPool{}
	case 7:
		return Add{}
	case 8:
		return Concat{}
	case 9:
		return Multiply{}
	case 10:
		return Dense{Out: n("out"), NoBias: yes.Draw(t, "nobias")}
	case 11:
		return Dropout{rapid.Float32Range(0, 1).Draw(t, "rate")}
	case 12:
		return Flatten{}
	case 13:
		return Zero{n("stride")}
	case 14:
		return Conv1d{Out: n("out"), Kernel: n("kernel"), Stride: n("stride"), Dilation: n("dilation"), Groups: n("groups"),
			Valid: yes.Draw(t, "valid"), Causal: yes.Draw(t, "causal"), Bias: yes.Draw(t, "bias")}
	case 15:
		return Depthwise1d{Kernel: n("kernel"), Stride: n("stride"), Dilation: n("dilation"), Valid: yes.Draw(t, "valid"),
			Causal: yes.Draw(t, "causal"), Bias: yes.Draw(t, "bias")}
	case 16:
		return LayerNorm{}
	case 17:
		return RMSNorm{}
	case 18:
		return GLU{ActFunc(rapid.IntRange(0, len(actNames)-1).Draw(t, "gate"))}
	case 19:
		return Softmax{}
	case 20:
		return Embedding{Vocab: n("vocab"), Out: n("out")}
	case 21:
		return Positions{}
	case 22:
		return Lengths{Pad: n("pad")}
	case 23:
		return Attention{Heads: n("heads"), HeadDim: n("headdim"), Causal: yes.Draw(t, "causal"), Cross: yes.Draw(t, "cross"),
			Padded: yes.Draw(t, "padded"), NoBias: yes.Draw(t, "nobias")}
	case 24:
		return Mean{Height: yes.Draw(t, "height"), Width: yes.Draw(t, "width"), Channels: yes.Draw(t, "channels"), Padded: yes.Draw(t, "padded")}
	case 25:
		return Slice{From: n("from"), Size: n("size")}
	case 26:
		return LSTM{Hidden: n("hidden"), Last: yes.Draw(t, "last")}
	case 27:
		return GRU{Hidden: n("hidden"), Last: yes.Draw(t, "last")}
	}
	return Identity{}
}
