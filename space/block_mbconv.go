package space

import "github.com/trellis-nas/trellis/network"

// MBConv is the inverted residual of MobileNetV2 (Sandler et al. 2018), with the gate of MobileNetV3 (Howard et al. 2019) if wanted: a
// pointwise convolution to Expand times the channels (left out where Expand is 1), a depthwise convolution, squeeze-and-excitation with
// SE times the expanded channels, and a pointwise convolution to Out channels without activation. The input is added where it has the
// shape of the output and Stride is 1, unless Skip is false.
type MBConv struct {
	Out    Attr // channels; default: as many as come in
	Kernel Attr // default 3
	Stride Attr // default 1
	Expand Attr // 0.25 to 16, the expanded channels are rounded; default 6
	SE     Attr // 0 to 1, rounded to at least one hidden channel; 0, the default, means no gate
	SEOf   Attr // what SE is a share of: the expanded channels or, as in EfficientNet (Tan & Le 2019), those of the input; default expanded
	Gate   Attr // sigmoid or hsigmoid; default sigmoid
	Act    Attr // default relu
	Skip   Attr // default true
	Round  Attr // expanded and hidden channels are rounded to multiples of it, 1 to 64, see [RoundChannels]; default 1
}

// Kind returns "mbconv".
func (*MBConv) Kind() string { return "mbconv" }

// Fields describes the attributes.
func (m *MBConv) Fields() []Field {
	return []Field{
		outField(&m.Out), kernelField(&m.Kernel), strideField(&m.Stride),
		{Name: "expand", Attr: &m.Expand, Type: Real, Min: 0.25, Max: 16, Default: Of(6)},
		rateField("se", &m.SE, 1),
		{Name: "se_of", Attr: &m.SEOf, Type: Word, Words: []string{"expanded", "input"}, Default: Of("expanded")}, gateField(&m.Gate),
		actField(&m.Act, "relu"), flagField("skip", &m.Skip, true),
		{Name: "round", Attr: &m.Round, Type: Whole, Min: 1, Max: 64, Default: Of(1)},
	}
}

func gateField(a *Attr) Field {
	return Field{Name: "gate", Attr: a, Type: Word, Words: gateWords(), Default: Of("sigmoid")}
}

func gateWords() []string { return []string{"sigmoid", "hsigmoid"} }

// Build appends the block.
func (m *MBConv) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(m, b, x, env)
	in := s.shape()
	expanded, hidden := m.widths(s.args, in)
	if s.args.real("expand") != 1 {
		s.add(network.Pointwise(expanded))
		s.norm()
		s.act(s.args.word("act"))
	}
	s.add(network.Depthwise{Kernel: s.args.whole("kernel"), Stride: s.args.whole("stride")})
	s.norm()
	s.act(s.args.word("act"))
	if hidden > 0 {
		s.gate(hidden)
	}
	s.add(network.Pointwise(s.args.whole("out")))
	s.norm()
	if s.args.flag("skip") && s.args.whole("stride") == 1 && s.shape() == in {
		s.x = b.Add(network.Add{}, s.x, x)
	}
	return s.x
}

// widths returns the expanded channels and the hidden ones of the gate, 0 without a gate.
func (m *MBConv) widths(args arguments, in network.Shape) (expanded, hidden int) {
	round := args.whole("round")
	expanded = in.C
	if args.real("expand") != 1 {
		expanded = RoundChannels(float64(in.C)*args.real("expand"), round)
	}
	share := args.real("se")
	if share == 0 {
		return expanded, 0
	}
	of := expanded
	if args.word("se_of") == "input" {
		of = in.C
	}
	return expanded, RoundChannels(float64(of)*share, round)
}

// The channels inside an inverted residual and those of its gate, as attributes of an [Operator].
const (
	expandedName = "expanded"
	hiddenName   = "hidden"
)

// describe says how many channels there are inside, in place of how they are rounded, and whether the input is indeed added.
func (m *MBConv) describe(args arguments, in network.Shape, attrs []Named) []Named {
	expanded, hidden := m.widths(args, in)
	adds := args.flag("skip") && args.whole("stride") == 1 && args.whole("out") == in.C
	out := attrs[:0]
	for _, a := range attrs {
		switch a.Name {
		case "round":
			continue
		case "skip":
			a.Value = ValueOf(adds)
		case "se_of", "gate":
			if hidden == 0 {
				continue
			}
		}
		out = append(out, a)
	}
	return append(out, Named{expandedName, ValueOf(expanded)}, Named{hiddenName, ValueOf(hidden)})
}

// gate appends squeeze-and-excitation with so many hidden channels.
func (s *site) gate(hidden int) {
	f, err := network.ParseActFunc(s.args.word("gate"))
	if err != nil {
		s.b.Fail(err)
		return
	}
	s.x = s.b.SqueezeExcite(s.x, hidden, f)
}

// RoundChannels returns the multiple of by that is nearest to exact, at least by; the next one up if that would take away more than a
// tenth (MobileNetV2, Sandler et al. 2018). With by = 1 it is just the nearest whole number, at least 1.
func RoundChannels(exact float64, by int) int {
	multiple := max(by, int(exact+float64(by)/2)/by*by)
	if by > 1 && float64(multiple) < 0.9*exact {
		multiple += by
	}
	return multiple
}

// Squeeze is a squeeze-and-excitation gate on its own (Hu et al. 2018).
type Squeeze struct {
	Share Attr // hidden channels as a share of all, above 0; default 0.25
	Gate  Attr // sigmoid or hsigmoid; default sigmoid
}

// Kind returns "squeeze".
func (*Squeeze) Kind() string { return "squeeze" }

// Fields describes the attributes.
func (q *Squeeze) Fields() []Field {
	return []Field{{Name: "share", Attr: &q.Share, Type: Real, Min: 1.0 / 1024, Max: 1, Default: Of(0.25)}, gateField(&q.Gate)}
}

// Build appends the block.
func (q *Squeeze) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(q, b, x, env)
	s.gate(RoundChannels(float64(s.shape().C)*s.args.real("share"), 1))
	return s.x
}
