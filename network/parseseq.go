package network

// readSequence reads the operators of sequences.
func (a *attributes) readSequence(name string) (op Op, ok bool) {
	switch name {
	case "conv1d":
		return Conv1d{Out: a.must("out"), Kernel: a.must("kernel"), Stride: a.number("stride"), Dilation: a.number("dilation"),
			Groups: a.number("groups"), Valid: a.flag("valid"), Causal: a.flag("causal"), Bias: a.flag("bias")}, true
	case "depthwise1d":
		return Depthwise1d{Kernel: a.must("kernel"), Stride: a.number("stride"), Dilation: a.number("dilation"),
			Valid: a.flag("valid"), Causal: a.flag("causal"), Bias: a.flag("bias")}, true
	case "layernorm":
		return LayerNorm{}, true
	case "rmsnorm":
		return RMSNorm{}, true
	case "glu":
		return GLU{Gate: a.function("gate", Sigmoid)}, true
	case "softmax":
		return Softmax{}, true
	case "embedding":
		return Embedding{Vocab: a.must("vocab"), Out: a.must("out")}, true
	case "positions":
		return Positions{}, true
	case "lengths":
		return Lengths{Pad: a.number("pad")}, true
	case "attention":
		return Attention{Heads: a.must("heads"), HeadDim: a.number("headdim"), Causal: a.flag("causal"), Cross: a.flag("cross"),
			Padded: a.flag("padded"), NoBias: a.flag("nobias")}, true
	case "mean":
		return Mean{Height: a.flag("height"), Width: a.flag("width"), Channels: a.flag("channels"), Padded: a.flag("padded")}, true
	case "slice":
		return Slice{From: a.number("from"), Size: a.must("size")}, true
	}
	return nil, false
}

// function reads an optional attribute that names an activation function.
func (a *attributes) function(name string, absent ActFunc) ActFunc {
	text, ok := a.take(name)
	if !ok {
		return absent
	}
	f, err := ParseActFunc(text)
	if err != nil {
		a.fail("%s: %w", name, err)
	}
	return f
}
