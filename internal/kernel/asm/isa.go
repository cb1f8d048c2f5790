package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set. Every kernel works in units of 16 channels: one ZMM or two YMM registers.
type isa struct {
	name  string
	lanes int   // float32 per register
	maxMR []int // by unit count, 1-based: the largest register block, in rows
}

var (
	avx512 = &isa{name: "avx512", lanes: 16, maxMR: []int{0, 16, 14, 9}}
	avx2   = &isa{name: "avx2", lanes: 8, maxMR: []int{0, 6}}
)

// regs is the number of vector registers in a unit of 16 floats.
func (i *isa) regs() int { return 16 / i.lanes }

func (g *gen) vector() reg.VecVirtual {
	if g.lanes == 16 {
		return g.ZMM()
	}
	return g.YMM()
}

func (g *gen) vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = g.vector()
	}
	return v
}

func (g *gen) zero(v reg.VecVirtual) {
	if g.lanes == 16 {
		g.VPXORD(v, v, v)
	} else {
		g.VXORPS(v, v, v)
	}
}

// setTail prepares the mask of a unit of which the first n (1 to 16) floats exist.
func (g *gen) setTail(n Mem) {
	g.tail = nil
	r := g.GP64()
	if g.lanes == 16 {
		ones := g.GP32()
		g.MOVL(I32(-1), ones)
		g.MOVQ(n, r)
		g.BZHIL(r.As32(), ones, ones)
		k := g.K()
		g.KMOVW(ones, k)
		g.tail = []Op{k}
		return
	}
	table := g.GP64()
	g.LEAQ(g.maskTable(), table)
	g.MOVQ(U32(16), r)
	g.SUBQ(n, r)
	g.LEAQ(Mem{Base: table, Index: r, Scale: 4}, table)
	spill := g.AllocLocal(64) // sixteen registers leave no room to keep masks in
	for i := range 2 {
		m := g.YMM()
		g.VMOVUPS(Mem{Base: table, Disp: 32 * i}, m)
		at := spill
		at.Disp += 32 * i
		g.VMOVUPS(m, at)
		g.tail = append(g.tail, at)
	}
}

// variants emits body once for a tail and, where masks cost time, once more for full units.
func (g *gen) variants(tail Mem, twice bool, body func()) {
	full := g.label("full")
	if twice {
		g.CMPQ(tail, Imm(16))
		g.JE(LabelRef(full))
	}
	g.setTail(tail)
	body()
	if twice {
		g.Label(full)
		g.tail = nil
		body()
	}
}

// halves emits body for a tail, once more for one of at most half a unit and, where masks cost time, for full units.
func (g *gen) halves(tail Mem, body func()) {
	half := g.label("half")
	g.CMPQ(tail, Imm(8))
	g.JLE(LabelRef(half))
	g.variants(tail, g.lanes == 8, body)
	g.Label(half)
	g.half = true
	g.variants(tail, false, body)
	g.half = false
}

// maskTable is sixteen all-ones words, then sixteen zero words.
func (g *gen) maskTable() Mem {
	if m, ok := g.consts[0xffffffff]; ok {
		return m
	}
	m := g.StaticGlobal("masks")
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 32 {
		v := U32(0)
		if i < 16 {
			v = 0xffffffff
		}
		g.AddDatum(i*4, v)
	}
	g.consts[0xffffffff] = m
	return m
}

// load reads part i of a unit; masked parts beyond the tail read zero without touching memory.
func (g *gen) load(m Mem, i int, masked bool, v reg.VecVirtual) {
	m.Disp += i * g.lanes * 4
	switch {
	case !masked:
		g.VMOVUPS(m, v)
	case g.lanes == 16:
		g.VMOVUPS_Z(m, g.tail[i], v)
	default:
		g.VMOVUPS(g.tail[i], v)
		g.VMASKMOVPS(m, v, v)
	}
}

// store writes part i of a unit, only the tail when masked.
func (g *gen) store(v reg.VecVirtual, m Mem, i int, masked bool) {
	m.Disp += i * g.lanes * 4
	switch {
	case !masked:
		g.VMOVUPS(v, m)
	case g.lanes == 16:
		g.VMOVUPS(v, g.tail[i], m)
	default:
		mask := g.YMM()
		g.VMOVUPS(g.tail[i], mask)
		g.VMASKMOVPS(v, mask, m)
	}
}
