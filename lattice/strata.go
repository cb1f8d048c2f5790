package lattice

import (
	"fmt"
	"math/big"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/space"
)

// Strata are the architectures of a region by a cost: stratum i holds those of bin i of a histogram. Uniform samples of a region crowd where
// most architectures are; as many from each stratum show all of its costs. It is immutable and may be used from several goroutines at
// once.
type Strata struct {
	histogram Histogram
	within    *Region // of the table whose root has a state for every upper edge
	starts    []int   // these states
}

// Strata returns the strata of a cost, those of [Region.Histogram]. It takes as long, and is a [*TooLargeError] when that is.
func (r *Region) Strata(m Metric, bins int) (*Strata, error) {
	h, t, starts, err := r.histogram(m, bins)
	if err != nil {
		return nil, err
	}
	return &Strata{h, &Region{lattice: r.lattice, limits: r.limits, tight: r.tight, table: t}, starts}, nil
}

// Histogram returns the edges and the sizes of the strata. Its slices must not be changed.
func (s *Strata) Histogram() Histogram { return s.histogram }

// Sample draws an architecture of a stratum, each with the same probability, or returns false if the stratum is empty. It panics if there
// is no stratum of that number.
func (s *Strata) Sample(stratum int, random *rand.Rand) (space.Arch, bool) {
	size := s.histogram.Counts[stratum]
	if size.Sign() == 0 {
		return space.Arch{}, false
	}
	n, rank := s.limbs(size), s.limbs(new(big.Int))
	drawBelow(rank, n, random)
	return s.at(stratum, rank), true
}

// Unrank returns the architecture of a rank of a stratum, counted from 0 in lexicographic order of the choices. It is an error if there is no
// such stratum, or it holds no more than rank.
func (s *Strata) Unrank(stratum int, rank *big.Int) (space.Arch, error) {
	if stratum < 0 || stratum >= len(s.starts) {
		return space.Arch{}, fmt.Errorf("there is no stratum %d; they go from 0 to %d", stratum, len(s.starts)-1)
	}
	if size := s.histogram.Counts[stratum]; rank.Sign() < 0 || rank.Cmp(size) >= 0 {
		return space.Arch{}, fmt.Errorf("there is no architecture of rank %v in stratum %d, which holds %v", rank, stratum, size)
	}
	return s.at(stratum, s.limbs(rank)), nil
}

func (s *Strata) limbs(n *big.Int) []uint64 {
	out := make([]uint64, s.within.table.limbs)
	fromBig(out, n)
	return out
}

// between is a place of paths that one purse pays for and another, poorer one does not; there need not be a poorer one.
type between struct {
	junction   int
	rich, poor purse
	both       bool
}

// at follows a rank down the differences of two counts.
func (s *Strata) at(stratum int, rank []uint64) space.Arch {
	t := s.within.table
	root := t.j.root()
	p := between{junction: root, rich: t.states[root][s.starts[stratum]]}
	if stratum > 0 {
		p.poor, p.both = t.states[root][s.starts[stratum-1]], true
	}
	w := walk{region: s.within}
	for p.junction != end {
		p = w.descendBetween(p, rank)
	}
	return w.arch()
}

func (w *walk) descendBetween(p between, rank []uint64) between {
	t := w.region.table
	for r := t.j.first[p.junction]; r < t.j.first[p.junction+1]; r++ {
		rich, ok := t.left(p.rich, r)
		if !ok {
			continue
		}
		next := between{junction: int(t.j.routes[r].next), rich: rich}
		count := make([]uint64, t.limbs)
		w.region.addCount(count, p.junction, next.junction, rich)
		if p.both {
			if next.poor, next.both = t.left(p.poor, r); next.both {
				less := make([]uint64, t.limbs)
				w.region.addCount(less, p.junction, next.junction, next.poor)
				takeFrom(count, less)
			}
		}
		if !takeFrom(rank, count) {
			w.take(r)
			return next
		}
	}
	panic("lattice: a rank is beyond the count of its stratum")
}
