package lattice

import (
	"encoding/binary"
	"slices"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// liveness says which tensors in the middle of a node are alive, where memory is limited. While the second of three
// branches of a space.Parallel runs, numbers holds the number of the input, which the third one reads, and waiting the output of the first,
// which waits for the join; a convolution of the second fits if its input, its output and these two are within the limit together. The
// tensors of outer nodes that are alive at the same time are in the liveTensors of the frame.
type liveness struct {
	numbers     []int8 // of the tensors of frame.shapes that are outputs; 0 where nothing reads it any more
	waiting     set    // tensors with numbers that wait for a join
	unnumbered  int64  // the bytes of the others that do
	several     bool   // of links: more than one tensor waits
	alias       bool   // of links: the output of the layer is a tensor that was there before
	constrained bool   // of links: what waits is part of a deferred constraint already
	cells       int32  // of genes: the number of the states of the cells
}

// key is equal for equal values, and empty where memory is not limited.
func (c liveness) key() string {
	if c.numbers == nil && c.waiting == 0 && c.unnumbered == 0 && c.cells == 0 && !c.constrained {
		return ""
	}
	key := make([]byte, 0, 16)
	for _, n := range c.numbers {
		key = append(key, byte(n))
	}
	key = binary.AppendUvarint(key, uint64(c.waiting))
	key = binary.AppendUvarint(key, uint64(c.unnumbered))
	key = binary.AppendUvarint(key, uint64(c.cells))
	for i, flag := range []bool{c.several, c.alias, c.constrained} {
		if flag {
			key = append(key, byte(i))
		}
	}
	return string(key)
}

// waits adds a tensor that waits for a join.
func (c liveness) waits(x value) liveness {
	if x.number == 0 {
		c.unnumbered += x.shape.Bytes()
	} else {
		c.waiting |= only(x.number)
	}
	return c
}

// waiting returns what waits while something runs before f; a nil frame is the end, for which nothing does.
func (f *frame) waiting() *liveTensors {
	if f == nil {
		return &liveTensors{}
	}
	return &f.live
}

// liveBehind returns what waits while something runs before f: what the rest of its node reads, and what is behind it.
func (f *frame) liveBehind() liveTensors {
	k := *f.next.waiting()
	k.unnumbered += f.liveness.unnumbered
	k.sure |= f.liveness.waiting
	for at, number := range f.liveness.numbers {
		surely, perhaps := f.needs(at)
		if surely = surely || f.liveness.waiting.has(number); surely || perhaps {
			k = k.with(number, f.shapes[at], surely)
		}
	}
	k.perhaps &^= k.sure
	return k
}

// needs tells whether the rest of a node reads one of its tensors again, beside a join that it waits for already.
func (f *frame) needs(at int) (surely, perhaps bool) {
	switch n := f.node.(type) {
	case *space.Residual:
		return false, true
	case *space.Parallel:
		return f.i+1 < len(n.Branches), false
	case *space.Dag:
		return f.edgeFrom(n, at), false
	case *space.Skips:
		return false, f.kind == layers || at >= f.j || f.i+1 < len(n.Layers)
	}
	return false, false
}

// edgeFrom tells whether an edge behind that of the frame comes from a node, or the output does.
func (f *frame) edgeFrom(n *space.Dag, from int) bool {
	for i := f.i; i < len(n.Nodes); i++ {
		for j, e := range n.Nodes[i] {
			if e.From == from && (i > f.i || j > f.j) {
				return true
			}
		}
	}
	return slices.Contains(n.Outputs(), from)
}

// besides returns what waits once the tensors that wait for a join of the frame's node have been joined.
func (f *frame) besides() *liveTensors {
	g := *f
	g.liveness.waiting, g.liveness.unnumbered = 0, 0
	k := g.liveBehind()
	return &k
}

// runs returns what comes out of a node without decisions that next follows; see through.
func (c *compiler) runs(x value, does effect, next *frame) (value, *conflict, bool) {
	if c.peakLimit == 0 {
		return value{shape: does.out}, nil, true
	}
	return c.through(x, does, next.waiting())
}

// through returns what comes out of a node without decisions while k waits. It reports false if that is beyond the limit, with the variables to
// be closed if that depends on some.
func (c *compiler) through(x value, does effect, k *liveTensors) (value, *conflict, bool) {
	f, out := does.memory, value{shape: does.out}
	var fits bool
	out.constraints, fits = c.reads(x, f.Footprint, k)
	if len(f.varies) > 0 && (!fits || f.mixed || out.constraints != x.constraints) {
		return out, &conflict{f.varies}, false
	}
	if f.Through {
		out.number = x.number
	}
	return out, nil, fits
}

// reads returns the deferred constraints once something of a footprint has run on x while k waits.
func (c *compiler) reads(x value, f network.Footprint, k *liveTensors) (constraints int32, fits bool) {
	constraints, fits = x.constraints, true
	alive, perhaps := k.held(), k.perhaps&^only(x.number)
	if f.Before > 0 {
		before := alive + f.Before
		if k.sure.has(x.number) {
			before -= x.shape.Bytes()
		}
		constraints, fits = c.require(constraints, before, perhaps, k)
	}
	if fits && f.After > 0 {
		constraints, fits = c.require(constraints, alive+f.After, k.perhaps, k)
	}
	return constraints, fits
}

// joins returns the join of the tensors that wait for it according to a liveness, among those of sizes, while k waits for more, or false.
func (c *compiler) joins(sizes *liveTensors, of liveness, constraints int32, out network.Shape, k *liveTensors) (value, bool) {
	constraints, fits := c.settle(constraints, of.waiting|k.sure, k.perhaps, sizes)
	if fits {
		alive := k.held() + sizes.bytes(of.waiting&^k.sure) + of.unnumbered + out.Bytes()
		constraints, fits = c.require(constraints, alive, k.perhaps&^of.waiting, k)
	}
	return value{shape: out, constraints: constraints}, fits
}
