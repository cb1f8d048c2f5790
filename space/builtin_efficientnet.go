package space

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
)

// EfficientNetOptions are the options of [EfficientNetStages]. A list with a single value leaves nothing to decide.
type EfficientNetOptions struct {
	Name       string              // default "efficientnet-stages"
	Input      network.Shape       // default 32x32x3
	Classes    int                 // default 10
	Stem       int                 // channels of the first convolution, 1 to 65536; default 32
	StemStride int                 // 1 to 16; default 1
	Stages     []EfficientNetStage // default: the seven of EfficientNet-B0, with widths of 3/4, 1 and 5/4 and a block more or less
	Op         []string            // conv, sepconv, mbconv; default all
	Kernel     []int               // odd, 1 to 31; default 3, 5
	Expand     []float64           // of mbconv, 0.25 to 16; default 3, 6
	SE         []float64           // of sepconv and mbconv: hidden channels as a share of those that come in, 0 (none) to 1; default 0, 0.25
	Act        string              // activation function; default silu
	Width      int                 // of the convolution before the head's pooling; default 0, none; EfficientNet-B0 has 1280
	Dropout    float64             // before the classifier, 0 to 0.95; default 0
}

// EfficientNetStage is a stage of equal blocks. Lists that are empty are those of [EfficientNetOptions].
type EfficientNetStage struct {
	Width  []int // channels, 1 to 65536
	Depth  []int // number of blocks, 1 to 1000; default 1, 2, 3
	Stride int   // of the first block, 1 to 16; default 1
	Op     []string
	Kernel []int
	Expand []float64
	SE     []float64
}

// The operations of [EfficientNetStages].
const (
	ConvOp      = "conv"    // a convolution
	SeparableOp = "sepconv" // a depthwise convolution, squeeze-and-excitation and a pointwise convolution without activation
	MBConvOp    = "mbconv"  // an inverted residual, see [MBConv]
)

// EfficientNetStages returns a space in the manner of MnasNet (Tan et al. 2019) and EfficientNet (Tan & Le 2019): every stage decides its
// operation and that one's kernel, expansion and squeeze-and-excitation, as far as it has them, its width and its depth, and all
// its blocks are the same. A block is added to its input where the shape allows it. Labels carry a letter: mbconv k5 e6 se0.25 w40 d2.
func EfficientNetStages(o EfficientNetOptions) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	nodes := []Node{&Scope{"stem", LeafOf(&Conv{Out: Of(o.Stem), Stride: Of(o.StemStride), Act: Of(o.Act)})}}
	for i, s := range o.Stages {
		choice := &Choice{Name: "op"}
		for _, op := range s.Op {
			choice.Options = append(choice.Options, Option{op, o.stage(s, op)})
		}
		nodes = append(nodes, &Scope{fmt.Sprintf("stage%d", i+1), choice})
	}
	nodes = append(nodes, &Scope{"head", LeafOf(&Head{Width: Of(o.Width), Act: Of(o.Act), Dropout: Of(o.Dropout)})})
	return New(o.Name, o.Input, &Seq{nodes}, Classes(o.Classes))
}

// stage decides what a stage with one operation has to decide.
func (o EfficientNetOptions) stage(s EfficientNetStage, op string) Node {
	var body Node = &Repeat{Counts: s.Depth, Labels: labelled("d", s.Depth), First: o.block(op, s.Stride), Body: o.block(op, 1)}
	body = &Let{Var: "width", Values: Values(s.Width...), Labels: labelled("w", s.Width), Body: body}
	if op != ConvOp {
		body = &Let{Var: "se", Values: Values(s.SE...), Labels: labelled("se", s.SE), Body: body}
	}
	if op == MBConvOp {
		body = &Let{Var: "expand", Values: Values(s.Expand...), Labels: labelled("e", s.Expand), Body: body}
	}
	return &Let{Var: "kernel", Values: Values(s.Kernel...), Labels: labelled("k", s.Kernel), Body: body}
}

func (o EfficientNetOptions) block(op string, stride int) Node {
	width, kernel, act := Var("width"), Var("kernel"), Of(o.Act)
	if op == ConvOp {
		conv := LeafOf(&Conv{Out: width, Kernel: kernel, Stride: Of(stride), Act: act})
		if stride > 1 {
			return conv
		}
		return &Residual{conv}
	}
	block := &MBConv{Out: width, Kernel: kernel, Stride: Of(stride), Expand: Of(1), SE: Var("se"), SEOf: Of("input"), Act: act}
	if op == MBConvOp {
		block.Expand = Var("expand")
	}
	return LeafOf(block)
}

func (o *EfficientNetOptions) schema() schema {
	ops := []string{ConvOp, SeparableOp, MBConvOp}
	s := common(&o.Name, "efficientnet-stages", &o.Input, &o.Classes,
		stemOption(&o.Stem, 32),
		stemStrideOption(&o.StemStride),
		stagesOption(&o.Stages, "the seven of EfficientNet-B0, with widths of 3/4, 1 and 5/4 and a block more or less", stageFields(
			inherited("op", "list of words"), inherited("kernel", "list of whole numbers"), inherited("expand", "list of numbers"), inherited("se", "list of numbers"),
		), readEfficientNetStage),
		wordsOption("op", &o.Op, ops, "operations of the blocks").within(anyOf(ops)),
		kernelOption(&o.Kernel, 3, 5),
		expandOption(&o.Expand, 3, 6),
		seOption(&o.SE, 0, 0.25),
		wordOption("act", &o.Act, actWords, "silu", "activation function"),
		headWidthOption(&o.Width),
		dropoutOption(&o.Dropout),
	)
	s.fill, s.check = o.fillStages, o.check
	return s
}

func readEfficientNetStage(r *reader, m strict.Map, at string) EfficientNetStage {
	m.Need("width")
	return EfficientNetStage{
		Width: fieldOf(r, m, "width", at, whole), Depth: fieldOf(r, m, "depth", at, whole), Stride: r.stride(m, at),
		Op: fieldOf(r, m, "op", at, anyWord), Kernel: fieldOf(r, m, "kernel", at, whole),
		Expand: fieldOf(r, m, "expand", at, anyNumber), SE: fieldOf(r, m, "se", at, anyNumber),
	}
}

func (o *EfficientNetOptions) fillStages() {
	if o.Stages == nil {
		for _, s := range []struct{ width, depth, stride int }{
			{16, 1, 1}, {24, 2, 2}, {40, 2, 2}, {80, 3, 2}, {112, 3, 1}, {192, 4, 2}, {320, 1, 1},
		} {
			stage := EfficientNetStage{Width: []int{s.width * 3 / 4, s.width, s.width * 5 / 4}, Depth: []int{s.depth - 1, s.depth, s.depth + 1}, Stride: s.stride}
			if s.depth == 1 {
				stage.Depth = []int{1, 2}
			}
			o.Stages = append(o.Stages, stage)
		}
	}
	stages := make([]EfficientNetStage, len(o.Stages))
	for i, s := range o.Stages {
		s.Stride, s.Depth = orInt(s.Stride, 1), orList(s.Depth, defaultDepth()...)
		s.Op, s.Kernel = orList(s.Op, o.Op...), orList(s.Kernel, o.Kernel...)
		s.Expand, s.SE = orList(s.Expand, o.Expand...), orList(s.SE, o.SE...)
		stages[i] = s
	}
	o.Stages = stages
}

func (o *EfficientNetOptions) check(c *optionChecks) {
	wordsOf(c, "act", []string{o.Act}, actWords...)
	EfficientNetStage{Op: o.Op, Kernel: o.Kernel, Expand: o.Expand, SE: o.SE}.checkLists(c, "")
	c.someStages(len(o.Stages))
	for i, s := range o.Stages {
		at := indexed("stages", i)
		c.stage(at, s.Width, s.Depth, s.Stride)
		s.checkLists(c, at+".")
		// An inverted residual without expansion is a separable convolution, so to have both would describe a network twice.
		if k := slices.Index(s.Expand, 1); k >= 0 && slices.Contains(s.Op, SeparableOp) && slices.Contains(s.Op, MBConvOp) {
			c.fail(indexed(at+".expand", k), "mbconv with expansion 1 is the same as sepconv, which is an operation already")
		}
	}
}

// checkLists looks at the lists that a stage and the options have in common.
func (s EfficientNetStage) checkLists(c *optionChecks, at string) {
	wordsOf(c, at+"op", s.Op, ConvOp, SeparableOp, MBConvOp)
	MobileStage{Kernel: s.Kernel, Expand: s.Expand, SE: s.SE, Act: []string{"relu"}}.checkLists(c, at)
}
