package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets into cellArgs.
const (
	cellPtr, cellSkip                = 0, 64
	cellRows, cellCols, cellSections = 128, 136, 144
)

// cells emits the gates of recurrent units, forward and backward.
func cells(g *gen) {
	t := &table{decl: fmt.Sprintf("cell%s = cellSet", g.name)}
	add := func(name string, arrays int, f func(g *gen, io cellIO)) {
		t.entries = append(t.entries, name+": "+g.cell(name, arrays, f))
	}
	add("lstm", 5, lstmGates)
	add("lstmGrad", 7, lstmGradient)
	add("gru", 6, gruGates)
	add("gruGrad", 7, gruGradient)
	g.groups = append(g.groups, t)
}

// cellIO reads and writes one register of an array; sections of an array follow one another in a row.
type cellIO struct {
	load  func(array, section int) vec
	store func(v vec, array, section int)
}

// cell emits a kernel that walks rows of arrays, each with a stride of its own.
func (g *gen) cell(name string, arrays int, f func(g *gen, io cellIO)) string {
	name += g.name
	t := g.function(name, "cellArgs", "is its Go twin in the set of portable loops.")
	at := func(off int) Mem { return Mem{Base: t, Disp: off} }
	full, last := g.spread(at(cellCols))
	g.mask(last)
	p := g.pointers(t, cellPtr, arrays)
	section, three, n := g.GP64(), g.GP64(), g.GP64()
	g.MOVQ(at(cellSections), section)
	g.LEAQ(Mem{Base: section, Index: section, Scale: 2}, three)
	rows := g.AllocLocal(8)
	g.MOVQ(at(cellRows), n)
	g.MOVQ(n, rows)
	part := func(array, s int) Mem {
		m := Mem{Base: p[array]}
		switch s {
		case 1:
			m.Index, m.Scale = section, 1
		case 2:
			m.Index, m.Scale = section, 2
		case 3:
			m.Index, m.Scale = three, 1
		}
		return m
	}
	step := func(masked bool) {
		f(g, cellIO{
			load: func(array, s int) vec {
				v := g.vector()
				g.load(part(array, s), 0, masked, v)
				return v
			},
			store: func(v vec, array, s int) { g.store(v, part(array, s), 0, masked) },
		})
	}
	row, unit, end := g.label("row"), g.label("unit"), g.label("end")
	g.Label(row)
	g.MOVQ(full, n)
	g.TESTQ(n, n)
	g.JZ(LabelRef(end))
	g.Label(unit)
	step(false)
	for _, r := range p {
		g.ADDQ(Imm(uint64(g.lanes*4)), r)
	}
	g.DECQ(n)
	g.JNZ(LabelRef(unit))
	g.Label(end)
	step(true)
	for i, r := range p {
		g.LEAQ(Mem{Base: r, Index: last, Scale: 4}, r)
		g.ADDQ(at(cellSkip+8*i), r)
	}
	g.DECQ(rows)
	g.JNZ(LabelRef(row))
	g.VZEROUPPER()
	g.RET()
	return name
}

// spread returns the number of full registers before the last of n lanes, and the lanes of the last (1 to all).
func (g *gen) spread(n Mem) (full, last reg.GPVirtual) {
	full, last = g.GP64(), g.GP64()
	g.MOVQ(n, full)
	g.MOVQ(full, last)
	g.DECQ(full)
	shift := uint64(4)
	if g.lanes == 8 {
		shift = 3
	}
	g.SHRQ(Imm(shift), full)
	skip := g.GP64()
	g.MOVQ(full, skip)
	g.SHLQ(Imm(shift), skip)
	g.SUBQ(skip, last)
	return full, last
}

// sigmoidSlope returns d·s·(1−s), the gradient through a sigmoid of value s.
func (g *gen) sigmoidSlope(d, s vec) vec { return g.mul(d, g.fnma(s, s, s)) }

// tanhSlope returns d·(1−t²), the gradient through a tanh of value t.
func (g *gen) tanhSlope(d, t vec) vec { return g.mul(d, g.fnma(t, t, g.set(1))) }

// lstmGates: arrays gates (i, f, g, o), cell before, cell, hidden, hidden again.
func lstmGates(g *gen, io cellIO) {
	i := g.sigmoid(io.load(0, 0))
	io.store(i, 0, 0)
	u := g.tanh(io.load(0, 2))
	io.store(u, 0, 2)
	in := g.mul(i, u)
	f := g.sigmoid(io.load(0, 1))
	io.store(f, 0, 1)
	c := g.fma(f, io.load(1, 0), in)
	io.store(c, 2, 0)
	h := g.tanh(c)
	o := g.sigmoid(io.load(0, 3))
	io.store(o, 0, 3)
	h = g.mul(o, h)
	io.store(h, 3, 0)
	io.store(h, 4, 0)
}

// lstmGradient: arrays gates, cell, cell before, d hidden, d hidden from later, d cell (in and out), d gates.
func lstmGradient(g *gen, io cellIO) {
	dh := g.add(io.load(3, 0), io.load(4, 0))
	t := g.tanh(io.load(1, 0))
	o := io.load(0, 3)
	io.store(g.sigmoidSlope(g.mul(dh, t), o), 6, 3)
	dc := g.add(io.load(5, 0), g.tanhSlope(g.mul(dh, o), t))
	i, u := io.load(0, 0), io.load(0, 2)
	io.store(g.sigmoidSlope(g.mul(dc, u), i), 6, 0)
	io.store(g.tanhSlope(g.mul(dc, i), u), 6, 2)
	f := io.load(0, 1)
	io.store(g.sigmoidSlope(g.mul(dc, io.load(2, 0)), f), 6, 1)
	io.store(g.mul(dc, f), 5, 0)
}

// gruGates: arrays input share (r, z, n), hidden share (r, z, n), hidden n kept, hidden before, hidden, hidden again.
func gruGates(g *gen, io cellIO) {
	r := g.sigmoid(g.add(io.load(0, 0), io.load(1, 0)))
	io.store(r, 0, 0)
	q := io.load(1, 2)
	io.store(q, 2, 0)
	n := g.tanh(g.fma(r, q, io.load(0, 2)))
	io.store(n, 0, 2)
	z := g.sigmoid(g.add(io.load(0, 1), io.load(1, 1)))
	io.store(z, 0, 1)
	h := g.fma(z, g.sub(io.load(3, 0), n), n)
	io.store(h, 4, 0)
	io.store(h, 5, 0)
}

// gruGradient: arrays gates, hidden n, hidden before, d hidden, d hidden from later (out: its way past the gates),
// d input share, d hidden share.
func gruGradient(g *gen, io cellIO) {
	dh := g.add(io.load(3, 0), io.load(4, 0))
	z, n := io.load(0, 1), io.load(0, 2)
	io.store(g.mul(dh, z), 4, 0)
	dz := g.sigmoidSlope(g.mul(dh, g.sub(io.load(2, 0), n)), z)
	io.store(dz, 5, 1)
	io.store(dz, 6, 1)
	dn := g.tanhSlope(g.fnma(dh, z, dh), n)
	io.store(dn, 5, 2)
	r := io.load(0, 0)
	io.store(g.mul(dn, r), 6, 2)
	dr := g.sigmoidSlope(g.mul(dn, io.load(1, 0)), r)
	io.store(dr, 5, 0)
	io.store(dr, 6, 0)
}
