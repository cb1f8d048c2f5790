package space

import "github.com/trellis-nas/trellis/network"

// Conv is a convolution, batch normalisation and an activation function. With Pre the function comes first: activation, convolution,
// normalisation, as in the cells of NAS-Bench-201 (Dong & Yang 2020).
type Conv struct {
	Out      Attr // channels; default: as many as come in
	Kernel   Attr // odd unless Valid; default 3
	Stride   Attr // default 1
	Dilation Attr // default 1
	Groups   Attr // default 1
	Act      Attr // default relu
	Norm     Attr // default true
	Bias     Attr // default false
	Valid    Attr // no padding; default false
	Pre      Attr // default false
}

// Kind returns "conv".
func (*Conv) Kind() string { return "conv" }

// Fields describes the attributes.
func (c *Conv) Fields() []Field {
	return []Field{
		outField(&c.Out), windowField(&c.Kernel, &c.Valid), strideField(&c.Stride), dilationField(&c.Dilation),
		{Name: "groups", Attr: &c.Groups, Type: Whole, Min: 1, Max: maxWidth, Default: Of(1)},
		actField(&c.Act, "relu"), flagField("norm", &c.Norm, true), flagField("bias", &c.Bias, false),
		flagField("valid", &c.Valid, false), flagField("pre", &c.Pre, false),
	}
}

// Build appends the block.
func (c *Conv) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(c, b, x, env)
	if s.args.flag("pre") {
		s.act(s.args.word("act"))
	}
	s.add(network.Conv{
		Out: s.args.whole("out"), Kernel: s.args.whole("kernel"), Stride: s.args.whole("stride"),
		Dilation: s.args.whole("dilation"), Groups: s.args.whole("groups"),
		Valid: s.args.flag("valid"), Bias: s.args.flag("bias"),
	})
	if s.args.flag("norm") {
		s.norm()
	}
	if !s.args.flag("pre") {
		s.act(s.args.word("act"))
	}
	return s.x
}

// Depthwise is a depthwise convolution, batch normalisation and an activation function.
type Depthwise struct {
	Kernel   Attr // default 3
	Stride   Attr // default 1
	Dilation Attr // default 1
	Act      Attr // default relu
	Norm     Attr // default true
}

// Kind returns "depthwise".
func (*Depthwise) Kind() string { return "depthwise" }

// Fields describes the attributes.
func (d *Depthwise) Fields() []Field {
	return []Field{
		kernelField(&d.Kernel), strideField(&d.Stride), dilationField(&d.Dilation),
		actField(&d.Act, "relu"), flagField("norm", &d.Norm, true),
	}
}

// Build appends the block.
func (d *Depthwise) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(d, b, x, env)
	s.add(network.Depthwise{Kernel: s.args.whole("kernel"), Stride: s.args.whole("stride"), Dilation: s.args.whole("dilation")})
	if s.args.flag("norm") {
		s.norm()
	}
	s.act(s.args.word("act"))
	return s.x
}

// Separable is a depthwise separable convolution: a depthwise convolution and a pointwise one to Out channels. By default each of the two
// is followed by batch normalisation and the activation function (MobileNet, Howard et al. 2017). With Pre it is activation, depthwise,
// pointwise, normalisation (DARTS, Liu et al. 2019; there, the separable convolution has Times 2 and the dilated one Dilation 2).
type Separable struct {
	Out      Attr // channels; default: as many as come in
	Kernel   Attr // default 3
	Stride   Attr // of the first time; default 1
	Dilation Attr // default 1
	Act      Attr // default relu
	Times    Attr // how often the whole is applied, 1 to 4; default 1
	Pre      Attr // default false
}

// Kind returns "separable".
func (*Separable) Kind() string { return "separable" }

// Fields describes the attributes.
func (c *Separable) Fields() []Field {
	return []Field{
		outField(&c.Out), kernelField(&c.Kernel), strideField(&c.Stride), dilationField(&c.Dilation), actField(&c.Act, "relu"),
		{Name: "times", Attr: &c.Times, Type: Whole, Min: 1, Max: 4, Default: Of(1)}, flagField("pre", &c.Pre, false),
	}
}

// Build appends the block.
func (c *Separable) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(c, b, x, env)
	act, pre, stride := s.args.word("act"), s.args.flag("pre"), s.args.whole("stride")
	for range s.args.whole("times") {
		if pre {
			s.act(act)
		}
		s.add(network.Depthwise{Kernel: s.args.whole("kernel"), Stride: stride, Dilation: s.args.whole("dilation")})
		if !pre {
			s.norm()
			s.act(act)
		}
		s.add(network.Pointwise(s.args.whole("out")))
		s.norm()
		if !pre {
			s.act(act)
		}
		stride = 1
	}
	return s.x
}
