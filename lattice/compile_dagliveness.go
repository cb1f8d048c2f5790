package lattice

import (
	"slices"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// livenessOfDag returns the liveness of a Dag after an edge, which is f, that gave x. Where it was the last one of its node, they are summed, and x
// is the sum. It reports false if that is beyond the limit.
func (c *compiler) livenessOfDag(f, after *frame, x value, edges int) (liveness, value, bool) {
	of := f.liveness
	if after.j > 0 {
		return of.waits(x), x, true
	}
	if edges > 1 {
		var fits bool
		if x, fits = c.joins(&f.live, of.waits(x), x.constraints, after.shapes[f.i+1], f.besides()); !fits {
			return of, x, false
		}
	}
	x = c.numbered(x, f.next.waiting(), of.numberedTensors())
	return liveness{numbers: append(slices.Clone(of.numbers), x.number)}, x, true
}

// numberedTensors returns the set of the tensors that have a number.
func (c liveness) numberedTensors() set {
	var all set
	for _, n := range c.numbers {
		all |= only(n)
	}
	return all
}

// forget takes the numbers from nodes that nothing reads any more.
func (f *frame) forget() {
	numbers := f.liveness.numbers
	f.liveness.numbers = make([]int8, len(numbers))
	for at, n := range numbers {
		if surely, perhaps := f.needs(at); surely || perhaps || f.liveness.waiting.has(n) {
			f.liveness.numbers[at] = n
		}
	}
}

// outputOfDag returns what the nodes of a Dag are joined to, after the last of them, x.
func (c *compiler) outputOfDag(after *frame, n *space.Dag, x value, out network.Shape) (value, bool) {
	if c.peakLimit == 0 {
		return value{shape: out}, true
	}
	outs := n.Outputs()
	if len(outs) == 1 {
		return value{out, after.liveness.numbers[outs[0]], x.constraints}, true
	}
	for _, k := range outs {
		after.liveness.waiting |= only(after.liveness.numbers[k])
	}
	after.live = after.liveBehind()
	return c.joins(&after.live, after.liveness, x.constraints, out, after.next.waiting())
}
