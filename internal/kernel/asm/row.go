package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets into rowArgs.
const (
	rowY, rowX, rowP, rowR, rowSum = 0, 16, 32, 48, 64
	rowRows, rowCols               = 80, 88
	rowLDY, rowLDX, rowLDZ         = 96, 104, 112
	rowS                           = 120
)

// rows emits the kernels that reduce each row of an array to a number or two and rewrite it.
func rows(g *gen) {
	t := &table{decl: fmt.Sprintf("row%s = rowSet", g.name)}
	add := func(name string, emit func(r *rowGen)) {
		t.entries = append(t.entries, name+": "+g.rowKernel("row"+name, emit))
	}
	add("exp", (*rowGen).exp)
	add("expGrad", (*rowGen).expGrad)
	add("softmaxGrad", (*rowGen).softmaxGrad)
	add("scale", (*rowGen).scale)
	add("scaleDot", (*rowGen).scaleDot)
	add("layerNorm", func(r *rowGen) { r.layerNorm(false) })
	add("layerNormAdd", func(r *rowGen) { r.layerNorm(true) })
	add("layerNormGrad", (*rowGen).layerNormGrad)
	add("zeroSum", (*rowGen).zeroSum)
	add("rmsNorm", (*rowGen).rmsNorm)
	add("rmsNormGrad", (*rowGen).rmsNormGrad)
	t.entries = append(t.entries, "transpose: "+g.transpose(), fmt.Sprintf("transposeBlock: %d", g.lanes))
	g.groups = append(g.groups, t)
}

// rowGen emits one row kernel. Its arrays are asked for before the first walk.
type rowGen struct {
	*gen
	t, row, c, n reg.GPVirtual // arguments, row, byte in the row, units left
	full         Mem
	moves        []func() // to the next row
}

func (g *gen) rowKernel(name string, emit func(r *rowGen)) string {
	name += g.name
	t := g.function(name, "rowArgs", "is its Go twin in the set of portable loops.")
	r := &rowGen{gen: g, t: t, row: g.GP64(), c: g.GP64(), n: g.GP64()}
	full, last, units := g.GP64(), g.AllocLocal(8), g.AllocLocal(8)
	tail := g.GP64()
	g.MOVQ(Mem{Base: t, Disp: rowCols}, full)
	g.MOVQ(full, tail)
	g.DECQ(full)
	g.SHRQ(Imm(4), full)
	g.MOVQ(full, units)
	g.SHLQ(Imm(4), full)
	g.SUBQ(full, tail)
	g.MOVQ(tail, last)
	r.full = units
	g.setTail(last)
	g.XORQ(r.row, r.row)
	emit(r)
	g.VZEROUPPER()
	g.RET()
	return name
}

// array returns the pointer at off, which moves on by the bytes at ld after each row.
func (r *rowGen) array(off, ld int) reg.GPVirtual {
	p := r.fixed(off)
	r.moves = append(r.moves, func() { r.ADDQ(Mem{Base: r.t, Disp: ld}, p) })
	return p
}

func (r *rowGen) fixed(off int) reg.GPVirtual { return r.pointers(r.t, off, 1)[0] }

// each emits body for every row.
func (r *rowGen) each(body func()) {
	loop := r.label("row")
	r.Label(loop)
	body()
	for _, move := range r.moves {
		move()
	}
	r.INCQ(r.row)
	r.CMPQ(r.row, Mem{Base: r.t, Disp: rowRows})
	r.JNE(LabelRef(loop))
}

// again begins at the first row once more; arrays must be asked for anew.
func (r *rowGen) again() {
	r.moves = nil
	r.XORQ(r.row, r.row)
}

// unit is a register of a row: which part of sixteen floats, and whether only some of them exist.
type unit struct {
	r      *rowGen
	part   int
	masked bool
}

func (u unit) load(p reg.GPVirtual) vec {
	v := u.r.vector()
	u.r.gen.load(Mem{Base: p, Index: u.r.c, Scale: 1}, u.part, u.masked, v)
	return v
}

func (u unit) store(v vec, p reg.GPVirtual) {
	u.r.gen.store(v, Mem{Base: p, Index: u.r.c, Scale: 1}, u.part, u.masked)
}

// only returns v with zeros where there are no floats.
func (u unit) only(v vec) vec {
	g := u.r.gen
	if !u.masked {
		return v
	}
	out := g.vector()
	if g.lanes == 16 {
		g.VMOVAPS_Z(v, g.tail[u.part], out)
		return out
	}
	g.VMOVUPS(g.tail[u.part], out)
	g.VANDPS(v, out, out)
	return out
}

// walk emits body for every register of a row.
func (r *rowGen) walk(body func(u unit)) {
	loop, end := r.label("unit"), r.label("end")
	r.XORQ(r.c, r.c)
	r.MOVQ(r.full, r.n)
	r.TESTQ(r.n, r.n)
	r.JZ(LabelRef(end))
	r.Label(loop)
	for part := range r.regs() {
		body(unit{r, part, false})
	}
	r.ADDQ(Imm(64), r.c)
	r.DECQ(r.n)
	r.JNZ(LabelRef(loop))
	r.Label(end)
	for part := range r.regs() {
		body(unit{r, part, true})
	}
}

// sums returns sixteen lanes of zeros.
func (r *rowGen) sums() []vec {
	v := r.vectors(r.regs())
	for _, part := range v {
		r.zero(part)
	}
	return v
}

// fold reduces sixteen lanes to the first of a register: lane i takes lane i+8, i+4, i+2, i+1.
func (r *rowGen) fold(v []vec, op func(high, low, to Op)) vec {
	y := r.YMM()
	if r.lanes == 16 {
		r.VEXTRACTF32X8(Imm(1), v[0], y)
		op(y, v[0].AsY(), y)
	} else {
		op(v[1], v[0], y)
	}
	x := r.XMM()
	if r.lanes == 16 {
		r.VEXTRACTF32X4(Imm(1), y, x)
	} else {
		r.VEXTRACTF128(Imm(1), y, x)
	}
	op(x, y.AsX(), x)
	for _, order := range []uint64{0x0e, 0x01} {
		high := r.XMM()
		r.VPERMILPS(Imm(order), x, high)
		op(high, x, x)
	}
	return x
}

func (r *rowGen) total(v []vec) vec {
	return r.fold(v, func(high, low, to Op) { r.VADDPS(high, low, to) })
}

func (r *rowGen) spread(x vec) vec {
	v := r.vector()
	r.VBROADCASTSS(x.AsX(), v)
	return v
}

// number returns number i of the row in every lane.
func (r *rowGen) number(i int) vec {
	v := r.vector()
	r.VBROADCASTSS(r.numberAt(i), v)
	return v
}

func (r *rowGen) numberAt(i int) Mem {
	p := r.fixed(rowR + 8*i)
	return Mem{Base: p, Index: r.row, Scale: 4}
}

func (r *rowGen) keepNumber(x vec, i int) { r.VMOVSS(x.AsX(), r.numberAt(i)) }

func (r *rowGen) scalar(i int) vec {
	v := r.vector()
	r.VBROADCASTSS(Mem{Base: r.t, Disp: rowS + 4*i}, v)
	return v
}

// expOf is exp of x ≤ 0.
func (g *gen) expOf(x vec) vec {
	q, s := g.expInRange(g.atLeast(x, -87))
	return g.fma(q, s, s)
}

// exp finds the maxima of all rows first: one row's chain of dependent steps is long, and so the processor has the next
// row's in hand.
func (r *rowGen) exp() {
	x := r.array(rowX, rowLDX)
	low := r.set(float32(math.Inf(-1)))
	r.each(func() {
		top := r.vectors(r.regs())
		for _, v := range top {
			r.VMOVAPS(low, v)
		}
		r.walk(func(u unit) {
			v, m := u.load(x), top[u.part]
			switch {
			case !u.masked:
				r.VMAXPS(m, v, m)
			case r.lanes == 16:
				r.VMAXPS(m, v, r.tail[u.part], m)
			default:
				w, mask := r.copy(low), r.vector()
				r.VMOVUPS(r.tail[u.part], mask)
				r.VBLENDVPS(mask, v, w, w)
				r.VMAXPS(m, w, m)
			}
		})
		r.keepNumber(r.fold(top, func(high, low, to Op) { r.VMAXPS(low, high, to) }), 0)
	})
	r.again()
	x, y := r.array(rowX, rowLDX), r.array(rowY, rowLDY)
	r.holdExp()
	r.hold(-87)
	r.each(func() {
		m, sum := r.number(0), r.sums()
		r.walk(func(u unit) {
			e := r.expOf(r.sub(u.load(x), m))
			u.store(e, y)
			r.VADDPS(u.only(e), sum[u.part], sum[u.part])
		})
		one, s := r.XMM(), r.total(sum)
		r.VMOVSS(r.constant(1), one)
		r.VDIVSS(s.AsX(), one, one)
		r.keepNumber(one, 1)
	})
}

func (r *rowGen) expGrad() {
	x, z, y, d := r.array(rowX, rowLDX), r.array(rowX+8, rowLDZ), r.array(rowY, rowLDY), r.array(rowY+8, rowLDX)
	scale := r.scalar(0)
	r.holdExp()
	r.hold(-87)
	r.each(func() {
		top, dot := r.number(0), r.number(1)
		r.walk(func(u unit) {
			e := r.expOf(r.sub(u.load(x), top))
			u.store(e, y)
			u.store(r.mul(e, r.mul(r.sub(u.load(z), dot), scale)), d)
		})
	})
}

func (r *rowGen) softmaxGrad() {
	dy, y, dx := r.array(rowX, rowLDX), r.array(rowX+8, rowLDZ), r.array(rowY, rowLDY)
	r.each(func() {
		sum := r.sums()
		r.walk(func(u unit) { r.VFMADD231PS(u.load(y), u.load(dy), sum[u.part]) })
		dot := r.spread(r.total(sum))
		r.walk(func(u unit) { u.store(r.mul(u.load(y), r.sub(u.load(dy), dot)), dx) })
	})
}

func (r *rowGen) scale() {
	x, y := r.array(rowX, rowLDX), r.array(rowY, rowLDY)
	shift := r.scalar(0)
	r.each(func() {
		factor := r.number(0)
		r.walk(func(u unit) { u.store(r.fma(u.load(x), factor, shift), y) })
	})
}

func (r *rowGen) scaleDot() {
	x, z, y := r.array(rowX, rowLDX), r.array(rowX+8, rowLDZ), r.array(rowY, rowLDY)
	r.each(func() {
		factor, sum := r.number(0), r.sums()
		r.walk(func(u unit) {
			v := r.mul(u.load(x), factor)
			u.store(v, y)
			r.VFMADD231PS(u.load(z), u.only(v), sum[u.part])
		})
		r.keepNumber(r.total(sum), 1)
	})
}

// inverseRoot returns 1/√(sum·s0 + s1), sum being the first lane.
func (r *rowGen) inverseRoot(sum vec) vec {
	x, one := r.XMM(), r.XMM()
	r.VMOVSS(Mem{Base: r.t, Disp: rowS + 4}, x)
	r.VFMADD231SS(Mem{Base: r.t, Disp: rowS}, sum.AsX(), x)
	r.VSQRTSS(x, x, x)
	r.VMOVSS(r.constant(1), one)
	r.VDIVSS(x, one, one)
	return one
}

// layerNorm finishes one step for all rows before the next, for the reason of exp.
func (r *rowGen) layerNorm(add bool) {
	x := r.array(rowX, rowLDX)
	if add {
		z, both := r.array(rowX+8, rowLDZ), r.array(rowY+8, rowLDX)
		r.each(func() {
			sum := r.sums()
			r.walk(func(u unit) {
				v := r.add(u.load(x), u.load(z))
				u.store(v, both)
				r.VADDPS(v, sum[u.part], sum[u.part])
			})
			r.keepNumber(r.mul(r.spread(r.total(sum)), r.scalar(0)), 0)
		})
	} else {
		r.each(func() {
			sum := r.sums()
			r.walk(func(u unit) { r.VADDPS(u.load(x), sum[u.part], sum[u.part]) })
			r.keepNumber(r.mul(r.spread(r.total(sum)), r.scalar(0)), 0)
		})
	}
	in := func() reg.GPVirtual {
		r.again()
		if add {
			return r.array(rowY+8, rowLDX)
		}
		return r.array(rowX, rowLDX)
	}
	x = in()
	r.each(func() {
		mean, square := r.number(0), r.sums()
		r.walk(func(u unit) {
			d := u.only(r.sub(u.load(x), mean))
			r.VFMADD231PS(d, d, square[u.part])
		})
		r.keepNumber(r.inverseRoot(r.total(square)), 1)
	})
	x = in()
	y, gamma, beta := r.array(rowY, rowLDY), r.fixed(rowP), r.fixed(rowP+8)
	r.each(func() {
		mean, inv := r.number(0), r.number(1)
		r.walk(func(u unit) {
			h := r.mul(r.sub(u.load(x), mean), inv)
			u.store(r.fma(h, u.load(gamma), u.load(beta)), y)
		})
	})
}

func (r *rowGen) zeroSum() {
	x, zero := r.array(rowX, rowLDX), r.set(0)
	r.each(func() {
		sum := r.sums()
		r.walk(func(u unit) { r.VFMADD231PS(zero, u.load(x), sum[u.part]) })
		r.keepNumber(r.total(sum), 1)
	})
}

func (r *rowGen) layerNormGrad() {
	dy, x, dx := r.array(rowX, rowLDX), r.array(rowX+8, rowLDZ), r.array(rowY, rowLDY)
	gamma, dgamma, dbeta := r.fixed(rowP), r.fixed(rowSum), r.fixed(rowSum+8)
	r.each(func() {
		mean, inv, sa, sb := r.number(0), r.number(1), r.sums(), r.sums()
		r.walk(func(u unit) {
			d, w := u.load(dy), u.load(gamma)
			h := u.only(r.mul(r.sub(u.load(x), mean), inv))
			r.VFMADD231PS(w, d, sa[u.part])
			r.VFMADD231PS(h, r.mul(d, w), sb[u.part])
		})
		a := r.mul(r.spread(r.total(sa)), r.scalar(0))
		b := r.mul(r.spread(r.total(sb)), r.scalar(0))
		r.walk(func(u unit) {
			d := u.load(dy)
			h := r.mul(r.sub(u.load(x), mean), inv)
			u.store(r.fma(d, h, u.load(dgamma)), dgamma)
			u.store(r.add(u.load(dbeta), d), dbeta)
			g := r.sub(r.mul(d, u.load(gamma)), a)
			u.store(r.mul(r.fnma(b, h, g), inv), dx)
		})
	})
}

func (r *rowGen) rmsNorm() {
	x, y, gamma := r.array(rowX, rowLDX), r.array(rowY, rowLDY), r.fixed(rowP)
	r.each(func() {
		square := r.sums()
		r.walk(func(u unit) {
			v := u.load(x)
			r.VFMADD231PS(v, v, square[u.part])
		})
		first := r.inverseRoot(r.total(square))
		r.keepNumber(first, 1)
		inv := r.spread(first)
		r.walk(func(u unit) { u.store(r.mul(r.mul(u.load(x), inv), u.load(gamma)), y) })
	})
}

func (r *rowGen) rmsNormGrad() {
	dy, x, dx := r.array(rowX, rowLDX), r.array(rowX+8, rowLDZ), r.array(rowY, rowLDY)
	gamma, dgamma := r.fixed(rowP), r.fixed(rowSum)
	r.each(func() {
		inv, sum := r.number(1), r.sums()
		r.walk(func(u unit) {
			h := u.only(r.mul(u.load(x), inv))
			r.VFMADD231PS(h, r.mul(u.load(dy), u.load(gamma)), sum[u.part])
		})
		b := r.mul(r.spread(r.total(sum)), r.scalar(0))
		r.walk(func(u unit) {
			d, h := u.load(dy), r.mul(u.load(x), inv)
			u.store(r.fma(d, h, u.load(dgamma)), dgamma)
			u.store(r.mul(r.fnma(b, h, r.mul(d, u.load(gamma))), inv), dx)
		})
	})
}
