package network

// Conv is a two-dimensional convolution. Its weights lie as [Kernel][Kernel][Cin/Groups][Out].
//
// With same padding (the default) the output is ⌈input/Stride⌉ high and wide and Kernel must be odd; with Valid there
// is no padding. A zero Stride, Dilation or Groups reads as 1. Groups must divide the channels of input and output.
type Conv struct {
	Out, Kernel, Stride, Dilation, Groups int
	Valid, Bias                           bool
}

// Pointwise returns the 1×1 convolution to out channels, without bias.
func Pointwise(out int) Conv { return Conv{Out: out, Kernel: 1, Stride: 1, Dilation: 1, Groups: 1} }

// Kind returns "conv".
func (Conv) Kind() string { return "conv" }

// String returns the text form, as "conv(out=16,kernel=3,stride=2,bias)".
func (c Conv) String() string {
	c = c.filled()
	var t opText
	t.number("out", c.Out)
	t.number("kernel", c.Kernel)
	t.numberUnless("stride", c.Stride, 1)
	t.numberUnless("dilation", c.Dilation, 1)
	t.numberUnless("groups", c.Groups, 1)
	t.flag("valid", c.Valid)
	t.flag("bias", c.Bias)
	return t.of("conv")
}

// Infer returns the output shape for one input.
func (c Conv) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	c = c.filled()
	if err := atLeastOne("out", c.Out, maxElements); err != nil {
		return Shape{}, err
	}
	if err := checkGroups(c.Groups, x, c.Out); err != nil {
		return Shape{}, err
	}
	h, w, err := window{c.Kernel, c.Stride, c.Dilation, c.Valid}.slide(x)
	if err != nil {
		return Shape{}, err
	}
	if err := checkCost("weights", c.Kernel, c.Kernel, x.C/c.Groups, c.Out); err != nil {
		return Shape{}, err
	}
	if err := checkCost("MACs", h, w, c.Kernel, c.Kernel, x.C/c.Groups, c.Out); err != nil {
		return Shape{}, err
	}
	out := Shape{h, w, c.Out}
	return out, out.Check()
}

// Cost counts Kernel²·Cin/Groups·Out weights, Out biases if any, and one MAC a weight for every output position.
func (c Conv) Cost(in []Shape) Cost {
	c = c.filled()
	x := in[0]
	h, w, _ := window{c.Kernel, c.Stride, c.Dilation, c.Valid}.slide(x)
	weights := int64(c.Kernel) * int64(c.Kernel) * int64(x.C/c.Groups) * int64(c.Out)
	cost := Cost{Params: weights, MACs: weights * int64(h) * int64(w)}
	if c.Bias {
		cost.Params += int64(c.Out)
	}
	return cost
}

func (c Conv) filled() Conv {
	c.Stride, c.Dilation, c.Groups = orOne(c.Stride), orOne(c.Dilation), orOne(c.Groups)
	return c
}

func (c Conv) normal() Op { return c.filled() }
