package lattice

import "math/big"

// Histogram counts the architectures of a region by a cost. Bin i holds those of a cost of at least Edges[i] and less than Edges[i+1].
type Histogram struct {
	Metric Metric
	Edges  []int64
	Counts []*big.Int
}

// Histogram returns the exact histogram of a cost over the region, in at most bins bins of equal width up to 1 that reach from the least
// cost to the greatest; fewer if there are fewer different whole numbers. All bins are counted from the same sums of prefixes and of
// completions of paths, so that it takes about as long as making a region; it is a [*TooLargeError] if these take too much memory.
func (r *CountedRegion) Histogram(m Metric, bins int) (Histogram, error) {
	if m == Memory {
		return r.memoryHistogram(bins)
	}
	s, err := r.Strata(m, bins)
	if err != nil {
		return Histogram{}, err
	}
	return s.histogram, nil
}

// evenBins returns an empty histogram from the least to the greatest cost.
func evenBins(m Metric, low, high int64, bins int) Histogram {
	span := new(big.Int).Add(big.NewInt(high-low), big.NewInt(1))
	if span.IsInt64() {
		bins = int(min(int64(bins), span.Int64()))
	}
	h := Histogram{Metric: m, Edges: make([]int64, bins+1), Counts: make([]*big.Int, bins)}
	for i := range h.Edges {
		part := new(big.Int).Mul(span, big.NewInt(int64(i)))
		h.Edges[i] = low + part.Quo(part, big.NewInt(int64(bins))).Int64()
	}
	return h
}
