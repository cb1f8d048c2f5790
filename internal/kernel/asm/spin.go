package main

import . "github.com/mmcloughlin/avo/operand"

// spin emits a loop of independent fused multiply-adds between registers, whose rate is the machine's peak.
func spin(g *gen) {
	name := "spin" + g.name
	t := g.function(name, "spinArgs", "is goSpin, with as many sums at a time as hide the latency.")
	acc, x := g.vectors(12), g.vector()
	g.zero(x)
	for _, v := range acc {
		g.zero(v)
	}
	n := g.GP64()
	g.MOVQ(Mem{Base: t}, n)
	loop := g.label("loop")
	g.Label(loop)
	for _, v := range acc {
		g.VFMADD231PS(x, x, v)
	}
	g.DECQ(n)
	g.JNZ(LabelRef(loop))
	g.VZEROUPPER()
	g.MOVQ(I32(int32(2*len(acc)*g.lanes)), n)
	g.MOVQ(n, Mem{Base: t, Disp: 8})
	g.RET()
}
