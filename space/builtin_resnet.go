package space

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
)

// ResNetOptions are the options of [ResNet]. A list with a single value leaves nothing to decide.
type ResNetOptions struct {
	Name       string        // default "resnet"
	Input      network.Shape // default 32x32x3
	Classes    int           // default 10
	Stem       int           // channels of the first convolution, 1 to 65536; default 16
	StemKernel int           // odd, 1 to 31; default 3
	StemStride int           // 1 to 16; default 1
	Pool       bool          // a max-pooling 3x3 with stride 2 after the stem, as for ImageNet
	Stages     []ResNetStage // default: three, of widths 16, 32 and 64 or half more, the latter two with stride 2
	Block      []string      // basic, bottleneck or, as by default, both
	Ratio      float64       // channels inside a bottleneck as a share of the width, 1/64 to 1; default 0.25
	Dropout    float64       // before the classifier, 0 to 0.95; default 0
}

// ResNetStage is a stage of residual blocks of one kind and width.
type ResNetStage struct {
	Width  []int    // channels that come out of the blocks, 1 to 65536
	Depth  []int    // number of blocks, 1 to 1000; default 1, 2, 3
	Stride int      // of the first block, 1 to 16; default 1
	Block  []string // default: that of ResNetOptions
}

// The blocks of [ResNet].
const (
	BasicBlock      = "basic"
	BottleneckBlock = "bottleneck"
)

// ResNet returns the space of residual networks (He et al. 2016) with free kind of block, width and depth of each stage. A basic block is
// two convolutions 3x3, a bottleneck a pointwise convolution to Ratio times the width, a convolution 3x3, which has the stride, and a
// pointwise one; both are added to a shortcut (see [Shortcut]), and an activation follows. ResNet-18 and ResNet-50 are architectures of
// such spaces. Labels carry a letter: basic w16 d2.
func ResNet(o ResNetOptions) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	stem := SeqOf(LeafOf(&Conv{Out: Of(o.Stem), Kernel: Of(o.StemKernel), Stride: Of(o.StemStride)}))
	if o.Pool {
		stem.Nodes = append(stem.Nodes, LeafOf(&MaxPool{Stride: Of(2)}))
	}
	nodes := []Node{&Scope{"stem", stem}}
	for i, s := range o.Stages {
		nodes = append(nodes, &Scope{fmt.Sprintf("stage%d", i+1), o.stage(s)})
	}
	nodes = append(nodes, &Scope{"head", LeafOf(&Head{Dropout: Of(o.Dropout)})})
	return New(o.Name, o.Input, &Seq{nodes}, Classes(o.Classes))
}

// stage decides the kind of the blocks, their width and the depth.
func (o ResNetOptions) stage(s ResNetStage) Node {
	block := func(stride int) Node {
		kinds := make([]Node, len(s.Block))
		for i, kind := range s.Block {
			kinds[i] = o.block(kind, stride)
		}
		return &Case{Var: "block", Labels: s.Block, Nodes: kinds}
	}
	return &Let{Var: "block", Values: Values(s.Block...), Body: &Let{
		Var: "width", Values: Values(s.Width...), Labels: labelled("w", s.Width),
		Body: &Repeat{Counts: s.Depth, Labels: labelled("d", s.Depth), First: block(s.Stride), Body: block(1)},
	}}
}

func (o ResNetOptions) block(kind string, stride int) Node {
	width, none := Var("width"), Of("none")
	var body Node
	if kind == BasicBlock {
		body = SeqOf(LeafOf(&Conv{Out: width, Stride: Of(stride)}), LeafOf(&Conv{Out: width, Act: none}))
	} else {
		inner := width.Times(o.Ratio)
		body = SeqOf(
			LeafOf(&Conv{Out: inner, Kernel: Of(1)}),
			LeafOf(&Conv{Out: inner, Stride: Of(stride)}),
			LeafOf(&Conv{Out: width, Kernel: Of(1), Act: none}),
		)
	}
	shortcut := LeafOf(&Shortcut{Out: width, Stride: Of(stride)})
	return SeqOf(&Parallel{Join: Add, Branches: []Node{body, shortcut}}, LeafOf(&Act{}))
}

func (o *ResNetOptions) schema() schema {
	kinds := []string{BasicBlock, BottleneckBlock}
	kernel := wholeOption("stem_kernel", &o.StemKernel, 1, maxKernel, 3, "kernel of the first convolution").within(oddRange())
	kernel.check = func(c *optionChecks) {
		c.between("stem_kernel", o.StemKernel, 1, maxKernel)
		if o.StemKernel%2 == 0 {
			c.fail("stem_kernel", "%d is even; it must be odd", o.StemKernel)
		}
	}
	s := common(&o.Name, "resnet", &o.Input, &o.Classes,
		stemOption(&o.Stem, 16),
		kernel,
		stemStrideOption(&o.StemStride),
		flagOption("pool", &o.Pool, "a max-pooling 3x3 with stride 2 after the stem, as for ImageNet"),
		stagesOption(&o.Stages, "three, of widths 16, 32 and 64 or half more, the latter two with stride 2",
			stageFields(inherited("block", "list of words")), readResNetStage),
		wordsOption("block", &o.Block, kinds, "kinds of blocks").within(anyOf(kinds)),
		numberOption("ratio", &o.Ratio, 1.0/64, 1, 0.25, "channels inside a bottleneck as a share of the width"),
		dropoutOption(&o.Dropout),
	)
	s.fill, s.check = o.fillStages, o.check
	return s
}

func readResNetStage(r *reader, m strict.Map, at string) ResNetStage {
	m.Need("width")
	return ResNetStage{
		Width: fieldOf(r, m, "width", at, whole), Depth: fieldOf(r, m, "depth", at, whole), Stride: r.stride(m, at),
		Block: fieldOf(r, m, "block", at, anyWord),
	}
}

func (o *ResNetOptions) fillStages() {
	if o.Stages == nil {
		o.Stages = []ResNetStage{{Width: []int{16, 24}}, {Width: []int{32, 48}, Stride: 2}, {Width: []int{64, 96}, Stride: 2}}
	}
	stages := make([]ResNetStage, len(o.Stages))
	for i, s := range o.Stages {
		s.Stride, s.Depth, s.Block = orInt(s.Stride, 1), orList(s.Depth, defaultDepth()...), orList(s.Block, o.Block...)
		stages[i] = s
	}
	o.Stages = stages
}

func (o *ResNetOptions) check(c *optionChecks) {
	wordsOf(c, "block", o.Block, BasicBlock, BottleneckBlock)
	c.someStages(len(o.Stages))
	for i, s := range o.Stages {
		at := indexed("stages", i)
		c.stage(at, s.Width, s.Depth, s.Stride)
		wordsOf(c, at+".block", s.Block, BasicBlock, BottleneckBlock)
	}
}
