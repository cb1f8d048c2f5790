package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// winograd emits the three transforms of F(2×2, 3×3), see winograd.go of package kernel.
func winograd(g *gen) {
	g.groups = append(g.groups, &table{decl: fmt.Sprintf("winograd%s = winogradSet", g.name), entries: []string{
		"input: " + g.transform("winogradInput", 4, 4, inputColumn),
		"output: " + g.transform("winogradOutput", 4, 2, outputColumn),
		"gradient: " + g.transform("winogradGradient", 2, 4, gradientColumn),
	}})
}

// A column pass turns column j of one side into column j of the other; at reads an element of the given row and column.
type columnPass func(g *gen, at func(row, col int) Mem, col int) []vec

// inputPass is row i of Bᵀ applied to four values, the first of which is wanted in a register.
func inputPass(g *gen, i int, value func(i int) vec, operand func(i int) Op) vec {
	switch i {
	case 0:
		return g.sub(value(0), operand(2))
	case 1:
		return g.add(value(1), operand(2))
	case 2:
		return g.sub(value(2), operand(1))
	}
	return g.sub(value(1), operand(3))
}

func inputColumn(g *gen, at func(row, col int) Mem, col int) []vec {
	var rows, out []vec // rows is column col of D·B
	for i := range 4 {
		rows = append(rows, inputPass(g, col, func(c int) vec { return g.loaded(at(i, c)) }, func(c int) Op { return at(i, c) }))
	}
	for i := range 4 {
		out = append(out, inputPass(g, i, func(r int) vec { return rows[r] }, func(r int) Op { return rows[r] }))
	}
	return out
}

func outputColumn(g *gen, at func(row, col int) Mem, col int) []vec {
	var rows []vec // column col of M·A
	for i := range 4 {
		v := g.loaded(at(i, 1))
		if col == 0 {
			first := g.add(v, at(i, 0))
			rows = append(rows, g.add(first, at(i, 2)))
		} else {
			first := g.sub(v, at(i, 2))
			rows = append(rows, g.sub(first, at(i, 3)))
		}
	}
	return []vec{g.add(g.add(rows[1], rows[0]), rows[2]), g.sub(g.sub(rows[1], rows[2]), rows[3])}
}

func gradientColumn(g *gen, at func(row, col int) Mem, col int) []vec {
	var rows [2]vec // column col of dY·Aᵀ
	for i := range 2 {
		switch col {
		case 0:
			rows[i] = g.loaded(at(i, 0))
		case 1:
			rows[i] = g.add(g.loaded(at(i, 0)), at(i, 1))
		case 2:
			rows[i] = g.sub(g.loaded(at(i, 0)), at(i, 1))
		case 3:
			zero := g.vector()
			g.zero(zero)
			rows[i] = g.sub(zero, at(i, 1))
		}
	}
	zero := g.vector()
	g.zero(zero)
	return []vec{rows[0], g.add(rows[0], rows[1]), g.sub(rows[0], rows[1]), g.sub(zero, rows[1])}
}

func (g *gen) loaded(m Mem) vec {
	v := g.vector()
	g.VMOVUPS(m, v)
	return v
}

// transform emits tiles × k units of a transform of from×from values into to×to values; see goWinograd for the arguments.
func (g *gen) transform(name string, from, to int, column columnPass) string {
	name += g.name
	t := g.function(name, "tileArgs", "is its Go twin.")
	arg := func(off int) Mem { return Mem{Base: t, Disp: off} }
	tmp := g.GP64()
	aTile, cTile, tiles := g.AllocLocal(8), g.AllocLocal(8), g.AllocLocal(8)
	move := func(from, to Mem) { g.MOVQ(from, tmp); g.MOVQ(tmp, to) }
	move(arg(argA), aTile)
	move(arg(argC), cTile)
	move(arg(argTiles), tiles)
	rowa, rowa3, rowc, rowc3, ldc := g.GP64(), g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.MOVQ(arg(argRowA), rowa)
	g.LEAQ(Mem{Base: rowa, Index: rowa, Scale: 2}, rowa3)
	g.MOVQ(arg(argRowC), rowc)
	g.LEAQ(Mem{Base: rowc, Index: rowc, Scale: 2}, rowc3)
	g.MOVQ(arg(argLDC), ldc)
	cols := make([]reg.GPVirtual, from)
	for i := range cols {
		cols[i] = g.GP64()
	}
	out, units := g.GP64(), g.GP64()
	rows := func(base, row, row3 reg.GPVirtual, i int) Mem {
		m := Mem{Base: base}
		switch i {
		case 1:
			m.Index, m.Scale = row, 1
		case 2:
			m.Index, m.Scale = row, 2
		case 3:
			m.Index, m.Scale = row3, 1
		}
		return m
	}
	tileLoop, unitLoop, plain, next := g.label("tile"), g.label("unit"), g.label("plain"), g.label("next")
	g.Label(tileLoop)
	g.MOVQ(aTile, cols[0])
	for i := 1; i < from; i++ {
		g.MOVQ(cols[i-1], cols[i])
		g.ADDQ(arg(argLDA), cols[i])
	}
	g.MOVQ(cTile, out)
	g.MOVQ(arg(argK), units)
	g.Label(unitLoop)
	pass := func(add bool) {
		for part := range g.regs() {
			at := func(row, col int) Mem {
				m := rows(cols[col], rowa, rowa3, row)
				m.Disp = part * g.lanes * 4
				return m
			}
			g.MOVQ(out, tmp)
			for col := range to {
				for i, v := range column(g, at, col) {
					m := rows(tmp, rowc, rowc3, i)
					m.Disp = part * g.lanes * 4
					if add {
						v = g.add(v, m)
					}
					g.VMOVUPS(v, m)
				}
				if col+1 < to {
					g.ADDQ(ldc, tmp)
				}
			}
		}
	}
	g.CMPQ(arg(argLoad), Imm(0))
	g.JE(LabelRef(plain))
	pass(true)
	g.JMP(LabelRef(next))
	g.Label(plain)
	pass(false)
	g.Label(next)
	for _, c := range cols {
		g.ADDQ(Imm(64), c)
	}
	g.ADDQ(Imm(64), out)
	g.DECQ(units)
	g.JNZ(LabelRef(unitLoop))
	g.MOVQ(arg(argLDB), tmp)
	g.ADDQ(tmp, aTile)
	g.MOVQ(arg(argRowB), tmp)
	g.ADDQ(tmp, cTile)
	g.DECQ(tiles)
	g.JNZ(LabelRef(tileLoop))
	g.VZEROUPPER()
	g.RET()
	return name
}
