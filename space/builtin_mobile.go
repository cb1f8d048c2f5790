package space

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
)

// MobileOptions are the options of [Mobile]. A list with a single value leaves nothing to decide.
type MobileOptions struct {
	Name       string        // default "mobile"
	Input      network.Shape // default 32x32x3
	Classes    int           // default 10
	Stem       int           // channels of the first convolution, 1 to 65536; default 16
	StemStride int           // 1 to 16; default 1
	Stages     []MobileStage // default: four, of widths 16, 24, 40 and 80 or 3/4 of that, with stride 2 from the second on
	Kernel     []int         // odd, 1 to 31; default 3, 5
	Expand     []float64     // 0.25 to 16; default 3, 6
	SE         []float64     // squeeze-and-excitation, 0 (none) to 1; default 0, 0.25
	Act        []string      // activation functions; default relu, hswish
	Gate       string        // of squeeze-and-excitation, sigmoid or hsigmoid; default sigmoid
	Decide     MobileLevels  // what is decided how often
	Width      int           // of the convolution before the head's pooling; default 0, none
	Dropout    float64       // before the classifier, 0 to 0.95; default 0
}

// MobileStage is a stage of inverted residuals of one width. Lists that are empty are those of [MobileOptions].
type MobileStage struct {
	Width  []int // channels, 1 to 65536; decided once for the stage
	Depth  []int // number of blocks, 1 to 1000; decided once for the stage; default 1, 2, 3
	Stride int   // of the first block, 1 to 16; default 1
	Kernel []int
	Expand []float64
	SE     []float64
	Act    []string
}

// MobileLevels says how often an attribute is decided.
type MobileLevels struct {
	Kernel, Expand, SE Level // default PerBlock
	Act                Level // default PerNetwork
}

// Level is how often an attribute is decided.
type Level string

const (
	PerBlock   Level = "block"
	PerStage   Level = "stage"
	PerNetwork Level = "network" // needs the same list in every stage
)

// Mobile returns the space of networks made of stages of inverted residuals (see [MBConv]) with free width and depth of each stage and free
// kernel, expansion, squeeze-and-excitation and activation of each block, as in MobileNetV3 and Once-for-All (Howard et al. 2019; Cai et
// al. 2020). Labels carry a letter: w24 d2 k5 e6 se0.25.
func Mobile(o MobileOptions) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	first := o.Stages[0]
	act := Of("relu")
	if o.Decide.Act == PerNetwork {
		act = Var("act")
	}
	nodes := []Node{&Scope{"stem", LeafOf(&Conv{Out: Of(o.Stem), Stride: Of(o.StemStride), Act: act})}}
	for i, s := range o.Stages {
		nodes = append(nodes, &Scope{fmt.Sprintf("stage%d", i+1), o.stage(s)})
	}
	nodes = append(nodes, &Scope{"head", LeafOf(&Head{Width: Of(o.Width), Act: act, Dropout: Of(o.Dropout)})})
	return New(o.Name, o.Input, o.decide(first, PerNetwork, &Seq{nodes}), Classes(o.Classes))
}

// stage decides the width, what is decided for the stage, and the depth.
func (o MobileOptions) stage(s MobileStage) Node {
	block := func(stride int) Node {
		return o.decide(s, PerBlock, LeafOf(&MBConv{
			Out: Var("width"), Stride: Of(stride), Kernel: Var("kernel"), Expand: Var("expand"), SE: Var("se"), Act: Var("act"), Gate: Of(o.Gate),
		}))
	}
	blocks := &Repeat{Counts: s.Depth, Labels: labelled("d", s.Depth), First: block(s.Stride), Body: block(1)}
	return &Let{Var: "width", Values: Values(s.Width...), Labels: labelled("w", s.Width), Body: o.decide(s, PerStage, blocks)}
}

// decide puts the decisions of one level around body.
func (o MobileOptions) decide(s MobileStage, level Level, body Node) Node {
	if o.Decide.Act == level {
		body = &Let{Var: "act", Values: Values(s.Act...), Body: body}
	}
	if o.Decide.SE == level {
		body = &Let{Var: "se", Values: Values(s.SE...), Labels: labelled("se", s.SE), Body: body}
	}
	if o.Decide.Expand == level {
		body = &Let{Var: "expand", Values: Values(s.Expand...), Labels: labelled("e", s.Expand), Body: body}
	}
	if o.Decide.Kernel == level {
		body = &Let{Var: "kernel", Values: Values(s.Kernel...), Labels: labelled("k", s.Kernel), Body: body}
	}
	return body
}

func labelled[T Scalar](prefix string, values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = prefix + ValueOf(v).String()
	}
	return out
}

func (o *MobileOptions) schema() schema {
	s := common(&o.Name, "mobile", &o.Input, &o.Classes,
		stemOption(&o.Stem, 16),
		stemStrideOption(&o.StemStride),
		stagesOption(&o.Stages, "four, of widths 16, 24, 40 and 80 or 3/4 of that, with stride 2 from the second on", stageFields(
			inherited("kernel", "list of whole numbers"), inherited("expand", "list of numbers"), inherited("se", "list of numbers"), inherited("act", "list of words"),
		), readMobileStage),
		kernelOption(&o.Kernel, 3, 5),
		expandOption(&o.Expand, 3, 6),
		seOption(&o.SE, 0, 0.25),
		wordsOption("act", &o.Act, []string{"relu", "hswish"}, "activation functions").within(anyOf(actWords)),
		wordOption("gate", &o.Gate, gateWords(), "sigmoid", "of squeeze-and-excitation"),
		o.Decide.option(),
		headWidthOption(&o.Width),
		dropoutOption(&o.Dropout),
	)
	s.fill, s.check = o.fillStages, o.check
	return s
}

// option is the mapping from attributes to how often they are decided.
func (l *MobileLevels) option() option {
	levels := []Level{PerBlock, PerStage, PerNetwork}
	each := []option{
		wordOption("kernel", &l.Kernel, levels, PerBlock, "how often it is decided"),
		wordOption("expand", &l.Expand, levels, PerBlock, "how often it is decided"),
		wordOption("se", &l.SE, levels, PerBlock, "how often it is decided"),
		wordOption("act", &l.Act, levels, PerNetwork, "how often it is decided"),
	}
	var fields []BuiltInOption
	for _, o := range each {
		fields = append(fields, o.BuiltInOption)
	}
	return option{
		BuiltInOption: BuiltInOption{Name: "decide", Kind: "mapping", Help: "what is decided how often; once for the network needs the same list in every stage", Fields: fields},
		fill: func() {
			for _, o := range each {
				o.fill()
			}
		},
		read: func(r *reader, v strict.Value) {
			m := v.Map(fieldKeys(fields)...)
			for _, o := range each {
				o.read(r, m.Get(o.Name))
			}
		},
		check: l.check,
	}
}

func readMobileStage(r *reader, m strict.Map, at string) MobileStage {
	m.Need("width")
	return MobileStage{
		Width: fieldOf(r, m, "width", at, whole), Depth: fieldOf(r, m, "depth", at, whole), Stride: r.stride(m, at),
		Kernel: fieldOf(r, m, "kernel", at, whole), Expand: fieldOf(r, m, "expand", at, anyNumber),
		SE: fieldOf(r, m, "se", at, anyNumber), Act: fieldOf(r, m, "act", at, anyWord),
	}
}

func (o *MobileOptions) fillStages() {
	if o.Stages == nil {
		o.Stages = []MobileStage{
			{Width: []int{12, 16}},
			{Width: []int{18, 24}, Stride: 2},
			{Width: []int{30, 40}, Stride: 2},
			{Width: []int{60, 80}, Stride: 2},
		}
	}
	stages := make([]MobileStage, len(o.Stages))
	for i, s := range o.Stages {
		s.Stride = orInt(s.Stride, 1)
		s.Depth = orList(s.Depth, defaultDepth()...)
		s.Kernel, s.Expand = orList(s.Kernel, o.Kernel...), orList(s.Expand, o.Expand...)
		s.SE, s.Act = orList(s.SE, o.SE...), orList(s.Act, o.Act...)
		stages[i] = s
	}
	o.Stages = stages
}

func (o *MobileOptions) check(c *optionChecks) {
	MobileStage{Kernel: o.Kernel, Expand: o.Expand, SE: o.SE, Act: o.Act}.checkLists(c, "")
	c.someStages(len(o.Stages))
	for i, s := range o.Stages {
		s.check(c, indexed("stages", i))
		perNetwork := func(option string, level Level, same bool) {
			if level == PerNetwork && !same {
				c.fail(indexed("stages", i)+"."+option, "%s is decided for the whole network, so every stage must have the same list", option)
			}
		}
		first := o.Stages[0]
		perNetwork("kernel", o.Decide.Kernel, slices.Equal(s.Kernel, first.Kernel))
		perNetwork("expand", o.Decide.Expand, slices.Equal(s.Expand, first.Expand))
		perNetwork("se", o.Decide.SE, slices.Equal(s.SE, first.SE))
		perNetwork("act", o.Decide.Act, slices.Equal(s.Act, first.Act))
	}
}

func (l *MobileLevels) check(c *optionChecks) {
	level := func(option string, v Level) {
		if v != PerBlock && v != PerStage && v != PerNetwork {
			c.fail("decide."+option, "%q is unknown; there are %s, %s and %s", string(v), PerBlock, PerStage, PerNetwork)
		}
	}
	level("kernel", l.Kernel)
	level("expand", l.Expand)
	level("se", l.SE)
	level("act", l.Act)
}

// check looks at a stage whose lists are filled in.
func (s MobileStage) check(c *optionChecks, at string) {
	c.stage(at, s.Width, s.Depth, s.Stride)
	s.checkLists(c, at+".")
}

// checkLists looks at the lists that a stage and the options have in common.
func (s MobileStage) checkLists(c *optionChecks, at string) {
	for _, f := range (&MBConv{}).Fields() {
		switch f.Name {
		case "kernel":
			fieldValues(c, f, at, s.Kernel)
		case "expand":
			fieldValues(c, f, at, s.Expand)
		case "se":
			fieldValues(c, f, at, s.SE)
		case "act":
			fieldValues(c, f, at, s.Act)
		}
	}
}

// fieldValues checks a list against the field of a block of the same name.
func fieldValues[T Scalar](c *optionChecks, f Field, at string, values []T) {
	eachOnce(c, at+f.Name, values)
	for i, v := range values {
		if err := f.check(ValueOf(v)); err != nil {
			c.fail(indexed(at+f.Name, i), "%w", err)
		}
	}
}
