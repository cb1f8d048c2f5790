package kernel

// ConvShape describes a two-dimensional convolution over NHWC data. Output pixel (oh, ow) reads input pixels
// (oh·Stride − PadTop + kh·Dilation, ow·Stride − PadLeft + kw·Dilation); those outside the image are zero. Cin and
// Cout count all channels, of all Groups. A depthwise convolution has Groups = Cin = Cout.
type ConvShape struct {
	N, H, W, Cin, Cout       int
	KH, KW, Stride           int
	PadTop, PadLeft          int
	Dilation, Groups, OH, OW int
}

// MACs returns the multiply-accumulates of the forward pass, padding counted.
func (g ConvShape) MACs() int64 {
	return int64(g.N) * int64(g.OH) * int64(g.OW) * int64(g.Cout) * int64(g.KH*g.KW) * int64(g.Cin/g.Groups)
}
