package space

import "github.com/trellis-nas/trellis/network"

// Head ends a classifier: a pointwise convolution to Width channels with batch normalisation and activation if Width is not 0, global
// average pooling, dropout, and a dense layer to the classes.
type Head struct {
	Classes Attr // default: the variable [ClassesVar]
	Width   Attr // default 0: no convolution
	Act     Attr // of the convolution; default relu
	Dropout Attr // rate, 0 to 0.95; default 0
}

// Kind returns "head".
func (*Head) Kind() string { return "head" }

// Fields describes the attributes.
func (h *Head) Fields() []Field {
	return []Field{
		{Name: "classes", Attr: &h.Classes, Type: Whole, Min: 1, Max: maxClasses, Default: Var(ClassesVar)},
		{Name: "width", Attr: &h.Width, Type: Whole, Min: 0, Max: maxWidth, Default: Of(0)},
		actField(&h.Act, "relu"), rateField("dropout", &h.Dropout, maxDropout),
	}
}

// Build appends the block.
func (h *Head) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(h, b, x, env)
	if width := s.args.whole("width"); width > 0 {
		s.add(network.Pointwise(width))
		s.norm()
		s.act(s.args.word("act"))
	}
	s.add(network.GlobalAvgPool{})
	s.dropout(s.args.real("dropout"))
	s.add(network.Dense{Out: s.args.whole("classes")})
	return s.x
}

// Dense is a fully connected layer with an activation function. An image is flattened first.
type Dense struct {
	Out Attr // must be given
	Act Attr // default none
}

// Kind returns "dense".
func (*Dense) Kind() string { return "dense" }

// Fields describes the attributes.
func (d *Dense) Fields() []Field {
	out := outField(&d.Out)
	out.Default, out.Max = Attr{}, maxClasses
	return []Field{out, actField(&d.Act, "none")}
}

// Build appends the block.
func (d *Dense) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(d, b, x, env)
	if !s.shape().IsVector() {
		s.add(network.Flatten{})
	}
	s.add(network.Dense{Out: s.args.whole("out")})
	s.act(s.args.word("act"))
	return s.x
}

// Flatten reads a tensor as one vector.
type Flatten struct{}

// Kind returns "flatten".
func (*Flatten) Kind() string { return "flatten" }

// Fields returns nothing.
func (*Flatten) Fields() []Field { return nil }

// Build appends the block.
func (*Flatten) Build(b *network.Builder, x network.Ref, _ Env) network.Ref {
	return b.Add(network.Flatten{}, x)
}
