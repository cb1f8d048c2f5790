package network

import "fmt"

// Conv1d is a convolution over the steps of a sequence 1×T×C. Its weights lie as [Kernel][Cin/Groups][Out].
//
// With same padding (the default) the output has ⌈T/Stride⌉ steps and Kernel must be odd. Causal puts all the padding
// before the first step, so that no step sees a later one (van den Oord et al. 2016), and allows any Kernel. With Valid
// there is no padding. A zero Stride, Dilation or Groups reads as 1. Groups must divide the channels of input and output.
type Conv1d struct {
	Out, Kernel, Stride, Dilation, Groups int
	Valid, Causal, Bias                   bool
}

// Depthwise1d is a convolution of each channel of a sequence 1×T×C with a kernel of its own. Its weights lie as
// [Kernel][C]. Padding, and the reading of zero attributes, are those of [Conv1d].
type Depthwise1d struct {
	Kernel, Stride, Dilation int
	Valid, Causal, Bias      bool
}

// Kind returns "conv1d".
func (Conv1d) Kind() string { return "conv1d" }

// String returns the text form, as "conv1d(out=16,kernel=3,causal)".
func (c Conv1d) String() string {
	c = c.filled()
	var t opText
	t.number("out", c.Out)
	t.number("kernel", c.Kernel)
	t.numberUnless("stride", c.Stride, 1)
	t.numberUnless("dilation", c.Dilation, 1)
	t.numberUnless("groups", c.Groups, 1)
	t.flag("valid", c.Valid)
	t.flag("causal", c.Causal)
	t.flag("bias", c.Bias)
	return t.of("conv1d")
}

// Infer returns the output shape for one input.
func (c Conv1d) Infer(in []Shape) (Shape, error) {
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
	w, err := window{c.Kernel, c.Stride, c.Dilation, c.Valid}.slideSteps(x, c.Causal)
	if err != nil {
		return Shape{}, err
	}
	if err := checkCost("weights", c.Kernel, x.C/c.Groups, c.Out); err != nil {
		return Shape{}, err
	}
	if err := checkCost("MACs", w, c.Kernel, x.C/c.Groups, c.Out); err != nil {
		return Shape{}, err
	}
	out := Shape{1, w, c.Out}
	return out, out.Check()
}

// Cost counts Kernel·Cin/Groups·Out weights, Out biases if any, and one MAC a weight for every output step.
func (c Conv1d) Cost(in []Shape) Cost {
	c = c.filled()
	w, _ := window{c.Kernel, c.Stride, c.Dilation, c.Valid}.slideSteps(in[0], c.Causal)
	weights := int64(c.Kernel) * int64(in[0].C/c.Groups) * int64(c.Out)
	cost := Cost{Params: weights, MACs: weights * int64(w)}
	if c.Bias {
		cost.Params += int64(c.Out)
	}
	return cost
}

func (c Conv1d) filled() Conv1d {
	c.Stride, c.Dilation, c.Groups = orOne(c.Stride), orOne(c.Dilation), orOne(c.Groups)
	return c
}

func (c Conv1d) normal() Op { return c.filled() }

// Kind returns "depthwise1d".
func (Depthwise1d) Kind() string { return "depthwise1d" }

// String returns the text form, as "depthwise1d(kernel=3,stride=2)".
func (d Depthwise1d) String() string {
	d = d.filled()
	var t opText
	t.number("kernel", d.Kernel)
	t.numberUnless("stride", d.Stride, 1)
	t.numberUnless("dilation", d.Dilation, 1)
	t.flag("valid", d.Valid)
	t.flag("causal", d.Causal)
	t.flag("bias", d.Bias)
	return t.of("depthwise1d")
}

// Infer returns the output shape for one input; the channels stay.
func (d Depthwise1d) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	d = d.filled()
	w, err := window{d.Kernel, d.Stride, d.Dilation, d.Valid}.slideSteps(x, d.Causal)
	if err != nil {
		return Shape{}, err
	}
	if err := checkCost("MACs", w, d.Kernel, x.C); err != nil {
		return Shape{}, err
	}
	out := Shape{1, w, x.C}
	return out, out.Check()
}

// Cost counts Kernel·C weights, C biases if any, and one MAC a weight for every output step.
func (d Depthwise1d) Cost(in []Shape) Cost {
	d = d.filled()
	w, _ := window{d.Kernel, d.Stride, d.Dilation, d.Valid}.slideSteps(in[0], d.Causal)
	weights := int64(d.Kernel) * int64(in[0].C)
	cost := Cost{Params: weights, MACs: weights * int64(w)}
	if d.Bias {
		cost.Params += int64(in[0].C)
	}
	return cost
}

func (d Depthwise1d) filled() Depthwise1d {
	d.Stride, d.Dilation = orOne(d.Stride), orOne(d.Dilation)
	return d
}

func (d Depthwise1d) normal() Op { return d.filled() }

// checkGroups checks that the channels of input and output can be divided into groups.
func checkGroups(groups int, x Shape, out int) error {
	if err := atLeastOne("groups", groups, maxElements); err != nil {
		return err
	}
	if x.C%groups != 0 {
		return fmt.Errorf("the %d channels of input %v cannot be divided into %d groups", x.C, x, groups)
	}
	if out%groups != 0 {
		return fmt.Errorf("%d output channels cannot be divided into %d groups", out, groups)
	}
	return nil
}
