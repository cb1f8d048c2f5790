package main

import (
	. "github.com/mmcloughlin/avo/operand"
)

// transpose emits y[j][i] = x[i][j]·s in square blocks of a register's width, of which rows and columns are multiples.
func (g *gen) transpose() string {
	name := "rowTranspose" + g.name
	t := g.function(name, "rowArgs", "is goTranspose for multiples of its block.")
	at := func(off int) Mem { return Mem{Base: t, Disp: off} }
	x, y, ldx, ldy := g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.MOVQ(at(rowX), x)
	g.MOVQ(at(rowY), y)
	g.MOVQ(at(rowLDX), ldx)
	g.MOVQ(at(rowLDY), ldy)
	scale := g.vector()
	g.VBROADCASTSS(at(rowS), scale)
	rowsLeft, colsLeft, from, to, step := g.GP64(), g.GP64(), g.GP64(), g.GP64(), g.GP64()
	shift := uint64(4)
	if g.lanes == 8 {
		shift = 3
	}
	g.MOVQ(at(rowRows), rowsLeft)
	g.SHRQ(Imm(shift), rowsLeft)
	rowLoop, colLoop := g.label("row"), g.label("col")
	g.Label(rowLoop)
	g.MOVQ(at(rowCols), colsLeft)
	g.SHRQ(Imm(shift), colsLeft)
	g.MOVQ(x, from)
	g.MOVQ(y, to)
	g.Label(colLoop)
	r := make([]vec, g.lanes)
	p := g.GP64()
	g.MOVQ(from, p)
	for i := range r {
		r[i] = g.vector()
		g.VMULPS(Mem{Base: p}, scale, r[i])
		if i+1 < len(r) {
			g.ADDQ(ldx, p)
		}
	}
	for _, v := range g.turned(r) {
		g.VMOVUPS(v, Mem{Base: to})
		g.ADDQ(ldy, to)
	}
	g.ADDQ(Imm(uint64(4*g.lanes)), from)
	g.DECQ(colsLeft)
	g.JNZ(LabelRef(colLoop))
	g.MOVQ(ldx, step)
	g.SHLQ(Imm(shift), step)
	g.ADDQ(step, x)
	g.ADDQ(Imm(uint64(4*g.lanes)), y)
	g.DECQ(rowsLeft)
	g.JNZ(LabelRef(rowLoop))
	g.VZEROUPPER()
	g.RET()
	return name
}

// turned returns the columns of a square of registers.
func (g *gen) turned(r []vec) []vec {
	mix := func(op func(a, b, to Op), a, b vec) vec { v := g.vector(); op(b, a, v); return v }
	low, high := func(a, b, to Op) { g.VUNPCKLPS(a, b, to) }, func(a, b, to Op) { g.VUNPCKHPS(a, b, to) }
	lowPair, highPair := func(a, b, to Op) { g.VUNPCKLPD(a, b, to) }, func(a, b, to Op) { g.VUNPCKHPD(a, b, to) }
	n := len(r)
	t := make([]vec, n)
	for i := 0; i < n; i += 2 {
		t[i], t[i+1] = mix(low, r[i], r[i+1]), mix(high, r[i], r[i+1])
	}
	q := make([]vec, n) // 128-bit lanes of 4×4 blocks turned
	for i := 0; i < n; i += 4 {
		q[i], q[i+1] = mix(lowPair, t[i], t[i+2]), mix(highPair, t[i], t[i+2])
		q[i+2], q[i+3] = mix(lowPair, t[i+1], t[i+3]), mix(highPair, t[i+1], t[i+3])
	}
	if n == 8 {
		out := make([]vec, n)
		for i := range 4 {
			out[i] = mix(func(a, b, to Op) { g.VPERM2F128(Imm(0x20), a, b, to) }, q[i], q[i+4])
			out[i+4] = mix(func(a, b, to Op) { g.VPERM2F128(Imm(0x31), a, b, to) }, q[i], q[i+4])
		}
		return out
	}
	even, odd := func(a, b, to Op) { g.VSHUFF32X4(U8(0x88), a, b, to) }, func(a, b, to Op) { g.VSHUFF32X4(U8(0xdd), a, b, to) }
	u, out := make([]vec, n), make([]vec, n)
	for i := range 4 {
		u[i], u[i+4] = mix(even, q[i], q[i+4]), mix(odd, q[i], q[i+4])
		u[i+8], u[i+12] = mix(even, q[i+8], q[i+12]), mix(odd, q[i+8], q[i+12])
	}
	for i := range 8 {
		out[i], out[i+8] = mix(even, u[i], u[i+8]), mix(odd, u[i], u[i+8])
	}
	return out
}
