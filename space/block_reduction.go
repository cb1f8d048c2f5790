package space

import "github.com/trellis-nas/trellis/network"

// Reduction brings a tensor to Out channels and divides its height and width by Stride: an activation, two pointwise convolutions of half
// of the channels each, laid behind one another, and batch normalisation (the factorised reduction of NASNet, Zoph et al. 2018, and
// DARTS, Liu et al. 2019). The first convolution has the stride; before the second stands an average pooling with it, of a window that
// covers the stride, so that every pixel counts. (There, the second reads the image shifted by a pixel; params and MACs are the same.)
//
// With Stride 1 it is one convolution, and where the channels are right too, it gives its input.
type Reduction struct {
	Out    Attr // channels; default: as many as come in
	Stride Attr // default 2
	Act    Attr // default relu
}

// Kind returns "reduction".
func (*Reduction) Kind() string { return "reduction" }

// Fields describes the attributes.
func (r *Reduction) Fields() []Field {
	stride := strideField(&r.Stride)
	stride.Default = Of(2)
	return []Field{outField(&r.Out), stride, actField(&r.Act, "relu")}
}

// Build appends the block.
func (r *Reduction) Build(b *network.Builder, x network.Ref, env Env) network.Ref {
	s := begin(r, b, x, env)
	out, stride := s.args.whole("out"), s.args.whole("stride")
	if stride == 1 && s.shape().C == out {
		return x
	}
	s.act(s.args.word("act"))
	if stride == 1 || out == 1 {
		s.add(network.Conv{Out: out, Kernel: 1, Stride: stride})
	} else {
		first := b.Add(network.Conv{Out: out / 2, Kernel: 1, Stride: stride}, s.x)
		s.add(network.AvgPool{Kernel: stride | 1, Stride: stride})
		s.add(network.Pointwise(out - out/2))
		s.x = b.Add(network.Concat{}, first, s.x)
	}
	s.norm()
	return s.x
}
