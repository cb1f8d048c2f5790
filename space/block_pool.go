package space

import "github.com/trellis-nas/trellis/network"

// MaxPool takes the largest value of each window.
type MaxPool struct {
	Kernel Attr // odd unless Valid; default 3
	Stride Attr // default 1
	Valid  Attr // no padding; default false
}

// Kind returns "maxpool".
func (*MaxPool) Kind() string { return "maxpool" }

// Fields describes the attributes.
func (p *MaxPool) Fields() []Field { return poolFields(&p.Kernel, &p.Stride, &p.Valid) }

// Build appends the block.
func (p *MaxPool) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(p, b, x, env)
	s.add(network.MaxPool{Kernel: s.args.whole("kernel"), Stride: s.args.whole("stride"), Valid: s.args.flag("valid")})
	return s.x
}

// AvgPool takes the mean of each window, padding not counted in.
type AvgPool struct {
	Kernel Attr // odd unless Valid; default 3
	Stride Attr // default 1
	Valid  Attr // no padding; default false
}

// Kind returns "avgpool".
func (*AvgPool) Kind() string { return "avgpool" }

// Fields describes the attributes.
func (p *AvgPool) Fields() []Field { return poolFields(&p.Kernel, &p.Stride, &p.Valid) }

// Build appends the block.
func (p *AvgPool) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(p, b, x, env)
	s.add(network.AvgPool{Kernel: s.args.whole("kernel"), Stride: s.args.whole("stride"), Valid: s.args.flag("valid")})
	return s.x
}

func poolFields(kernel, stride, valid *Attr) []Field {
	return []Field{windowField(kernel, valid), strideField(stride), flagField("valid", valid, false)}
}

// GlobalPool takes the mean of each channel, giving a vector.
type GlobalPool struct{}

// Kind returns "globalpool".
func (*GlobalPool) Kind() string { return "globalpool" }

// Fields returns nothing.
func (*GlobalPool) Fields() []Field { return nil }

// Build appends the block.
func (*GlobalPool) Build(b *network.Builder, x network.Ref, _ Env) network.Ref {
	return b.Add(network.GlobalAvgPool{}, x)
}
