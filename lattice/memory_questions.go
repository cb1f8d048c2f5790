package lattice

import (
	"fmt"
	"math/big"
	"slices"
)

// MemoryRange returns the least and the greatest peak memory of a region in bytes: of the limits that matter, the least that leaves something,
// and the least that leaves everything. It compiles the space under one limit after the other, about twenty times, and is a [*TooLargeError]
// where a limit takes too many items.
func (r *CountedRegion) MemoryRange() (least, greatest int64, err error) {
	g := r.lattice.memoryCompiler()
	none, err := g.at(1)
	if err != nil {
		return 0, 0, err
	}
	all := r.Count()
	least, err = g.least(none, false, func(l *Lattice) (bool, error) {
		some, err := r.countIn(l)
		return some.Sign() > 0, err
	})
	if err != nil {
		return 0, 0, err
	}
	greatest, err = g.least(none, true, func(l *Lattice) (bool, error) {
		some, err := r.countIn(l)
		return some.Cmp(all) == 0, err
	})
	return least, greatest, err
}

// countIn counts them.
func (r *CountedRegion) countIn(l *Lattice) (*big.Int, error) {
	if l == nil {
		return new(big.Int), nil
	}
	if len(r.sums()) == 0 {
		return l.Count(), nil
	}
	part, err := r.in(l)
	if part == nil || err != nil {
		return new(big.Int), err
	}
	counted, err := part.Counted()
	if err != nil {
		return new(big.Int), err
	}
	return counted.Count(), nil
}

// tightestPeakLimit returns the tightest limit on memory.
func tightestPeakLimit(limits []Limit) (Limit, error) {
	out := AtMost(Memory, anyMemory)
	for _, limit := range limits {
		if limit.Metric != Memory {
			continue
		}
		if limit.Min > 0 {
			return Limit{}, &MetricError{Metric: Memory, Below: true, Reason: "it may be limited from above only"}
		}
		out.Max = min(out.Max, limit.Max)
	}
	return out, nil
}

// memoryHistogram counts what is within the upper edge of each bin.
func (r *CountedRegion) memoryHistogram(bins int) (Histogram, error) {
	if bins < 1 {
		return Histogram{}, fmt.Errorf("a histogram of %d bins holds nothing", bins)
	}
	low, high, err := r.MemoryRange()
	if err != nil {
		return Histogram{}, err
	}
	h := evenBins(Memory, low, high, bins)
	g, below, count := r.lattice.memoryCompiler(), new(big.Int), new(big.Int)
	var p probe
	for i, edge := range h.Edges[1:] {
		if most := edge - 1; most >= p.to {
			if p, err = g.at(most); err != nil {
				return Histogram{}, err
			}
			if count, err = r.countIn(p.lattice); err != nil {
				return Histogram{}, err
			}
		}
		h.Counts[i] = new(big.Int).Sub(count, below)
		below = count
	}
	return h, nil
}

// memoryFront returns the front of peak memory against score: the best of all, the best of those that need less than it, and so on.
func (o *FeasibleSet) memoryFront(weight func(Step) float64) ([]FrontPoint, error) {
	g, most := o.lattice.memoryCompiler(), int64(anyMemory)
	var out []FrontPoint
	for {
		p, err := g.at(most)
		if err != nil {
			return nil, err
		}
		part, err := o.in(p.lattice)
		if err != nil {
			return nil, err
		}
		if part == nil {
			slices.Reverse(out)
			return out, nil
		}
		for best, err := range part.Best(weight) {
			if err != nil {
				return nil, err
			}
			n, err := o.Space().Network(best.Arch)
			if err != nil {
				return nil, err
			}
			point := FrontPoint{Arch: best.Arch, Cost: n.PeakMemory(), Score: best.Score}
			if last := len(out) - 1; last >= 0 && out[last].Score == best.Score {
				out[last] = point
			} else {
				out = append(out, point)
			}
			break
		}
		most = out[len(out)-1].Cost - 1
	}
}
