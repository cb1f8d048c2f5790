package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets into vecArgs.
const (
	vecY, vecX, vecP, vecS = 0, 24, 56, 104
	vecRows, vecCols       = 88, 96
)

// shape says what a vector kernel reads and writes: whole arrays, parameters of a channel, scalars, sums.
type shape struct {
	out, in, param, scalar, sum int
	wide                        bool      // the body needs many registers
	pin                         []float32 // constants that are worth a register each where there are many
}

// operands are the registers of one step.
type operands struct{ in, param, scalar, sum []vec }

type body func(g *gen, v operands) (out []vec)

func vectors(g *gen) {
	one := func(name string, s shape, f body) { g.fields = append(g.fields, name+": "+g.rowwise(name, s, f)) }
	one("add", shape{out: 1, in: 2}, func(g *gen, v operands) []vec { return []vec{g.add(v.in[0], v.in[1])} })
	one("mul", shape{out: 1, in: 2}, func(g *gen, v operands) []vec { return []vec{g.mul(v.in[0], v.in[1])} })
	one("scale", shape{out: 1, in: 1, scalar: 1}, func(g *gen, v operands) []vec { return []vec{g.mul(v.in[0], v.scalar[0])} })
	one("axpy", shape{out: 1, in: 2, scalar: 1}, func(g *gen, v operands) []vec { return []vec{g.fma(v.in[0], v.scalar[0], v.in[1])} })
	one("momentum", shape{out: 2, in: 3, scalar: 3}, func(g *gen, v operands) []vec {
		d := g.fma(v.in[2], v.scalar[1], g.fma(v.in[0], v.scalar[0], v.in[1]))
		return []vec{g.fma(d, v.scalar[2], v.in[0]), d}
	})
	one("nesterov", shape{out: 2, in: 3, scalar: 3}, func(g *gen, v operands) []vec {
		grad := g.fma(v.in[0], v.scalar[0], v.in[1])
		d := g.fma(v.in[2], v.scalar[1], grad)
		return []vec{g.fma(g.fma(d, v.scalar[1], grad), v.scalar[2], v.in[0]), d}
	})
	one("plainSGD", shape{out: 1, in: 2, scalar: 2}, func(g *gen, v operands) []vec {
		return []vec{g.fma(g.fma(v.in[0], v.scalar[0], v.in[1]), v.scalar[1], v.in[0])}
	})
	one("adamW", shape{out: 3, in: 4, scalar: 8}, func(g *gen, v operands) []vec {
		w, grad, s := v.in[0], v.in[1], v.scalar
		m := g.fma(v.in[2], s[0], g.mul(grad, s[1]))
		u := g.fma(v.in[3], s[2], g.mul(g.mul(grad, s[3]), grad))
		d := g.fma(g.sqrt(u), s[4], s[5])
		return []vec{g.fma(g.div(m, d), s[6], g.mul(w, s[7])), m, u}
	})
	for n, name := range []string{"mix1", "mix2", "mix3"} { // of the running sum, which is the last input
		one(name, shape{out: 1, in: n + 2, param: n + 1}, func(g *gen, v operands) []vec {
			sum := v.in[n+1]
			for i := n; i >= 0; i-- {
				sum = g.fma(v.in[i], v.param[i], sum)
			}
			return []vec{sum}
		})
	}
	one("maxStep", shape{out: 2, in: 3, scalar: 1}, func(g *gen, v operands) []vec {
		replace := g.notAtMost(v.in[2], v.in[0])
		return []vec{replace(v.in[2], v.in[0]), replace(v.scalar[0], v.in[1])}
	})
	per := func(name string, s shape, f body) { g.fields = append(g.fields, name+": "+g.perChannel(name, s, f)) }
	col := func(name string, s shape, f body) { g.fields = append(g.fields, name+": "+g.columnwise(name, s, f)) }
	per("bias", shape{out: 1, in: 1, param: 1}, func(g *gen, v operands) []vec { return []vec{g.add(v.in[0], v.param[0])} })
	per("gate", shape{out: 1, in: 1, param: 1}, func(g *gen, v operands) []vec { return []vec{g.mul(v.in[0], v.param[0])} })
	per("normGrad", shape{out: 1, in: 2, param: 3}, func(g *gen, v operands) []vec {
		return []vec{g.fma(v.in[0], v.param[0], g.fma(v.in[1], v.param[1], v.param[2]))}
	})
	col("colSum", shape{in: 1, sum: 1}, func(g *gen, v operands) []vec { g.VADDPS(v.in[0], v.sum[0], v.sum[0]); return nil })
	col("colMoments", shape{in: 1, param: 1, sum: 2}, func(g *gen, v operands) []vec {
		d := g.sub(v.in[0], v.param[0])
		g.VADDPS(d, v.sum[0], v.sum[0])
		g.VFMADD231PS(d, d, v.sum[1])
		return nil
	})
	col("gateGrad", shape{in: 2, out: 1, param: 1, sum: 1}, func(g *gen, v operands) []vec {
		g.VFMADD231PS(v.in[0], v.in[1], v.sum[0])
		return []vec{g.mul(v.in[0], v.param[0])}
	})
	col("dot", shape{in: 2, param: 1, sum: 1}, func(g *gen, v operands) []vec {
		g.VFMADD231PS(v.in[0], g.sub(v.in[1], v.param[0]), v.sum[0])
		return nil
	})
	g.activationKernels()
}

// activationKernels emits the kernels that exist once for each activation.
func (g *gen) activationKernels() {
	lists := map[string]*table{}
	for _, name := range []string{"actValue", "actSlope", "norm", "normAdd", "normSum", "normAddSum", "normDot", "normBack"} {
		lists[name] = &table{decl: fmt.Sprintf("%s%s = [...]func(*vecArgs)", name, g.name)}
		g.groups = append(g.groups, lists[name])
		g.fields = append(g.fields, fmt.Sprintf("%s: %s%s", name, name, g.name))
	}
	add := func(list, kernel string) { lists[list].entries = append(lists[list].entries, kernel) }
	for _, a := range activations {
		add("actValue", g.rowwise("value"+a.name, shape{out: 1, in: 1}, func(g *gen, v operands) []vec { return []vec{a.value(g, v.in[0])} }))
		add("actSlope", g.rowwise("slope"+a.name, shape{out: 1, in: 2}, func(g *gen, v operands) []vec { return []vec{a.slope(g, v.in[0], v.in[1])} }))
		var pin []float32
		if !a.wide && a.name != "None" {
			pin = []float32{0, 6}
		}
		if a.wide {
			add("normDot", "nil")
			add("normBack", "nil")
		} else {
			add("normDot", g.columnwise("normDot"+a.name, shape{in: 2, param: 3, sum: 2, pin: pin}, func(g *gen, v operands) []vec {
				d := a.slope(g, v.in[0], g.fma(v.in[1], v.param[0], v.param[1]))
				g.VADDPS(d, v.sum[0], v.sum[0])
				g.VFMADD231PS(d, g.sub(v.in[1], v.param[2]), v.sum[1])
				return nil
			}))
			add("normBack", g.perChannel("normBack"+a.name, shape{out: 1, in: 2, param: 4, pin: pin}, func(g *gen, v operands) []vec {
				d := a.slope(g, v.in[0], g.fma(v.in[1], v.param[0], v.param[1]))
				return []vec{g.fma(d, v.param[0], g.fma(v.in[1], v.param[2], v.param[3]))}
			}))
		}
		for _, residual := range []bool{false, true} {
			suffix, in := "", 1
			if residual {
				suffix, in = "Add", 2
			}
			input := func(g *gen, in []vec, p []vec) vec {
				z := g.fma(in[0], p[0], p[1])
				if residual {
					z = g.add(z, in[1])
				}
				return z
			}
			add("norm"+suffix, g.perChannel("norm"+suffix+a.name, shape{out: 1, in: in, param: 2, wide: a.wide, pin: pin}, func(g *gen, v operands) []vec {
				return []vec{a.value(g, input(g, v.in, v.param))}
			}))
			add("norm"+suffix+"Sum", g.columnwise("norm"+suffix+"Sum"+a.name, shape{out: 1, in: in + 1, param: 3, sum: 2, wide: a.wide}, func(g *gen, v operands) []vec {
				d := a.slope(g, v.in[0], input(g, v.in[1:], v.param))
				g.VADDPS(d, v.sum[0], v.sum[0])
				g.VFMADD231PS(d, g.sub(v.in[1], v.param[2]), v.sum[1])
				return []vec{d}
			}))
		}
	}
}

// mask prepares the mask of the first n lanes, 1 to all.
func (g *gen) mask(n reg.GPVirtual) {
	if g.lanes == 16 {
		ones, k := g.GP32(), g.K()
		g.MOVL(I32(-1), ones)
		g.BZHIL(n.As32(), ones, ones)
		g.KMOVW(ones, k)
		g.tail = []Op{k}
		return
	}
	table, r := g.GP64(), g.GP64()
	g.LEAQ(g.maskTable(), table)
	g.MOVQ(U32(16), r)
	g.SUBQ(n, r)
	m, at := g.YMM(), g.AllocLocal(32)
	g.VMOVUPS(Mem{Base: table, Index: r, Scale: 4}, m)
	g.VMOVUPS(m, at)
	g.tail = []Op{at}
}

// pointers loads n pointers of the arguments, from offset off.
func (g *gen) pointers(t reg.GPVirtual, off, n int) []reg.GPVirtual {
	p := make([]reg.GPVirtual, n)
	for i := range p {
		p[i] = g.GP64()
		g.MOVQ(Mem{Base: t, Disp: off + 8*i}, p[i])
	}
	return p
}

func (g *gen) scalars(t reg.GPVirtual, n int) []vec {
	s := g.vectors(n)
	for i := range s {
		g.VBROADCASTSS(Mem{Base: t, Disp: vecS + 4*i}, s[i])
	}
	return s
}

// split returns the number of full registers before the last of a row, and the lanes of the last (1 to all).
func (g *gen) split(t reg.GPVirtual) (full, last reg.GPVirtual) {
	return g.spread(Mem{Base: t, Disp: vecCols})
}

// rowwise emits a kernel that walks the rows of dense arrays, the parameters anew for each row.
func (g *gen) rowwise(name string, s shape, f body) string {
	name += g.name
	t := g.function(name, "vecArgs", "is its Go twin in the set of portable loops.")
	full, last := g.split(t)
	g.mask(last)
	rows := g.GP64()
	g.MOVQ(Mem{Base: t, Disp: vecRows}, rows)
	y, x, p := g.pointers(t, vecY, s.out), g.pointers(t, vecX, s.in), g.pointers(t, vecP, s.param)
	scalar := g.scalars(t, s.scalar)
	i, c, n := g.GP64(), g.GP64(), g.GP64()
	g.XORQ(i, i)
	step := func(masked bool) {
		v := operands{in: g.vectors(s.in), param: g.vectors(s.param), scalar: scalar}
		for j := range v.in {
			g.load(Mem{Base: x[j], Index: i, Scale: 1}, 0, masked, v.in[j])
		}
		for j := range v.param {
			g.load(Mem{Base: p[j], Index: c, Scale: 1}, 0, masked, v.param[j])
		}
		for j, o := range f(g, v) {
			g.store(o, Mem{Base: y[j], Index: i, Scale: 1}, 0, masked)
		}
	}
	row, unit, end := g.label("row"), g.label("unit"), g.label("end")
	g.Label(row)
	g.XORQ(c, c)
	g.MOVQ(full, n)
	g.TESTQ(n, n)
	g.JZ(LabelRef(end))
	g.Label(unit)
	step(false)
	g.ADDQ(Imm(uint64(g.lanes*4)), i)
	g.ADDQ(Imm(uint64(g.lanes*4)), c)
	g.DECQ(n)
	g.JNZ(LabelRef(unit))
	g.Label(end)
	step(true)
	g.LEAQ(Mem{Base: i, Index: last, Scale: 4}, i)
	g.DECQ(rows)
	g.JNZ(LabelRef(row))
	g.VZEROUPPER()
	g.RET()
	return name
}

// perChannel emits a kernel with parameters of a channel. They stay in registers while a few columns at a time are walked down,
// or are read anew for each row where there are too few registers.
func (g *gen) perChannel(name string, s shape, f body) string {
	if g.lanes == 16 {
		return g.columnwise(name, s, f)
	}
	return g.rowwise(name, s, f)
}

// columnwise emits a kernel that walks down the rows, a few registers of channels at a time, and may sum over them. The
// sums follow the outputs in vecArgs.y.
func (g *gen) columnwise(name string, s shape, f body) string {
	name += g.name
	t := g.function(name, "vecArgs", "is its Go twin in the set of portable loops.")
	full, last := g.split(t)
	g.mask(last)
	y, x := g.pointers(t, vecY, s.out), g.pointers(t, vecX, s.in)
	if g.lanes == 16 {
		pinned := map[float32]vec{}
		for _, f := range s.pin {
			pinned[f] = g.set(f)
		}
		g.pinned = pinned
		defer func() { g.pinned = nil }()
	}
	stride, c := g.GP64(), g.GP64()
	g.MOVQ(Mem{Base: t, Disp: vecCols}, stride)
	g.SHLQ(Imm(2), stride)
	g.XORQ(c, c)
	group := func(n int, tail bool) {
		at := func(b, i reg.GPVirtual, u int) Mem {
			return Mem{Base: b, Index: i, Scale: 1, Disp: u * g.lanes * 4}
		}
		masked := func(u int) bool { return tail && u == n-1 }
		v := make([]operands, n)
		for u := range v {
			v[u] = operands{param: g.vectors(s.param), sum: g.vectors(s.sum)}
			for j := range v[u].param {
				g.load(at(g.pointers(t, vecP+8*j, 1)[0], c, u), 0, masked(u), v[u].param[j])
			}
			for j := range v[u].sum {
				g.zero(v[u].sum[j])
			}
		}
		i, rows := g.GP64(), g.GP64()
		g.MOVQ(c, i)
		g.MOVQ(Mem{Base: t, Disp: vecRows}, rows)
		row := g.label("row")
		g.Label(row)
		for u := range v {
			v[u].in = g.vectors(s.in)
			for j := range v[u].in {
				g.load(at(x[j], i, u), 0, masked(u), v[u].in[j])
			}
			for j, o := range f(g, v[u]) {
				g.store(o, at(y[j], i, u), 0, masked(u))
			}
		}
		g.ADDQ(stride, i)
		g.DECQ(rows)
		g.JNZ(LabelRef(row))
		for u := range v {
			for j := range v[u].sum {
				g.store(v[u].sum[j], at(g.pointers(t, vecY+8*(s.out+j), 1)[0], c, u), 0, masked(u))
			}
		}
	}
	most := 1 // neighbouring registers summed in one walk over the rows; AVX2 has no room for more
	if g.lanes == 16 {
		most = 3
		if s.wide {
			most = 2
		}
	}
	loop, end, done := g.label("group"), g.label("end"), g.label("done")
	g.Label(loop)
	g.CMPQ(full, Imm(uint64(most)))
	g.JL(LabelRef(end))
	group(most, false)
	g.ADDQ(Imm(uint64(most*g.lanes*4)), c)
	g.SUBQ(Imm(uint64(most)), full)
	g.JMP(LabelRef(loop))
	g.Label(end)
	for n := most; n >= 1; n-- {
		next := g.label("fewer")
		if n > 1 {
			g.CMPQ(full, Imm(uint64(n-1)))
			g.JNE(LabelRef(next))
		}
		group(n, true)
		if n > 1 {
			g.JMP(LabelRef(done))
			g.Label(next)
		}
	}
	g.Label(done)
	g.VZEROUPPER()
	g.RET()
	return name
}
