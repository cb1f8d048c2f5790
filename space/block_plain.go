package space

import "github.com/trellis-nas/trellis/network"

// Identity gives its input and adds nothing to the network.
type Identity struct{}

// Kind returns "identity".
func (*Identity) Kind() string { return "identity" }

// Fields returns nothing.
func (*Identity) Fields() []Field { return nil }

// Build returns x.
func (*Identity) Build(_ *network.Builder, x network.Ref, _ Env) network.Ref { return x }

// Shortcut gives its input where that has Out channels and Stride is 1, and otherwise brings it there by a pointwise convolution with
// that stride and batch normalisation: the identity of NAS-Bench-Macro (Su et al. 2021) and of residual networks (He et al. 2016).
type Shortcut struct {
	Out    Attr // channels; default: as many as come in
	Stride Attr // default 1
}

// Kind returns "shortcut".
func (*Shortcut) Kind() string { return "shortcut" }

// Fields describes the attributes.
func (c *Shortcut) Fields() []Field { return []Field{outField(&c.Out), strideField(&c.Stride)} }

// Build appends the block.
func (c *Shortcut) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(c, b, x, env)
	out, stride := s.args.whole("out"), s.args.whole("stride")
	if stride == 1 && s.shape().C == out {
		return x
	}
	s.add(network.Conv{Out: out, Kernel: 1, Stride: stride})
	s.norm()
	return s.x
}

// Zero gives zeros in the shape of its input: a missing edge of a cell.
type Zero struct {
	Stride Attr // default 1
}

// Kind returns "zero".
func (*Zero) Kind() string { return "zero" }

// Fields describes the attributes.
func (z *Zero) Fields() []Field { return []Field{strideField(&z.Stride)} }

// Build appends the block.
func (z *Zero) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(z, b, x, env)
	s.add(network.Zero{Stride: s.args.whole("stride")})
	return s.x
}

// Act is an activation function.
type Act struct {
	Func Attr // default relu
}

// Kind returns "act".
func (*Act) Kind() string { return "act" }

// Fields describes the attributes.
func (a *Act) Fields() []Field {
	f := actField(&a.Func, "relu")
	f.Name = "func"
	return []Field{f}
}

// Build appends the block.
func (a *Act) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(a, b, x, env)
	s.act(s.args.word("func"))
	return s.x
}

// Norm is a batch normalisation.
type Norm struct{}

// Kind returns "norm".
func (*Norm) Kind() string { return "norm" }

// Fields returns nothing.
func (*Norm) Fields() []Field { return nil }

// Build appends the block.
func (*Norm) Build(b *network.Builder, x network.Ref, _ Env) network.Ref {
	return b.Add(network.BatchNorm{}, x)
}

// Dropout sets a random share of the elements to zero while training (Srivastava et al. 2014).
type Dropout struct {
	Rate Attr // 0 to 0.95; default 0, which adds nothing to the network
}

// Kind returns "dropout".
func (*Dropout) Kind() string { return "dropout" }

// Fields describes the attributes.
func (d *Dropout) Fields() []Field { return []Field{rateField("rate", &d.Rate, maxDropout)} }

const maxDropout = 0.95

// Build appends the block.
func (d *Dropout) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(d, b, x, env)
	s.dropout(s.args.real("rate"))
	return s.x
}

func (s *site) dropout(rate float64) {
	if rate > 0 {
		s.add(network.Dropout{Rate: float32(rate)})
	}
}
