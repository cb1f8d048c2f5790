package lattice

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"sort"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Peak memory is no sum but a bottleneck: the greatest of what the layers of a path need, each while it runs. So a limit leaves out the
// layers that need more, and the lattice is that of the space without them; it needs no more states. This is exact where one tensor at a
// time is alive between the leaves of the space, which is where none of its combinators branches. Blocks with branches of their own, as
// the shortcut of an MBConv, are leaves.

// anyMemory is more than any network takes.
const anyMemory = 1 << 50

// withinMemory returns the lattice of the architectures that need at most so many bytes, which is an [*InfeasibleError] if there are none.
func (l *Lattice) withinMemory(most int64) (*Lattice, error) {
	if err := l.sequential(); err != nil {
		return nil, err
	}
	out, _, err := l.compileWithin(most)
	if err == nil {
		return out, nil
	}
	var large *TooLargeError
	if errors.As(err, &large) {
		return nil, err
	}
	_, peaks, failed := l.compileWithin(anyMemory)
	if failed != nil {
		return nil, failed
	}
	least := sort.Search(len(peaks), func(i int) bool {
		_, _, err := l.compileWithin(peaks[i])
		return err == nil
	})
	if least == len(peaks) {
		return nil, err
	}
	return nil, &InfeasibleError{Space: l.space.Name(), Limit: Limit{Metric: Memory, Max: most}, Tightest: peaks[least]}
}

// compileWithin compiles the space again without leaves that need more, and returns what leaves may need otherwise too, in order.
func (l *Lattice) compileWithin(most int64) (*Lattice, []int64, error) {
	peaks := map[int64]bool{}
	out, err := l.again(l.meters, func(c *compiler) { c.memory, c.peaks = max(1, most), peaks })
	return out, slices.Sorted(maps.Keys(peaks)), err
}

// remembers reports whether a leaf needs no more than the memory that there is, and notes what it needs.
func (c *compiler) remembers(n *space.Leaf, e env, x network.Shape) bool {
	if c.memory == 0 {
		return true
	}
	peak, err := n.PeakMemory(e.bound(), x)
	if err != nil {
		return false
	}
	c.peaks[peak] = true
	return peak <= c.memory
}

// sequential returns an error if a combinator of the space keeps more than one tensor alive between leaves.
func (l *Lattice) sequential() error {
	seen := map[space.Node]bool{}
	var branches func(n space.Node) string
	branches = func(n space.Node) string {
		if seen[n] {
			return ""
		}
		seen[n] = true
		switch n.(type) {
		case *space.Parallel:
			return "parallel branches"
		case *space.Residual:
			return "residual connections around parts"
		case *space.Dag, *space.Cells:
			return "cells"
		case *space.Skips:
			return "skip connections"
		}
		for _, child := range children(n) {
			if what := branches(child); what != "" {
				return what
			}
		}
		return ""
	}
	if what := branches(l.space.Root()); what != "" {
		return fmt.Errorf("the memory of space %q cannot be limited exactly: it has %s, which keep more than one tensor alive; measure what is drawn instead", l.space.Name(), what)
	}
	return nil
}

// memoryRange returns the least and the greatest peak memory of a region: of the bounds that matter, the least that leaves something, and
// the least that leaves everything.
func (r *Region) memoryRange() (least, greatest int64, err error) {
	l := r.lattice
	if err := l.sequential(); err != nil {
		return 0, 0, err
	}
	_, peaks, err := l.compileWithin(anyMemory)
	if err != nil {
		return 0, 0, err
	}
	all, failed := r.Count(), error(nil)
	bound := func(enough func(n *Region) bool) int64 {
		at := sort.Search(len(peaks), func(i int) bool {
			n, err := r.with(AtMost(Memory, peaks[i]))
			var infeasible *InfeasibleError
			if err != nil && !errors.As(err, &infeasible) {
				failed = err
			}
			return err == nil && enough(n)
		})
		return peaks[min(at, len(peaks)-1)]
	}
	least = bound(func(*Region) bool { return true })
	greatest = bound(func(n *Region) bool { return n.Count().Cmp(all) == 0 })
	return least, greatest, failed
}

// with returns the part of the region within a further limit.
func (r *Region) with(limit Limit) (*Region, error) {
	return r.lattice.Within(append(slices.Clone(r.limits), limit)...)
}

// memoryLimit returns the tightest limit on memory.
func memoryLimit(limits []Limit) (Limit, error) {
	out := AtMost(Memory, anyMemory)
	for _, limit := range limits {
		if limit.Metric != Memory {
			continue
		}
		if limit.Min > 0 {
			return Limit{}, fmt.Errorf("%s may be limited from above only", Memory)
		}
		out.Max = min(out.Max, limit.Max)
	}
	return out, nil
}

// memoryHistogram counts what is within the upper edge of each bin.
func (r *Region) memoryHistogram(bins int) (Histogram, error) {
	if bins < 1 {
		return Histogram{}, fmt.Errorf("a histogram of %d bins holds nothing", bins)
	}
	low, high, err := r.memoryRange()
	if err != nil {
		return Histogram{}, err
	}
	h := evenly(Memory, low, high, bins)
	below := new(big.Int)
	for i, edge := range h.Edges[1:] {
		n, err := r.with(AtMost(Memory, edge-1))
		if err != nil {
			return Histogram{}, err
		}
		h.Counts[i] = new(big.Int).Sub(n.Count(), below)
		below = n.Count()
	}
	return h, nil
}
