package space

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
)

// ChainOptions are the options of [Chain].
type ChainOptions struct {
	Name       string        // default "chain"
	Input      network.Shape // default 32x32x3
	Classes    int           // default 10
	Stem       int           // channels of the first convolution, 1 to 65536; default: the width of the first stage
	StemStride int           // 1 to 16; default 1
	Stages     []ChainStage  // default: 4 layers of width 16, 4 of 32 and 4 of 64, the latter two with stride 2
	Operations []Option      // default: those of MobileOperations
	Connect    Connect       // default Sequential
	Width      int           // of the convolution before the head's pooling; default 0, none
	Dropout    float64       // before the classifier, 0 to 0.95; default 0
}

// ChainStage is a part of a chain in which all layers have one shape.
type ChainStage struct {
	Layers int // 1 to 1000
	Width  int // channels of the layers; with Dense connections the channels each layer adds; 1 to 65536
	Stride int // of the first layer, 1 to 16; default 1
}

// Connect says how the layers of a [Chain] are connected.
type Connect string

const (
	// Sequential layers each take the output of the one before.
	Sequential Connect = "sequential"
	// SkipConnected layers decide, each for every earlier one, whether it feeds them too; see [Skips].
	SkipConnected Connect = "skip"
	// DenseConnected layers take the outputs of all earlier layers of their stage and what entered it, their channels behind one another (DenseNet,
	// Huang et al. 2017). Before a stage with a stride, a pointwise convolution halves the channels and a pooling the size.
	DenseConnected Connect = "dense"
)

// The variables that the operations of a [Chain] find defined.
const (
	OutVar    = "out"    // the channels the layer must give
	StrideVar = "stride" // the stride it must have
)

// MobileOperations returns six operations for a [Chain] in the manner of MobileNet: inverted residuals with kernel 3 or 5 and expansion 3
// or 6, a separable convolution, and a shortcut that is nothing where nothing is needed.
func MobileOperations() []Option {
	mbconv := func(kernel, expand int) Node {
		return LeafOf(&MBConv{Out: Var(OutVar), Stride: Var(StrideVar), Kernel: Of(kernel), Expand: Of(expand)})
	}
	return []Option{
		{"k3e3", mbconv(3, 3)},
		{"k3e6", mbconv(3, 6)},
		{"k5e3", mbconv(5, 3)},
		{"k5e6", mbconv(5, 6)},
		{"sep3", LeafOf(&Separable{Out: Var(OutVar), Stride: Var(StrideVar)})},
		{"skip", LeafOf(&Shortcut{Out: Var(OutVar), Stride: Var(StrideVar)})},
	}
}

// Chain returns the space of chains of layers, each with one of the operations: stem, stages, head. The operations are nodes that use
// the variables [OutVar] and [StrideVar] and must give that shape.
func Chain(o ChainOptions) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	op := &Choice{Name: "op", Options: o.Operations}
	nodes := []Node{&Scope{"stem", LeafOf(&Conv{Out: Of(o.Stem), Stride: Of(o.StemStride)})}}
	switch o.Connect {
	case Sequential:
		for i, l := range o.layers(op) {
			nodes = append(nodes, &Scope{fmt.Sprintf("layer%d", i+1), l})
		}
	case SkipConnected:
		nodes = append(nodes, &Skips{Layers: o.layers(op)})
	case DenseConnected:
		nodes = append(nodes, o.denseLayers()...)
	}
	nodes = append(nodes, &Scope{"head", LeafOf(&Head{Width: Of(o.Width), Dropout: Of(o.Dropout)})})
	return New(o.Name, o.Input, &Seq{nodes}, Classes(o.Classes))
}

func (o *ChainOptions) schema() schema {
	stem := stemOption(&o.Stem, 0).says("the width of the first stage")
	stem.check = func(c *optionChecks) {
		c.someStages(len(o.Stages))
		c.between("stem", o.Stem, 1, maxWidth)
	}
	s := common(&o.Name, "chain", &o.Input, &o.Classes,
		stem,
		stemStrideOption(&o.StemStride),
		stagesOption(&o.Stages, "4 layers of width 16, 4 of 32 and 4 of 64, the latter two with stride 2", []BuiltInOption{
			{Name: "layers", Kind: "whole number", Range: countRange(), Help: "number of layers"},
			{Name: "width", Kind: "whole number", Range: fmt.Sprintf("1 to %d", maxWidth), Help: "channels of the layers; where connected densely, the channels each layer adds"},
			strideOfStage(),
		}, readChainStage),
		option{
			BuiltInOption: BuiltInOption{
				Name: "operations", Kind: "nodes by label", Default: "six in the manner of MobileNet", Help: "of every layer; they use $out and $stride and must give that shape",
			},
			fill: func() { o.Operations = orList(o.Operations, MobileOperations()...) },
			read: func(r *reader, v strict.Value) { o.Operations = append([]Option{}, r.options(v, nil, "operations")...) },
		},
		option{BuiltInOption: BuiltInOption{Name: "define", Kind: "nodes by name", Help: "for operations"}},
		wordOption("connect", &o.Connect, []Connect{Sequential, SkipConnected, DenseConnected}, Sequential, "how the layers are connected"),
		headWidthOption(&o.Width),
		dropoutOption(&o.Dropout),
	)
	s.fill, s.check = o.fillStages, o.check
	return s
}

func readChainStage(r *reader, m strict.Map, at string) ChainStage {
	number := func(name string) int {
		v := m.Need(name)
		r.mark(nil, at+"."+name, v)
		return whole(v)
	}
	return ChainStage{Layers: number("layers"), Width: number("width"), Stride: r.stride(m, at)}
}

func (o *ChainOptions) fillStages() {
	if o.Stages == nil {
		o.Stages = []ChainStage{{Layers: 4, Width: 16}, {Layers: 4, Width: 32, Stride: 2}, {Layers: 4, Width: 64, Stride: 2}}
	}
	stages := slices.Clone(o.Stages)
	for i := range stages {
		stages[i].Stride = orInt(stages[i].Stride, 1)
	}
	o.Stages = stages
	if o.Stem == 0 && len(stages) > 0 {
		o.Stem = stages[0].Width
	}
}

func (o *ChainOptions) check(c *optionChecks) {
	for i, s := range o.Stages {
		at := indexed("stages", i)
		c.between(at+".layers", s.Layers, 1, maxCount)
		c.between(at+".width", s.Width, 1, maxWidth)
		c.between(at+".stride", s.Stride, 1, maxStride)
	}
	if len(o.Operations) == 0 {
		c.fail("operations", "there must be at least one operation")
	}
	switch o.Connect {
	case Sequential, SkipConnected, DenseConnected:
	default:
		c.fail("connect", "%q is unknown; there are %s, %s and %s", string(o.Connect), Sequential, SkipConnected, DenseConnected)
	}
}

// layer binds the variables of the operations.
func chainLayer(out, stride int, op Node) Node {
	return &Let{Var: OutVar, Values: Values(out), Body: &Let{Var: StrideVar, Values: Values(stride), Body: op}}
}

// layers returns a node for every layer; layers of one stage and stride are one and the same node.
func (o ChainOptions) layers(op Node) []Node {
	var out []Node
	for _, s := range o.Stages {
		out = append(out, chainLayer(s.Width, s.Stride, op))
		later := chainLayer(s.Width, 1, op)
		for range s.Layers - 1 {
			out = append(out, later)
		}
	}
	return out
}

func (o ChainOptions) denseLayers() []Node {
	joined := make([]Option, len(o.Operations))
	for i, op := range o.Operations {
		joined[i] = Option{op.Label, &Parallel{Join: Concat, Branches: []Node{LeafOf(&Identity{}), op.Node}}}
	}
	op := &Choice{Name: "op", Options: joined}
	var out []Node
	number := 0
	for i, s := range o.Stages {
		if s.Stride > 1 {
			out = append(out, &Scope{fmt.Sprintf("transition%d", i+1), SeqOf(
				LeafOf(&Conv{Out: In().Times(0.5), Kernel: Of(1)}),
				LeafOf(&AvgPool{Kernel: Of(s.Stride | 1), Stride: Of(s.Stride)}),
			)})
		}
		layer := chainLayer(s.Width, 1, op)
		for range s.Layers {
			number++
			out = append(out, &Scope{fmt.Sprintf("layer%d", number), layer})
		}
	}
	return out
}
