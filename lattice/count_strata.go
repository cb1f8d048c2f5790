package lattice

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"sync"

	"github.com/trellis-nas/trellis/space"
)

// Strata are the architectures of a region by a cost: stratum i holds those of bin i of a histogram. Uniform samples of a region are mostly
// where most architectures are; as many from each stratum show all of its costs. It is immutable and may be used from several goroutines at
// once.
type Strata struct {
	histogram Histogram
	region    *CountedRegion
	packing   packing
	at        int      // the field of the cost
	budgets   []uint64 // in units of it, by stratum
	how       tableOptions

	split *split // nil under more than two limits, where ranks are resolved by the table of all bins
	bins  []bin
	all   *binTable

	asked sync.Mutex // guards the bin table of the budgets on either side of the stratum last asked for a rank
	last  int
	pair  *binTable
}

// Strata returns the strata of a cost, those of [CountedRegion.Histogram]. It takes as long, and is a [*TooLargeError] when that is.
func (r *CountedRegion) Strata(m Metric, bins int) (*Strata, error) {
	r, err := r.withComponent(m)
	if err != nil {
		return nil, err
	}
	metric, err := r.lattice.index(m)
	if err != nil {
		return nil, err
	}
	if bins < 1 {
		return nil, fmt.Errorf("a histogram of %d bins holds nothing", bins)
	}
	low, high := r.Range(m)
	s := &Strata{histogram: evenBins(m, low, high, bins), region: r, how: tableOptions{bytes: r.lattice.memoryLimit}}
	if s.packing, s.at, s.budgets, err = r.bounded(metric, s.histogram.Edges[1:]); err != nil {
		return nil, err
	}
	if len(s.packing.fields) > 2 {
		if s.all, err = r.binTable(s.packing, s.at, s.budgets, s.how); err != nil {
			return nil, err
		}
		s.histogram.Counts = s.all.counts()
		return s, nil
	}
	if s.split, err = newSplit(r.lattice, s.packing, s.at, s.how); err != nil {
		return nil, err
	}
	s.bins = s.split.countBins(s.budgets)
	for i := range s.bins {
		s.histogram.Counts[i] = toBig(s.bins[i].total)
	}
	return s, nil
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
	if s.split != nil {
		return s.split.sample(s.region.lattice, &s.bins[stratum], random), true
	}
	n, rank := make([]uint64, s.all.table.limbs), make([]uint64, s.all.table.limbs)
	fromBig(n, size)
	drawBelow(rank, n, random)
	return s.follow(s.all, stratum, rank), true
}

// Unrank returns the architecture of a rank of a stratum, counted from 0 in lexicographic order of the choices. It is an error if there is no
// such stratum, or it holds no more than rank; and a [*TooLargeError] if its order takes too much memory. The first rank of another
// stratum than the last one asked costs about as much as making a region.
func (s *Strata) Unrank(stratum int, rank *big.Int) (space.Arch, error) {
	if stratum < 0 || stratum >= len(s.budgets) {
		return space.Arch{}, fmt.Errorf("there is no stratum %d; they go from 0 to %d", stratum, len(s.budgets)-1)
	}
	if size := s.histogram.Counts[stratum]; rank.Sign() < 0 || rank.Cmp(size) >= 0 {
		return space.Arch{}, fmt.Errorf("there is no architecture of rank %v in stratum %d, which holds %v", rank, stratum, size)
	}
	of, bin := s.all, stratum
	if of == nil {
		var err error
		if of, err = s.binTable(stratum); err != nil {
			return space.Arch{}, err
		}
		bin = len(of.states) - 1
	}
	limbs := make([]uint64, of.table.limbs)
	fromBig(limbs, rank)
	return s.follow(of, bin, limbs), nil
}

// binTable returns the bin table of the budgets on either side of a stratum.
func (s *Strata) binTable(stratum int) (*binTable, error) {
	s.asked.Lock()
	defer s.asked.Unlock()
	if s.pair == nil || s.last != stratum {
		s.pair = nil // before the next one is made
		made, err := s.region.binTable(s.packing, s.at, s.budgets[max(0, stratum-1):stratum+1], s.how)
		if err != nil {
			return nil, err
		}
		s.pair, s.last = made, stratum
	}
	return s.pair, nil
}

// between is a place of paths that the upper remaining budget pays for and the lower one does not; there need not be a lower one.
type between struct {
	junction     int
	upper, lower remaining
	both         bool
}

// follow follows a rank down the differences of two counts.
func (s *Strata) follow(of *binTable, bin int, rank []uint64) space.Arch {
	t := of.table
	root := t.j.root()
	p := between{junction: root, upper: t.states[root][of.states[bin]]}
	if bin > 0 {
		p.lower, p.both = t.states[root][of.states[bin-1]], true
	}
	w := walk{region: &CountedRegion{FeasibleSet: s.region.FeasibleSet, table: t}}
	for p.junction != end {
		p = w.descendBetween(p, rank)
	}
	return w.arch()
}

func (w *walk) descendBetween(p between, rank []uint64) between {
	t := w.region.table
	for r := t.j.first[p.junction]; r < t.j.first[p.junction+1]; r++ {
		rich, ok := t.left(p.upper, r)
		if !ok {
			continue
		}
		next := between{junction: int(t.j.routes[r].next), upper: rich}
		count := make([]uint64, t.limbs)
		w.region.addCount(count, p.junction, next.junction, rich)
		if p.both {
			if next.lower, next.both = t.left(p.lower, r); next.both {
				less := make([]uint64, t.limbs)
				w.region.addCount(less, p.junction, next.junction, next.lower)
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
