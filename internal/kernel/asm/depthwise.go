package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pixelsMR and gradTaps are the largest blocks of the depthwise kernels for 1, 2 … units of channels: output pixels,
// and taps of the gradient.
func (i *isa) pixelsMR() []int {
	if i.lanes == 16 {
		return []int{0, 14, 14, 9}
	}
	return []int{0, 6}
}

func (i *isa) gradTaps() []int {
	if i.lanes == 16 {
		return []int{0, 9, 9, 9}
	}
	return []int{0, 5}
}

func depthwise(g *gen) {
	dw := &table{decl: fmt.Sprintf("tileDW%s = [][]func(*tileArgs)", g.name)}
	for nv, most := range g.pixelsMR() {
		row := "{nil"
		for mr := 1; mr <= most; mr++ {
			row += ", " + g.tileDW(mr, nv)
		}
		dw.entries = append(dw.entries, row+"}")
	}
	dg := &table{decl: fmt.Sprintf("tileDG%s = [][]func(*tileArgs)", g.name)}
	for nv, most := range g.gradTaps() {
		row := "{nil"
		for taps := 1; taps <= most; taps++ {
			row += ", " + g.tileDG(taps, nv)
		}
		dg.entries = append(dg.entries, row+"}")
	}
	g.groups = append(g.groups, dw, dg)
}

// madd emits acc += m·b for register j of n, nothing beyond the tail of the last unit being read.
func (g *gen) madd(m Mem, j, n int, b, acc reg.VecVirtual) {
	m.Disp += j * g.lanes * 4
	masked := g.tail != nil && j/g.regs() == n/g.regs()-1
	switch {
	case !masked:
		g.VFMADD231PS(m, b, acc)
	case g.lanes == 16:
		g.VFMADD231PS(m, b, g.tail[0], acc)
	default:
		v := g.vector()
		m.Disp -= j % g.regs() * g.lanes * 4
		g.load(m, j%g.regs(), true, v)
		g.VFMADD231PS(v, b, acc)
	}
}

// part addresses register j of n in a row of units and says whether it is in the last.
func (g *gen) part(m Mem, j, n int) (Mem, int, bool) {
	m.Disp += j / g.regs() * 64
	return m, j % g.regs(), g.tail != nil && j/g.regs() == n/g.regs()-1
}

// tileDW emits rows×tiles blocks of mr pixels of nv units of 16 channels: c = Σ_taps a·b, channel by channel.
func (g *gen) tileDW(mr, nv int) string {
	name := fmt.Sprintf("tileDW%dx%d%s", mr, nv*16, g.name)
	t := g.function(name, "tileArgs", fmt.Sprintf("is goTileDW for blocks of %d×%d.", mr, nv*16))
	at := func(off int) Mem { return Mem{Base: t, Disp: off} }
	g.variants(at(argTail), true, func() {
		n := nv * g.regs()
		acc := make([][]reg.VecVirtual, mr)
		for i := range acc {
			acc[i] = g.vectors(n)
		}
		rows, tileN, aRow, cRow := g.AllocLocal(8), g.AllocLocal(8), g.AllocLocal(8), g.AllocLocal(8)
		tmp := g.GP64()
		move := func(from, to Mem) { g.MOVQ(from, tmp); g.MOVQ(tmp, to) }
		move(at(argRows), rows)
		move(at(argA), aRow)
		move(at(argC), cRow)
		lda, lda3, ldb := g.GP64(), g.GP64(), g.GP64()
		g.MOVQ(at(argLDA), lda)
		g.LEAQ(Mem{Base: lda, Index: lda, Scale: 2}, lda3)
		g.MOVQ(at(argLDB), ldb)
		ahead := g.ahead(t)
		rowLoop, tileLoop, tapLoop := g.label("row"), g.label("tile"), g.label("tap")
		g.Label(rowLoop)
		aT, cT := g.GP64(), g.GP64()
		g.MOVQ(aRow, aT)
		g.MOVQ(cRow, cT)
		move(at(argTiles), tileN)
		g.Label(tileLoop)
		ahead.turn()
		for i := range acc {
			for _, v := range acc[i] {
				g.zero(v)
			}
		}
		g.claim(cT, at(argLDC), mr, nv)
		bp, offs, taps := g.GP64(), g.GP64(), g.GP64()
		g.MOVQ(at(argB), bp)
		g.MOVQ(at(argOffs), offs)
		g.MOVQ(at(argTaps), taps)
		g.Label(tapLoop)
		ahead.fetch(2)
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
		for part := range n {
			b := g.vector()
			m, unit, masked := g.part(Mem{Base: bp}, part, n)
			g.load(m, unit, masked, b)
			for i := range mr {
				m := Mem{Base: bases[i/4]}
				switch i % 4 {
				case 1:
					m.Index, m.Scale = lda, 1
				case 2:
					m.Index, m.Scale = lda, 2
				case 3:
					m.Index, m.Scale = lda3, 1
				}
				g.madd(m, part, n, b, acc[i][part])
			}
		}
		g.ADDQ(ldb, bp)
		g.ADDQ(Imm(8), offs)
		g.DECQ(taps)
		g.JNZ(LabelRef(tapLoop))
		ldc := g.GP64()
		g.MOVQ(at(argLDC), ldc)
		for i := range mr {
			for part := range n {
				m, unit, masked := g.part(Mem{Base: cT}, part, n)
				g.store(acc[i][part], m, unit, masked)
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

// tileDG emits the gradient of taps weights of nv units of 16 channels: c = (c or 0) + Σ_rows Σ_k a[tap]·b.
func (g *gen) tileDG(taps, nv int) string {
	name := fmt.Sprintf("tileDG%dx%d%s", taps, nv*16, g.name)
	t := g.function(name, "tileArgs", fmt.Sprintf("is goTileDG for a block of %d×%d.", taps, nv*16))
	at := func(off int) Mem { return Mem{Base: t, Disp: off} }
	g.variants(at(argTail), true, func() {
		n := nv * g.regs()
		acc := make([][]reg.VecVirtual, taps)
		for i := range acc {
			acc[i] = g.vectors(n)
		}
		c := g.GP64()
		g.MOVQ(at(argC), c)
		g.start(acc, c, at(argLDC), at(argLoad),
			func(m Mem, j int) Mem { m, _, _ = g.part(m, j, n); return m },
			func(j int) int { return j % g.regs() },
			func(j int) bool { return g.tail != nil && j/g.regs() == nv-1 })
		offs, bp := g.GP64(), g.GP64()
		g.MOVQ(at(argOffs), offs)
		ptr := make([]reg.GPVirtual, taps)
		for i := range ptr {
			ptr[i] = g.GP64()
			g.MOVQ(Mem{Base: offs, Disp: 8 * i}, ptr[i])
			g.ADDQ(at(argA), ptr[i])
		}
		g.MOVQ(at(argB), bp)
		rows := g.AllocLocal(8)
		k, idx := g.GP64(), g.GP64()
		g.MOVQ(at(argRows), k)
		g.MOVQ(k, rows)
		g.XORQ(idx, idx)
		ahead := g.ahead(t)
		rowLoop, kLoop := g.label("row"), g.label("k")
		g.Label(rowLoop)
		ahead.turn()
		g.MOVQ(at(argK), k)
		g.Label(kLoop)
		ahead.fetch(3)
		for part := range n {
			b := g.vector()
			m, unit, masked := g.part(Mem{Base: bp}, part, n)
			g.load(m, unit, masked, b)
			for i := range taps {
				g.madd(Mem{Base: ptr[i], Index: idx, Scale: 1}, part, n, b, acc[i][part])
			}
		}
		g.ADDQ(at(argLDA), idx)
		g.ADDQ(at(argLDB), bp)
		g.DECQ(k)
		g.JNZ(LabelRef(kLoop))
		g.ADDQ(at(argRowA), idx)
		g.ADDQ(at(argRowB), bp)
		g.DECQ(rows)
		g.JNZ(LabelRef(rowLoop))
		ahead.keep()
		ldc := g.GP64()
		g.MOVQ(at(argLDC), ldc)
		for i := range taps {
			for part := range n {
				m, unit, masked := g.part(Mem{Base: c}, part, n)
				g.store(acc[i][part], m, unit, masked)
			}
			g.ADDQ(ldc, c)
		}
		g.VZEROUPPER()
		g.RET()
	})
	return name
}
