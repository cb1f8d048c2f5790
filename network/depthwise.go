package network

// Depthwise is a convolution of each channel with a kernel of its own. Its weights lie as [Kernel][Kernel][C].
// Padding, and the reading of zero attributes, are those of [Conv].
type Depthwise struct {
	Kernel, Stride, Dilation int
	Valid, Bias              bool
}

// Kind returns "depthwise".
func (Depthwise) Kind() string { return "depthwise" }

// String returns the text form, as "depthwise(kernel=3,stride=2)".
func (d Depthwise) String() string {
	d = d.filled()
	var t opText
	t.number("kernel", d.Kernel)
	t.numberUnless("stride", d.Stride, 1)
	t.numberUnless("dilation", d.Dilation, 1)
	t.flag("valid", d.Valid)
	t.flag("bias", d.Bias)
	return t.of("depthwise")
}

// Infer returns the output shape for one input; the channels stay.
func (d Depthwise) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	d = d.filled()
	h, w, err := window{d.Kernel, d.Stride, d.Dilation, d.Valid}.slide(x)
	if err != nil {
		return Shape{}, err
	}
	if err := checkCost("weights", d.Kernel, d.Kernel, x.C); err != nil {
		return Shape{}, err
	}
	if err := checkCost("MACs", h, w, d.Kernel, d.Kernel, x.C); err != nil {
		return Shape{}, err
	}
	out := Shape{h, w, x.C}
	return out, out.Check()
}

// Cost counts Kernel²·C weights, C biases if any, and one MAC a weight for every output position.
func (d Depthwise) Cost(in []Shape) Cost {
	d = d.filled()
	x := in[0]
	h, w, _ := window{d.Kernel, d.Stride, d.Dilation, d.Valid}.slide(x)
	weights := int64(d.Kernel) * int64(d.Kernel) * int64(x.C)
	cost := Cost{Params: weights, MACs: weights * int64(h) * int64(w)}
	if d.Bias {
		cost.Params += int64(x.C)
	}
	return cost
}

func (d Depthwise) filled() Depthwise {
	d.Stride, d.Dilation = orOne(d.Stride), orOne(d.Dilation)
	return d
}

func (d Depthwise) normal() Op { return d.filled() }
