package model

import (
	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/tensor"
)

// makeSequenceLayer creates the parameters of an operator of sequences; those without have the zero layer.
func makeSequenceLayer(s *nn.Store, name string, op network.Op, inputs []network.Shape) (l layer) {
	in := inputs[0]
	bias := func(name string, c int) autograd.Param { return s.Param(name+".bias", tensor.Of(c), nn.Fill(0), false) }
	project := func(name string, c, out int, nobias bool) {
		p := projection{weight: s.Param(name+".weight", tensor.Of(c, out), nn.Glorot(c, out), true)}
		if !nobias {
			p.bias = bias(name, out)
		}
		l.projections = append(l.projections, p)
	}
	switch op := op.(type) {
	case network.Conv1d:
		k := op.Kernel
		l.weight = s.Param(name+".weight", tensor.Of(k, in.C/op.Groups, op.Out), nn.He(k*op.Out/op.Groups), true)
		if op.Bias {
			l.bias = bias(name, op.Out)
		}
	case network.Depthwise1d:
		l.weight = s.Param(name+".weight", tensor.Of(op.Kernel, in.C), nn.He(op.Kernel), true)
		if op.Bias {
			l.bias = bias(name, in.C)
		}
	case network.LayerNorm:
		l.weight = s.Param(name+".scale", tensor.Of(in.C), nn.Fill(1), false)
		l.bias = s.Param(name+".shift", tensor.Of(in.C), nn.Fill(0), false)
	case network.RMSNorm:
		l.weight = s.Param(name+".scale", tensor.Of(in.C), nn.Fill(1), false)
	case network.Embedding:
		l.weight = s.Param(name+".weight", tensor.Of(op.Vocab, op.Out), nn.Normal(1), true)
	case network.Positions:
		l.weight = s.Param(name+".weight", tensor.Of(in.H, in.W, in.C), nn.Fill(0), true)
	case network.Attention:
		wide := op.Heads * op.Dim(in)
		if op.Cross {
			project(name+".q", in.C, wide, op.NoBias)
			project(name+".kv", inputs[1].C, 2*wide, op.NoBias)
		} else {
			project(name+".qkv", in.C, 3*wide, op.NoBias)
		}
		project(name+".out", wide, in.C, op.NoBias)
	}
	return l
}

// sequence records an operator of sequences, or returns nil for any other.
func (r *recorder) sequence(c instruction, in []*autograd.Var) *autograd.Var {
	t, l := r.tape, r.layers[c.node]
	switch op := r.graph.Nodes[c.node].Op.(type) {
	case network.Conv1d:
		s := autograd.Steps{Kernel: op.Kernel, Stride: op.Stride, Dilation: op.Dilation, Valid: op.Valid, Causal: op.Causal}
		return t.Conv1d(in[0], t.Param(l.weight), r.optional(l.bias), s, op.Groups)
	case network.Depthwise1d:
		s := autograd.Steps{Kernel: op.Kernel, Stride: op.Stride, Dilation: op.Dilation, Valid: op.Valid, Causal: op.Causal}
		return t.Depthwise1d(in[0], t.Param(l.weight), r.optional(l.bias), s)
	case network.LayerNorm:
		var residual *autograd.Var
		if c.residual {
			residual = in[1]
		}
		return t.LayerNorm(in[0], residual, t.Param(l.weight), t.Param(l.bias))
	case network.RMSNorm:
		return t.RMSNorm(in[0], t.Param(l.weight))
	case network.GLU:
		return t.GLU(in[0], actOf(op.Gate))
	case network.Softmax:
		return t.Softmax(in[0])
	case network.Embedding:
		return t.Embed(in[0], t.Param(l.weight))
	case network.Positions:
		return t.AddPositions(in[0], t.Param(l.weight))
	case network.Lengths:
		return t.Lengths(in[0], op.Pad)
	case network.Slice:
		return t.Slice(in[0], op.From, op.Size)
	case network.Mean:
		if op.Padded {
			return t.MeanSteps(in[0], in[1])
		}
		return t.MeanOver(in[0], autograd.Axes{Height: op.Height, Width: op.Width, Channels: op.Channels})
	case network.Attention:
		return r.attention(op, l, in)
	}
	return nil
}

func (r *recorder) attention(op network.Attention, l layer, in []*autograd.Var) *autograd.Var {
	t := r.tape
	dense := func(x *autograd.Var, p projection) *autograd.Var {
		return t.Affine(x, t.Param(p.weight), r.optional(p.bias), 0)
	}
	x := in[0].Shape()
	h := autograd.Heads{Heads: op.Heads, Dim: op.Dim(network.Shape{H: x.At(1), W: x.At(2), C: x.At(3)}), Causal: op.Causal}
	var lengths, y *autograd.Var
	if op.Padded {
		lengths = in[len(in)-1]
	}
	if op.Cross {
		y = t.CrossAttention(dense(in[0], l.projections[0]), dense(in[1], l.projections[1]), lengths, h)
	} else {
		y = t.Attention(dense(in[0], l.projections[0]), lengths, h)
	}
	return dense(y, l.projections[len(l.projections)-1])
}
