package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// slideMR is the largest block of output pixels of the sliding kernels.
func (i *isa) slideMR() int {
	if i.lanes == 16 {
		return 14
	}
	return 8
}

// slides are the kernel widths and strides that have sliding kernels.
var slides = []struct{ across, stride int }{{3, 1}, {3, 2}, {5, 1}, {5, 2}}

func sliding(g *gen) {
	table := &table{decl: fmt.Sprintf("tileDS%s = []slide", g.name)}
	for _, s := range slides {
		row := fmt.Sprintf("{%d, %d, []func(*tileArgs){nil", s.across, s.stride)
		for mr := 1; mr <= g.slideMR(); mr++ {
			row += ", " + g.tileDS(s.across, s.stride, mr)
		}
		table.entries = append(table.entries, row+"}}")
	}
	g.groups = append(g.groups, table)
}

// tileDS emits goTileDW for rows×tiles blocks of mr pixels of one unit of 16 channels where the taps come in rows of
// neighbours: each input pixel is loaded once for all the outputs of the block that it is part of, whereas tileDW
// loads it for every tap, which takes as long as the arithmetic.
func (g *gen) tileDS(across, stride, mr int) string {
	name := fmt.Sprintf("tileDS%dx%ds%d%s", mr, across, stride, g.name)
	t := g.function(name, "tileArgs", fmt.Sprintf("is goTileDW for blocks of %d×16 and rows of %d neighbouring taps at stride %d.", mr, across, stride))
	at := func(off int) Mem { return Mem{Base: t, Disp: off} }
	g.variants(at(argTail), true, func() {
		rows, tileN, aRow, cRow := g.AllocLocal(8), g.AllocLocal(8), g.AllocLocal(8), g.AllocLocal(8)
		tmp := g.GP64()
		move := func(from, to Mem) { g.MOVQ(from, tmp); g.MOVQ(tmp, to) }
		move(at(argRows), rows)
		move(at(argA), aRow)
		move(at(argC), cRow)
		pitch, pitch3, ldb := g.GP64(), g.GP64(), g.GP64()
		g.MOVQ(at(argLDA), pitch)
		if stride == 2 {
			g.SHRQ(Imm(1), pitch)
		}
		g.LEAQ(Mem{Base: pitch, Index: pitch, Scale: 2}, pitch3)
		g.MOVQ(at(argLDB), ldb)
		ahead := g.ahead(t)
		rowLoop, tileLoop := g.label("row"), g.label("tile")
		g.Label(rowLoop)
		aT, cT := g.GP64(), g.GP64()
		g.MOVQ(aRow, aT)
		g.MOVQ(cRow, cT)
		move(at(argTiles), tileN)
		g.Label(tileLoop)
		ahead.turn()
		for part := range g.regs() {
			masked := g.tail != nil
			acc := g.vectors(mr)
			for _, v := range acc {
				g.zero(v)
			}
			if part == 0 {
				g.claim(cT, at(argLDC), mr, 1)
			}
			bp, offs, taps := g.GP64(), g.GP64(), g.GP64()
			g.MOVQ(at(argB), bp)
			g.MOVQ(at(argOffs), offs)
			g.MOVQ(at(argTaps), taps)
			tapLoop := g.label("taps")
			g.Label(tapLoop)
			ahead.fetch(4)
			w := g.vectors(across)
			for k := range w {
				g.load(Mem{Base: bp}, part, masked, w[k])
				g.ADDQ(ldb, bp)
			}
			ap := g.GP64()
			g.MOVQ(Mem{Base: offs}, ap)
			g.ADDQ(aT, ap)
			for col := range (mr-1)*stride + across {
				if col > 0 && col%4 == 0 {
					g.LEAQ(Mem{Base: ap, Index: pitch, Scale: 4}, ap)
				}
				g.slide(column(ap, pitch, pitch3, col), col, part, stride, w, acc)
			}
			g.ADDQ(Imm(uint64(8*across)), offs)
			g.SUBQ(Imm(uint64(across)), taps)
			g.JNZ(LabelRef(tapLoop))
			cp, ldc := g.GP64(), g.GP64()
			g.MOVQ(cT, cp)
			g.MOVQ(at(argLDC), ldc)
			for i := range acc {
				g.store(acc[i], Mem{Base: cp}, part, masked)
				if i+1 < mr {
					g.ADDQ(ldc, cp)
				}
			}
		}
		g.MOVQ(at(argLDC), tmp)
		g.IMUL3Q(U32(uint32(mr)), tmp, tmp)
		g.ADDQ(tmp, cT)
		g.MOVQ(at(argLDA), tmp)
		g.IMUL3Q(U32(uint32(mr)), tmp, tmp)
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

// column addresses pixel col of a row of which base is pixel 4·⌊col/4⌋.
func column(base, pitch, pitch3 reg.Register, col int) Mem {
	m := Mem{Base: base}
	switch col % 4 {
	case 1:
		m.Index, m.Scale = pitch, 1
	case 2:
		m.Index, m.Scale = pitch, 2
	case 3:
		m.Index, m.Scale = pitch3, 1
	}
	return m
}

// slide adds the products of input pixel col to the outputs it is part of.
func (g *gen) slide(m Mem, col, part, stride int, w, acc []reg.VecVirtual) {
	a := g.vector()
	g.load(m, part, g.tail != nil, a)
	for k := range w {
		if i := col - k; i >= 0 && i%stride == 0 && i/stride < len(acc) {
			g.VFMADD231PS(a, w[k], acc[i/stride])
		}
	}
}
