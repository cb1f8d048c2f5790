package autograd

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/tensor"
)

// Heads says how attention is cut: so many heads of Dim channels each; with Causal no position attends to a later one.
type Heads struct {
	Heads, Dim int
	Causal     bool
}

// Attention computes scaled dot-product attention over the positions of qkv, N×H×W×3·Heads·Dim, whose channels are
// queries, keys and values, each head after head (Vaswani et al., 2017). lengths, N numbers or nil, says for each sample
// how many first positions may be attended to. The scores are never stored: backward computes them anew.
func (t *Tape) Attention(qkv, lengths *Var, h Heads) *Var {
	wide := h.Heads * h.Dim
	check(qkv.shape.At(-1) == 3*wide, "attention of %d heads of %d to %v", h.Heads, h.Dim, qkv.shape)
	return t.attend(qkv, nil, lengths, h, 3*wide, wide)
}

// CrossAttention is Attention of the queries q, N×H×W×Heads·Dim, to keys and values kv, N×H'×W'×2·Heads·Dim.
func (t *Tape) CrossAttention(q, kv, lengths *Var, h Heads) *Var {
	wide := h.Heads * h.Dim
	check(q.shape.At(-1) == wide && kv.shape.At(-1) == 2*wide && q.shape.At(0) == kv.shape.At(0),
		"attention of %d heads of %d from %v to %v", h.Heads, h.Dim, q.shape, kv.shape)
	return t.attend(q, kv, lengths, h, 2*wide, 0)
}

// attend records attention; kv is nil where q holds all three, keys beginning at channel at.
func (t *Tape) attend(q, kv, lengths *Var, h Heads, ldk, at int) *Var {
	memory, wide := kv, h.Heads*h.Dim
	if kv == nil {
		memory = q
	}
	n := q.shape.At(0)
	g := kernel.AttentionShape{N: n, Queries: q.shape.At(1) * q.shape.At(2), Keys: memory.shape.At(1) * memory.shape.At(2),
		Heads: h.Heads, Dim: h.Dim, LDQ: q.shape.At(-1), LDK: ldk, Causal: h.Causal}
	check(!h.Causal || g.Queries == g.Keys, "causal attention of %d queries to %d keys", g.Queries, g.Keys)
	check(lengths == nil || lengths.shape.Size() == n, "attention of %v with lengths %v", q.shape, lengths)
	o := t.record("attention", tensor.Of(n, q.shape.At(1), q.shape.At(2), wide), q, kv, lengths)
	y, top, inv := o.out, t.save(o, g.Stats()), t.save(o, g.Stats())
	o.keep = []*Var{q, memory, y}
	var lens []float32
	if lengths != nil {
		o.keep = append(o.keep, lengths)
	}
	o.forward = func() {
		if lengths != nil {
			lens = lengths.value
		}
		kernel.AttentionForward(t.pool, y.value, top.value, inv.value, q.value, memory.value[at:], memory.value[at+wide:], lens, g)
	}
	dq, dkv := o.in[0], o.in[0]
	if kv != nil {
		dkv = o.in[1]
	}
	wasteQ, wasteKV := t.waste(o, dq), t.waste(o, dkv)
	o.backward = func() {
		a := wasteQ.or(dq)
		b := a
		if kv != nil {
			b = wasteKV.or(dkv)
		}
		kernel.AttentionBackward(t.pool, a, b[at:], b[at+wide:], y.grad, y.value, top.value, inv.value, q.value, memory.value[at:], memory.value[at+wide:], lens, g)
		dq.finish(t.pool)
		if kv != nil {
			dkv.finish(t.pool)
		}
	}
	return y
}
