package lattice

import (
	"slices"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// courseOfDag returns the course of a Dag after an edge, which is f, that gave x. Where it was the last one of its node, they are summed, and x
// is the sum. It reports false if there is no room for that.
func (c *compiler) courseOfDag(f, after *frame, x value, edges int) (course, value, bool) {
	of := f.course
	if after.j > 0 {
		return of.waits(x), x, true
	}
	if edges > 1 {
		var fits bool
		if x, fits = c.joins(&f.kept, of.waits(x), x.provisos, after.shapes[f.i+1], f.besides()); !fits {
			return of, x, false
		}
	}
	x = c.named(x, f.next.waiting(), of.named())
	return course{numbers: append(slices.Clone(of.numbers), x.number)}, x, true
}

// named returns the set of the tensors of a course that have a number.
func (c course) named() set {
	var all set
	for _, n := range c.numbers {
		all |= only(n)
	}
	return all
}

// forget takes the numbers from nodes that nothing reads any more.
func (f *frame) forget() {
	numbers := f.course.numbers
	f.course.numbers = make([]int8, len(numbers))
	for at, n := range numbers {
		if surely, perhaps := f.needs(at); surely || perhaps || f.course.waiting.has(n) {
			f.course.numbers[at] = n
		}
	}
}

// outputOfDag returns what the nodes of a Dag are joined to, after the last of them, x.
func (c *compiler) outputOfDag(after *frame, n *space.Dag, x value, out network.Shape) (value, bool) {
	if c.memory == 0 {
		return value{shape: out}, true
	}
	outs := n.Outputs()
	if len(outs) == 1 {
		return value{out, after.course.numbers[outs[0]], x.provisos}, true
	}
	for _, k := range outs {
		after.course.waiting |= only(after.course.numbers[k])
	}
	after.kept = after.keeps()
	return c.joins(&after.kept, after.course, x.provisos, out, after.next.waiting())
}
