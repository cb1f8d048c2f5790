package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets into ahead, which is at argAhead of tileArgs.
const (
	aheadLine, aheadEnd, aheadPace, aheadLeft = argAhead, argAhead + 8, argAhead + 16, argAhead + 24
	aheadNext                                 = argAhead + 32
)

// ahead fetches the memory that the next call will read while this one computes: see the type of the same name in package kernel.
type ahead struct {
	*gen
	t, line reg.GPVirtual
}

// ahead begins where the last call stopped.
func (g *gen) ahead(t reg.GPVirtual) ahead {
	a := ahead{g, t, g.GP64()}
	g.MOVQ(a.at(aheadLine), a.line)
	return a
}

func (a ahead) at(off int) Mem { return Mem{Base: a.t, Disp: off} }

// fetch asks for the next n pairs of cache lines. The pace is what memory can keep up with: about a pair for every thirty products
// of registers.
func (a ahead) fetch(n int) {
	for range n {
		a.PREFETCHT1(Mem{Base: a.line})
		a.PREFETCHT1(Mem{Base: a.line, Disp: 64})
		a.ADDQ(a.at(aheadPace), a.line)
	}
}

// turn goes on to the next stretch of memory where one ends, and stays where it is after the last.
func (a ahead) turn() {
	within, last := a.label("within"), a.label("last")
	a.CMPQ(a.line, a.at(aheadEnd))
	a.JB(LabelRef(within))
	n := a.GP64()
	a.MOVQ(a.at(aheadLeft), n)
	a.SUBQ(Imm(1), n)
	a.JL(LabelRef(last))
	a.MOVQ(n, a.at(aheadLeft))
	a.SHLQ(Imm(4), n)
	a.ADDQ(a.t, n)
	a.MOVQ(Mem{Base: n, Disp: aheadNext}, a.line)
	a.MOVQ(Mem{Base: n, Disp: aheadNext + 8}, n)
	a.MOVQ(n, a.at(aheadEnd))
	a.JMP(LabelRef(within))
	a.Label(last)
	a.MOVQ(a.t, a.line)
	a.MOVQ(I32(0), a.at(aheadPace))
	a.MOVQ(I32(-1), a.at(aheadEnd))
	a.Label(within)
}

// keep remembers where to go on.
func (a ahead) keep() { a.MOVQ(a.line, a.at(aheadLine)) }

// claim asks for the lines that the block after the one at c will write, mr rows of nv units: a store to a line that is far away
// waits for it to be fetched, and those behind it wait too.
func (g *gen) claim(c reg.GPVirtual, ldcArg Mem, mr, nv int) {
	ldc, next := g.GP64(), g.GP64()
	g.MOVQ(ldcArg, ldc)
	g.IMUL3Q(U32(uint32(mr)), ldc, next)
	g.ADDQ(c, next)
	for i := range mr {
		for j := range nv {
			g.PREFETCHT1(Mem{Base: next, Disp: 64 * j})
		}
		if i+1 < mr {
			g.ADDQ(ldc, next)
		}
	}
}
