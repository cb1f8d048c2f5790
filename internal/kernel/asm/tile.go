package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets into tileArgs.
const (
	argA, argB, argC, argOffs        = 0, 8, 16, 24
	argLDA, argLDB, argLDC           = 32, 40, 48
	argTaps, argK, argTiles, argRows = 56, 64, 72, 80
	argRowA, argRowB, argRowC        = 88, 96, 104
	argTail, argLoad                 = 112, 120
	argAhead                         = 144
)

func tiles(g *gen) {
	nn := &table{decl: fmt.Sprintf("tileNN%s = [][]func(*tileArgs)", g.name)}
	tn := &table{decl: fmt.Sprintf("tileTN%s = [][]func(*tileArgs)", g.name)}
	for nv := range g.maxMR {
		nnRow, tnRow := "{nil", "{nil"
		for mr := 1; mr <= g.maxMR[nv]; mr++ {
			nnRow += ", " + g.tileNN(mr, nv)
			tnRow += ", " + g.tileTN(mr, nv)
		}
		nn.entries = append(nn.entries, nnRow+"}")
		tn.entries = append(tn.entries, tnRow+"}")
	}
	g.groups = append(g.groups, nn, tn)
}

// tileNN emits rows×tiles blocks of mr outputs by nv units of 16 columns: c = (c or 0) + Σ_taps Σ_k a·b.
func (g *gen) tileNN(mr, nv int) string {
	name := fmt.Sprintf("tileNN%dx%d%s", mr, nv*16, g.name)
	t := g.function(name, "tileArgs", "is goTileNN for blocks of "+fmt.Sprintf("%d×%d.", mr, nv*16))
	at := func(off int) Mem { return Mem{Base: t, Disp: off} }
	g.halves(at(argTail), func() {
		nr := nv * g.regs()
		acc := make([][]reg.VecVirtual, mr)
		for i := range acc {
			acc[i] = g.vectors(nr)
		}
		b := g.vectors(nr)
		masked := func(j int) bool { return g.tail != nil && j/g.regs() == nv-1 }
		unit := func(j int) int { return j % g.regs() }
		vecAt := func(m Mem, j int) Mem { m.Disp += j / g.regs() * 64; return m }

		rows, tileN, aRow, cRow, taps := g.AllocLocal(8), g.AllocLocal(8), g.AllocLocal(8), g.AllocLocal(8), g.AllocLocal(8)
		tmp := g.GP64()
		move := func(from, to Mem) { g.MOVQ(from, tmp); g.MOVQ(tmp, to) }
		move(at(argRows), rows)
		move(at(argA), aRow)
		move(at(argC), cRow)
		ahead := g.ahead(t)
		lda, lda3 := g.GP64(), g.GP64()
		g.MOVQ(at(argLDA), lda)
		g.LEAQ(Mem{Base: lda, Index: lda, Scale: 2}, lda3)
		ldb := g.GP64()
		g.MOVQ(at(argLDB), ldb)

		rowLoop, tileLoop, tapLoop := g.label("row"), g.label("tile"), g.label("tap")
		g.Label(rowLoop)
		aT, cT := g.GP64(), g.GP64()
		g.MOVQ(aRow, aT)
		g.MOVQ(cRow, cT)
		move(at(argTiles), tileN)

		g.Label(tileLoop)
		ahead.turn()
		g.start(acc, cT, at(argLDC), at(argLoad), vecAt, unit, masked)
		g.claim(cT, at(argLDC), mr, nv)
		bp, offs := g.GP64(), g.GP64()
		g.MOVQ(at(argB), bp)
		g.MOVQ(at(argOffs), offs)
		move(at(argTaps), taps)

		g.Label(tapLoop)
		bases := make([]reg.GPVirtual, (mr+3)/4)
		for i := range bases {
			bases[i] = g.GP64()
			if i == 0 {
				g.MOVQ(Mem{Base: offs}, bases[0])
				g.ADDQ(aT, bases[0])
			} else {
				g.LEAQ(Mem{Base: bases[i-1], Index: lda, Scale: 4}, bases[i])
			}
		}
		row := func(i int) Mem {
			m := Mem{Base: bases[i/4]}
			switch i % 4 {
			case 1:
				m.Index, m.Scale = lda, 1
			case 2:
				m.Index, m.Scale = lda, 2
			case 3:
				m.Index, m.Scale = lda3, 1
			}
			return m
		}
		step := func(disp int, bm Mem) {
			for j := range b {
				g.load(vecAt(bm, j), unit(j), masked(j), b[j])
			}
			for i := range mr {
				m := row(i)
				m.Disp = disp
				g.rank1(m, b, acc[i])
			}
		}
		k := g.GP64()
		g.MOVQ(at(argK), k)
		loop2, odd, done := g.label("pair"), g.label("odd"), g.label("done")
		g.SUBQ(Imm(2), k)
		g.JL(LabelRef(odd))
		g.Label(loop2)
		ahead.fetch(1 + mr*nv/20)
		step(0, Mem{Base: bp})
		step(4, Mem{Base: bp, Index: ldb, Scale: 1})
		g.LEAQ(Mem{Base: bp, Index: ldb, Scale: 2}, bp)
		for _, base := range bases {
			g.ADDQ(Imm(8), base)
		}
		g.SUBQ(Imm(2), k)
		g.JGE(LabelRef(loop2))
		g.Label(odd)
		g.CMPQ(k, I8(-1))
		g.JNE(LabelRef(done))
		step(0, Mem{Base: bp})
		g.ADDQ(ldb, bp)
		g.Label(done)
		g.ADDQ(Imm(8), offs)
		g.DECQ(taps)
		g.JNZ(LabelRef(tapLoop))

		ldc := g.GP64()
		g.MOVQ(at(argLDC), ldc)
		for i := range mr {
			for j := range nr {
				g.store(acc[i][j], vecAt(Mem{Base: cT}, j), unit(j), masked(j))
			}
			g.ADDQ(ldc, cT)
		}
		g.IMUL3Q(U32(uint32(mr)), lda, tmp)
		g.ADDQ(tmp, aT)
		g.DECQ(tileN)
		g.JNZ(LabelRef(tileLoop))
		g.MOVQ(at(argRowA), tmp)
		g.ADDQ(tmp, aRow)
		g.MOVQ(at(argRowC), tmp)
		g.ADDQ(tmp, cRow)
		g.DECQ(rows)
		g.JNZ(LabelRef(rowLoop))
		ahead.keep()
		g.VZEROUPPER()
		g.RET()
	})
	return name
}

// start sets the accumulators to zero, or to c when load is not zero.
func (g *gen) start(acc [][]reg.VecVirtual, c reg.GPVirtual, ldcArg, loadArg Mem, vecAt func(Mem, int) Mem, unit func(int) int, masked func(int) bool) {
	load, begin := g.label("load"), g.label("begin")
	g.CMPQ(loadArg, Imm(0))
	g.JNE(LabelRef(load))
	for i := range acc {
		for _, v := range acc[i] {
			g.zero(v)
		}
	}
	g.JMP(LabelRef(begin))
	g.Label(load)
	cp, ldc := g.GP64(), g.GP64()
	g.MOVQ(c, cp)
	g.MOVQ(ldcArg, ldc)
	for i := range acc {
		for j, v := range acc[i] {
			g.load(vecAt(Mem{Base: cp}, j), unit(j), masked(j), v)
		}
		if i+1 < len(acc) {
			g.ADDQ(ldc, cp)
		}
	}
	g.Label(begin)
}

// rank1 emits acc += a·b for one scalar a in memory and a row b of registers. Where only half of the last unit exists, the
// other half is left out.
func (g *gen) rank1(a Mem, b, acc []reg.VecVirtual) {
	last := len(b) - 1
	wide := func(v reg.VecVirtual, j int) Op {
		if g.half && g.lanes == 16 && j == last {
			return v.AsY()
		}
		return v
	}
	if g.lanes == 16 && last == 0 {
		g.VFMADD231PS_BCST(a, wide(b[0], 0), wide(acc[0], 0))
		return
	}
	v := g.vector()
	g.VBROADCASTSS(a, v)
	for j := range b {
		if g.half && g.lanes == 8 && j == last {
			continue
		}
		g.VFMADD231PS(wide(b[j], j), wide(v, j), wide(acc[j], j))
	}
}

// tileTN emits one block of mr outputs by nv units of 16 columns: c = (c or 0) + Σ_rows Σ_k a[k][i]·b[k][j].
func (g *gen) tileTN(mr, nv int) string {
	name := fmt.Sprintf("tileTN%dx%d%s", mr, nv*16, g.name)
	t := g.function(name, "tileArgs", "is goTileTN for a block of "+fmt.Sprintf("%d×%d.", mr, nv*16))
	at := func(off int) Mem { return Mem{Base: t, Disp: off} }
	g.halves(at(argTail), func() {
		nr := nv * g.regs()
		acc := make([][]reg.VecVirtual, mr)
		for i := range acc {
			acc[i] = g.vectors(nr)
		}
		b := g.vectors(nr)
		masked := func(j int) bool { return g.tail != nil && j/g.regs() == nv-1 }
		unit := func(j int) int { return j % g.regs() }
		vecAt := func(m Mem, j int) Mem { m.Disp += j / g.regs() * 64; return m }
		c := g.GP64()
		g.MOVQ(at(argC), c)
		g.start(acc, c, at(argLDC), at(argLoad), vecAt, unit, masked)

		aRow, bRow, rows := g.GP64(), g.GP64(), g.GP64()
		g.MOVQ(at(argA), aRow)
		g.MOVQ(at(argB), bRow)
		g.MOVQ(at(argRows), rows)
		lda, ldb := g.GP64(), g.GP64()
		g.MOVQ(at(argLDA), lda)
		g.MOVQ(at(argLDB), ldb)
		ahead := g.ahead(t)
		rowLoop, kLoop := g.label("row"), g.label("k")
		g.Label(rowLoop)
		ap, bp, k := g.GP64(), g.GP64(), g.GP64()
		g.MOVQ(aRow, ap)
		g.MOVQ(bRow, bp)
		g.MOVQ(at(argK), k)
		g.Label(kLoop)
		ahead.turn()
		ahead.fetch(1)
		for j := range b {
			g.load(vecAt(Mem{Base: bp}, j), unit(j), masked(j), b[j])
		}
		for i := range mr {
			g.rank1(Mem{Base: ap, Disp: 4 * i}, b, acc[i])
		}
		g.ADDQ(lda, ap)
		g.ADDQ(ldb, bp)
		g.DECQ(k)
		g.JNZ(LabelRef(kLoop))
		g.ADDQ(at(argRowA), aRow)
		g.ADDQ(at(argRowB), bRow)
		g.DECQ(rows)
		g.JNZ(LabelRef(rowLoop))
		ahead.keep()

		ldc := g.GP64()
		g.MOVQ(at(argLDC), ldc)
		for i := range mr {
			for j := range nr {
				g.store(acc[i][j], vecAt(Mem{Base: c}, j), unit(j), masked(j))
			}
			g.ADDQ(ldc, c)
		}
		g.VZEROUPPER()
		g.RET()
	})
	return name
}
