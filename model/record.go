package model

import (
	"slices"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/tensor"
)

// program is the compiled tape of one mode and batch size.
type program struct {
	*autograd.Program
	mode   autograd.Mode
	batch  int
	input  *autograd.Var
	logits *autograd.Var
	labels autograd.Labels
}

// maxPrograms bounds the programs kept: a training batch, its remainder, an evaluation batch and its remainder.
const maxPrograms = 4

// program returns the program for a mode and batch size, recording it unless it is there.
func (m *Model) program(mode autograd.Mode, batch int) *program {
	i := slices.IndexFunc(m.programs, func(p *program) bool { return p.mode == mode && p.batch == batch })
	if i >= 0 {
		p := m.programs[i]
		copy(m.programs[i:], m.programs[i+1:])
		m.programs[len(m.programs)-1] = p
		return p
	}
	p := m.record(mode, batch)
	if len(m.programs) == maxPrograms {
		m.programs = slices.Delete(m.programs, 0, 1)
	}
	m.programs = append(m.programs, p)
	return p
}

// record writes the instructions to a tape and compiles it.
func (m *Model) record(mode autograd.Mode, batch int) *program {
	t := autograd.NewTape(mode, m.pool)
	in := m.graph.Input()
	p := &program{mode: mode, batch: batch, input: t.Input(tensor.Of(batch, in.H, in.W, in.C))}
	r := recorder{m, t, make([]*autograd.Var, len(m.graph.Nodes))}
	r.values[0] = p.input
	for _, c := range m.code {
		t.Label(m.names[c.node])
		r.values[c.result] = r.instruction(c)
	}
	p.logits = t.Hold(r.values[m.output])
	var loss *autograd.Var
	if mode == autograd.Train {
		t.Label("loss")
		p.labels.Class = make([]int32, batch)
		loss = t.CrossEntropy(p.logits, &p.labels, m.options.Smoothing)
	}
	p.Program = t.Compile(&m.arena, loss)
	return p
}

type recorder struct {
	*Model
	tape   *autograd.Tape
	values []*autograd.Var // by node
}

func (r *recorder) instruction(c instruction) *autograd.Var {
	t, l := r.tape, r.layers[c.node]
	in := make([]*autograd.Var, len(c.in))
	for i, j := range c.in {
		in[i] = r.values[j]
	}
	node := r.graph.Nodes[c.node]
	switch op := node.Op.(type) {
	case network.Conv:
		if pointwise(op) && (op.Bias || c.act != kernel.None) {
			return t.Affine(in[0], t.Param(l.weight), r.optional(l.bias), c.act)
		}
		w := autograd.Window{Kernel: op.Kernel, Stride: op.Stride, Dilation: op.Dilation, Valid: op.Valid}
		return t.Conv(in[0], t.Param(l.weight), r.optional(l.bias), w, op.Groups)
	case network.Depthwise:
		w := autograd.Window{Kernel: op.Kernel, Stride: op.Stride, Dilation: op.Dilation, Valid: op.Valid}
		return t.Depthwise(in[0], t.Param(l.weight), r.optional(l.bias), w)
	case network.BatchNorm:
		var residual *autograd.Var
		if c.residual {
			residual = in[1]
		}
		return t.BatchNorm(in[0], t.Param(l.weight), t.Param(l.bias), residual, l.running, c.act)
	case network.Activation:
		return t.Activate(in[0], actOf(op.Func))
	case network.MaxPool:
		return t.MaxPool(in[0], autograd.Window{Kernel: op.Kernel, Stride: op.Stride, Dilation: 1, Valid: op.Valid})
	case network.AvgPool:
		return t.AvgPool(in[0], autograd.Window{Kernel: op.Kernel, Stride: op.Stride, Dilation: 1, Valid: op.Valid})
	case network.GlobalAvgPool:
		return t.GlobalAvgPool(in[0])
	case network.Add:
		if len(in) == 0 { // every operand is zero
			return t.Zeros(batched(r.values[0], node.Shape))
		}
		return t.Add(in...)
	case network.Concat:
		return t.Concat(in...)
	case network.Multiply:
		if in[0].Shape() == in[1].Shape() {
			return t.Multiply(in[0], in[1])
		}
		return t.Gate(in[0], in[1])
	case network.Dense:
		return t.Dense(in[0], t.Param(l.weight), r.optional(l.bias))
	case network.LSTM:
		return t.LSTM(in[0], l.recurrent.on(t), op.Last)
	case network.GRU:
		return t.GRU(in[0], l.recurrent.on(t), op.Last)
	case network.Dropout:
		return t.Dropout(in[0], op.Rate, r.seed, r.names[c.node])
	case network.Flatten:
		return t.Flatten(in[0])
	case network.Zero:
		return t.Zeros(batched(r.values[0], node.Shape))
	}
	if v := r.sequence(c, in); v != nil {
		return v
	}
	panic("model: operator " + node.Op.String() + " has no lowering") // the catalogue is closed and a test builds all of it
}

// optional declares a parameter that may be absent.
func (r *recorder) optional(p autograd.Param) *autograd.Var {
	if p.Name == "" {
		return nil
	}
	return r.tape.Param(p)
}

func batched(input *autograd.Var, s network.Shape) tensor.Shape {
	return tensor.Of(input.Shape().At(0), s.H, s.W, s.C)
}
