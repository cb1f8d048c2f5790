package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// This file emits the arithmetic of the vector kernels. Each method is one rounding; the Go twins repeat them in order.

type vec = reg.VecVirtual

// k returns f in every lane: a register if it is held, else a memory operand.
func (g *gen) k(f float32) Op {
	if v, ok := g.held[math.Float32bits(f)]; ok {
		return v
	}
	return g.constant(f)
}

// hold keeps constants in registers for the rest of the kernel, where there are enough.
func (g *gen) hold(constants ...float32) {
	if g.lanes < 16 {
		return
	}
	for _, f := range constants {
		v := g.set(f)
		g.held[math.Float32bits(f)] = v
	}
}

// constant returns f in every lane as a memory operand.
func (g *gen) constant(f float32) Mem {
	bits := math.Float32bits(f)
	if m, ok := g.consts[bits]; ok {
		return m
	}
	m := g.StaticGlobal(fmt.Sprintf("k%08x", bits))
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 16 {
		g.AddDatum(i*4, U32(bits))
	}
	g.consts[bits] = m
	return m
}

// set returns f in a register that is not to be written to.
func (g *gen) set(f float32) vec {
	if v, ok := g.pinned[f]; ok {
		return v
	}
	v := g.vector()
	if f == 0 {
		g.zero(v)
	} else {
		g.VMOVUPS(g.k(f), v)
	}
	return v
}

func (g *gen) copy(a vec) vec                 { v := g.vector(); g.VMOVAPS(a, v); return v }
func (g *gen) add(a vec, b Op) vec            { v := g.vector(); g.VADDPS(b, a, v); return v }
func (g *gen) sub(a vec, b Op) vec            { v := g.vector(); g.VSUBPS(b, a, v); return v }
func (g *gen) mul(a vec, b Op) vec            { v := g.vector(); g.VMULPS(b, a, v); return v }
func (g *gen) div(a vec, b Op) vec            { v := g.vector(); g.VDIVPS(b, a, v); return v }
func (g *gen) sqrt(a vec) vec                 { v := g.vector(); g.VSQRTPS(a, v); return v }
func (g *gen) fma(a vec, b Op, c vec) vec     { v := g.copy(c); g.VFMADD231PS(b, a, v); return v }      // a·b + c
func (g *gen) fnma(a vec, b Op, c vec) vec    { v := g.copy(c); g.VFNMADD231PS(b, a, v); return v }     // c − a·b
func (g *gen) horner(p, r vec, c float32) vec { v := g.copy(p); g.VFMADD213PS(g.k(c), r, v); return v } // p·r + c

// atLeast is max(c, x) that keeps a NaN x and the sign of a zero x; atMost is min.
func (g *gen) atLeast(x vec, c float32) vec { v := g.vector(); g.VMAXPS(x, g.set(c), v); return v }
func (g *gen) atMost(x vec, c float32) vec  { v := g.vector(); g.VMINPS(x, g.set(c), v); return v }

const (
	less    = 0x11 // ordered, quiet
	greater = 0x1e
)

// keep returns v where a (less, greater) c, and 0 elsewhere.
func (g *gen) keep(v, a vec, is uint8, c float32) vec {
	out, cv := g.vector(), g.set(c)
	if g.lanes == 16 {
		k := g.K()
		g.VCMPPS(U8(is), cv, a, k)
		g.VMOVAPS_Z(v, k, out)
		return out
	}
	g.VCMPPS(U8(is), cv, a, out)
	g.VANDPS(v, out, out)
	return out
}

// choose returns v where a (less, greater) c, and w elsewhere.
func (g *gen) choose(v, w, a vec, is uint8, c float32) vec {
	out, cv := g.vector(), g.set(c)
	if g.lanes == 16 {
		k := g.K()
		g.VCMPPS(U8(is), cv, a, k)
		g.VBLENDMPS(v, w, k, out)
		return out
	}
	g.VCMPPS(U8(is), cv, a, out)
	g.VBLENDVPS(out, v, w, out)
	return out
}

// notAtMost returns a function that chooses its first argument where b is no NaN and a is not at most b.
func (g *gen) notAtMost(a, b vec) func(v, w vec) vec {
	const notLessEqual, ordered = 0x16, 7 // unordered counts as not at most
	if g.lanes == 16 {
		k, both := g.K(), g.K()
		g.VCMPPS(U8(ordered), b, b, k)
		g.VCMPPS(U8(notLessEqual), b, a, k, both)
		return func(v, w vec) vec { out := g.vector(); g.VBLENDMPS(v, w, both, out); return out }
	}
	m, n := g.vector(), g.vector()
	g.VCMPPS(U8(ordered), b, b, m)
	g.VCMPPS(U8(notLessEqual), b, a, n)
	g.VANDPS(m, n, m)
	return func(v, w vec) vec { out := g.vector(); g.VBLENDVPS(m, v, w, out); return out }
}

// expParts returns q and s with exp(y) = s + s·q; see expParts in package kernel.
func (g *gen) expParts(y vec) (q, s vec) {
	return g.expInRange(g.atMost(g.atLeast(y, -87), 88))
}

// expInRange is expParts of y from −87 to 88.
func (g *gen) expInRange(y vec) (q, s vec) {
	t := g.fma(y, g.k(1.4426950408889634), g.set(12582912))
	n := g.sub(t, g.k(12582912))
	r := g.fnma(n, g.k(0.693145751953125), y)
	r = g.fnma(n, g.k(1.42860682028622e-06), r)
	p := g.set(expSeries[0])
	for _, c := range expSeries[1:] {
		p = g.horner(p, r, c)
	}
	q = g.fma(p, g.mul(r, r), r)
	s = g.vector()
	g.VPSLLD(Imm(23), t, s)
	g.VPADDD(g.k(1), s, s)
	return q, s
}

// expSeries are the coefficients of (eʳ − 1 − r)/r², highest power first.
var expSeries = []float32{0.001392618358789702, 0.008363179052727866, 0.041666554617201146, 0.16666576989698692, 0.5}

// holdExp holds the constants of expInRange.
func (g *gen) holdExp() {
	g.hold(1.4426950408889634, 12582912, 0.693145751953125, 1.42860682028622e-06, 1)
	g.hold(expSeries...)
}

func (g *gen) sigmoid(x vec) vec {
	q, s := g.expParts(g.sub(g.set(0), x))
	e := g.fma(q, s, s)
	return g.div(g.set(1), g.add(e, g.k(1)))
}

func (g *gen) tanh(x vec) vec {
	q, s := g.expParts(g.add(x, x))
	m := g.fma(q, s, g.sub(s, g.k(1)))
	return g.div(m, g.add(m, g.k(2)))
}

func (g *gen) hsigmoid(x vec) vec {
	return g.mul(g.atMost(g.atLeast(g.add(x, g.k(3)), 0), 6), g.k(1./6))
}

// geluGate returns the sigmoid of GELU's tanh form and x².
func (g *gen) geluGate(x vec) (s, u vec) {
	u = g.mul(x, x)
	return g.sigmoid(g.mul(x, g.horner(u, g.set(geluCube), geluLinear))), u
}

const (
	geluLinear = 1.5957691216057308 // 2·√(2/π)
	geluCube   = 0.07135481627159225
)

// activations lists the functions by the names and order of package kernel's Act; slope returns dy·act'(x).
var activations = []struct {
	name  string
	value func(g *gen, x vec) vec
	slope func(g *gen, dy, x vec) vec
	wide  bool // the slope needs many registers
}{
	{"None", func(g *gen, x vec) vec { return x }, func(g *gen, dy, x vec) vec { return dy }, false},
	{"ReLU", func(g *gen, x vec) vec { return g.atLeast(x, 0) }, func(g *gen, dy, x vec) vec { return g.keep(dy, x, greater, 0) }, false},
	{"ReLU6", func(g *gen, x vec) vec { return g.atMost(g.atLeast(x, 0), 6) },
		func(g *gen, dy, x vec) vec { return g.keep(g.keep(dy, x, greater, 0), x, less, 6) }, false},
	{"HSwish", func(g *gen, x vec) vec { return g.mul(x, g.hsigmoid(x)) }, func(g *gen, dy, x vec) vec {
		d := g.mul(dy, g.horner(x, g.set(1./3), 0.5))
		return g.keep(g.choose(d, dy, x, less, 3), x, greater, -3)
	}, false},
	{"SiLU", func(g *gen, x vec) vec { return g.mul(x, g.sigmoid(x)) }, func(g *gen, dy, x vec) vec {
		s := g.sigmoid(x)
		return g.mul(dy, g.fma(x, g.fnma(s, s, s), s))
	}, true},
	{"Sigmoid", func(g *gen, x vec) vec { return g.sigmoid(x) }, func(g *gen, dy, x vec) vec {
		s := g.sigmoid(x)
		return g.mul(dy, g.fnma(s, s, s))
	}, true},
	{"HSigmoid", func(g *gen, x vec) vec { return g.hsigmoid(x) }, func(g *gen, dy, x vec) vec {
		return g.keep(g.keep(g.mul(dy, g.k(1./6)), x, greater, -3), x, less, 3)
	}, false},
	{"Tanh", func(g *gen, x vec) vec { return g.tanh(x) }, func(g *gen, dy, x vec) vec {
		t := g.tanh(x)
		return g.mul(dy, g.fnma(t, t, g.set(1)))
	}, true},
	{"GELU", func(g *gen, x vec) vec { s, _ := g.geluGate(x); return g.mul(x, s) }, func(g *gen, dy, x vec) vec {
		s, u := g.geluGate(x)
		t := g.fnma(s, s, s)
		d := g.horner(u, g.set(3*geluCube), geluLinear)
		return g.mul(dy, g.fma(g.mul(x, t), d, s))
	}, true},
}
