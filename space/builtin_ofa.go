package space

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
)

// OFAOptions are the options of [OFA]. The zero value is the space of the paper for ImageNet, with width 1.0.
type OFAOptions struct {
	Name       string        // default "ofa-mbv3"
	Input      network.Shape // default 224x224x3; the paper takes images of 128 to 224 pixels a side
	Classes    int           // default 1000
	Multiplier float64       // of all widths, 0.1 to 8; published are networks of 1.0, the default, and 1.2
	Depth      []int         // blocks of each unit, 1 to 1000; default 2, 3, 4
	Kernel     []int         // odd, 1 to 31; default 3, 5, 7
	Expand     []float64     // 0.25 to 16; default 3, 4, 6
	Dropout    float64       // before the classifier, 0 to 0.95; default 0
}

// ofaUnit is a unit of the space: blocks of one width.
type ofaUnit struct {
	width, stride int
	act           string
	se            bool
}

// OFA returns the space of Once-for-All with the blocks of MobileNetV3 (Cai et al. 2020): five units of two to four inverted residuals,
// each with a kernel and an expansion of its own, between the fixed ends of MobileNetV3-Large (Howard et al. 2019). By default it has
// (9²+9³+9⁴)⁵ = 21,758,655,492,572,485,851 architectures. Channels are multiples of 8. Labels carry a letter: d2 k3 e6 k7 e4.
func OFA(o OFAOptions) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	width := func(base int) Attr { return Of(RoundChannels(float64(base)*o.Multiplier, 8)) }
	nodes := []Node{&Scope{"stem", SeqOf(
		LeafOf(&Conv{Out: width(16), Stride: Of(2), Act: Of("hswish")}),
		LeafOf(&MBConv{Out: width(16), Expand: Of(1)}),
	)}}
	for i, u := range []ofaUnit{
		{24, 2, "relu", false},
		{40, 2, "relu", true},
		{80, 2, "hswish", false},
		{112, 1, "hswish", true},
		{160, 2, "hswish", true},
	} {
		block := func(stride int) Node { return o.block(u, width(u.width), stride) }
		name := fmt.Sprintf("unit%d", i+1)
		nodes = append(nodes, &Repeat{Name: name, Counts: o.Depth, Labels: labelled("d", o.Depth), First: block(u.stride), Body: block(1)})
	}
	nodes = append(nodes, &Scope{"head", SeqOf(
		LeafOf(&Conv{Out: width(960), Kernel: Of(1), Act: Of("hswish")}),
		LeafOf(&GlobalPool{}),
		LeafOf(&Conv{Out: width(1280), Kernel: Of(1), Norm: Of(false), Act: Of("hswish")}),
		LeafOf(&Dropout{Rate: Of(o.Dropout)}),
		LeafOf(&Dense{Out: Var(ClassesVar)}),
	)})
	return New(o.Name, o.Input, &Seq{nodes}, Classes(o.Classes))
}

// block decides the kernel and the expansion of one inverted residual.
func (o OFAOptions) block(u ofaUnit, width Attr, stride int) Node {
	block := &MBConv{
		Out: width, Stride: Of(stride), Kernel: Var("kernel"), Expand: Var("expand"), Act: Of(u.act), Gate: Of("hsigmoid"), Round: Of(8),
	}
	if u.se {
		block.SE = Of(0.25)
	}
	return &Let{Var: "kernel", Values: Values(o.Kernel...), Labels: labelled("k", o.Kernel), Body: &Let{
		Var: "expand", Values: Values(o.Expand...), Labels: labelled("e", o.Expand), Body: LeafOf(block),
	}}
}

func (o *OFAOptions) schema() schema {
	s := commonFor(network.Shape{H: 224, W: 224, C: 3}, 1000, &o.Name, "ofa-mbv3", &o.Input, &o.Classes,
		numberOption("multiplier", &o.Multiplier, 0.1, 8, 1, "of all widths; published are networks of 1 and 1.2"),
		wholesOption("depth", &o.Depth, []int{2, 3, 4}, "blocks of each unit").within(countRange()),
		kernelOption(&o.Kernel, 3, 5, 7),
		expandOption(&o.Expand, 3, 4, 6),
		dropoutOption(&o.Dropout),
	)
	s.check = func(c *optionChecks) {
		depths(c, "depth", o.Depth)
		MobileStage{Kernel: o.Kernel, Expand: o.Expand, SE: []float64{0}, Act: []string{"relu"}}.checkLists(c, "")
	}
	return s
}
