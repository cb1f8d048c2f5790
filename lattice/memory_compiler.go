package lattice

import (
	"cmp"
	"errors"
	"math"
)

// Peak memory is no sum but a bottleneck: the greatest of what is alive while the layers of a path run, one after another. So a limit leaves out the
// ways on which a layer does not fit beside what waits for later ones, and the lattice is that of the space without them. What
// waits is part of what an item stands for; see liveTensors and deferredConstraint.

// maxLimited bounds the items of a lattice under a limit on memory: a few seconds.
const maxLimited = 1 << 18

// anyMemory is more than any network takes.
const anyMemory = math.MaxInt64 / 4

// withinMemory returns the lattice of the architectures that need at most so many bytes, which is an [*InfeasibleError] if there are none.
func (l *Lattice) withinMemory(most int64) (*Lattice, error) {
	g := l.memoryCompiler()
	p, err := g.at(most)
	if err != nil {
		return nil, err
	}
	if p.lattice != nil {
		p.lattice.all = l.complete()
		return p.lattice, nil
	}
	least, err := g.least(p, false, func(n *Lattice) (bool, error) { return n != nil, nil })
	if err != nil {
		return nil, err
	}
	return nil, &InfeasibleError{Space: l.space.Name(), Limit: Limit{Metric: Memory, Max: most}, Tightest: least}
}

// complete returns the lattice with the steps that a limit on memory has taken.
func (l *Lattice) complete() *Lattice { return cmp.Or(l.all, l) }

// memoryCompiler compiles the space of a lattice under limits on memory, remembering what leaves cost and need.
type memoryCompiler struct {
	lattice *Lattice
	before  *compiler
}

func (l *Lattice) memoryCompiler() *memoryCompiler { return &memoryCompiler{lattice: l} }

// probe is the lattice under a limit on memory, nil if nothing keeps it, and which other limits give the same: from to below to.
type probe struct {
	lattice  *Lattice
	from, to int64
}

// at returns the lattice within a limit. A limit that the lattice was made with holds too.
func (g *memoryCompiler) at(most int64) (probe, error) {
	l := g.lattice
	if l.peakLimit > 0 {
		most = min(most, l.peakLimit)
	}
	var used *compiler
	out, err := l.recompile(l.definitions, func(c *compiler) {
		c.peakLimit, c.bound, used = max(1, most), maxLimited, c
		if g.before != nil {
			c.numbers, c.deciding, c.effects, c.cells = g.before.numbers, g.before.deciding, g.before.effects, g.before.cells
		}
		g.before = c
	})
	p := probe{lattice: out, from: used.under, to: used.over}
	var large *TooLargeError
	var nothing *nothingFits
	switch {
	case errors.As(err, &nothing):
		return p, nil
	case errors.As(err, &large) && large.What == items:
		large.Limit = AtMost(Memory, most)
	}
	return p, err
}

// least returns the least limit that is enough, given a probe of one that is not. What is enough must stay so with more. It looks for it near the
// least of all limits or, down, near the greatest: limits in the middle may take far more items.
func (g *memoryCompiler) least(below probe, down bool, enough func(*Lattice) (bool, error)) (int64, error) {
	above, err := g.at(anyMemory)
	if err != nil {
		return 0, err
	}
	const strides = 64 // of the first stride in the range; the next ones are longer
	stride, reach, passed := (above.from-below.to)/strides, int64(0), false
	for below.to < above.from {
		gap := above.from - below.to
		if passed {
			reach = gap / 2
		}
		at := below.to + min(reach, gap-1)
		if down {
			at = above.from - 1 - min(reach, gap-1)
		}
		p, err := g.at(at)
		if err != nil {
			return 0, err
		}
		is, err := enough(p.lattice)
		if err != nil {
			return 0, err
		}
		if is {
			above = p
		} else {
			below = p
		}
		passed = passed || is != down
		reach, stride = stride, 2*stride
	}
	return above.from, nil
}
