package peer

import (
	"context"
	"math"
)

// Comparison is one network with one number of threads, measured on both sides in turn.
type Comparison struct {
	Network string   `json:"net"`
	Unit    string   `json:"unit"`
	Threads int      `json:"threads"`
	Own     Figures  `json:"own"`
	Peer    *Figures `json:"peer,omitempty"` // absent if only this engine was measured
}

// Ratio returns how many times as fast this engine is.
func (c Comparison) Ratio() float64 {
	if c.Peer == nil {
		return 0
	}
	return c.Own.Rate / c.Peer.Rate
}

// Compare measures n on both sides alternately, so many rounds each, and keeps the fastest of each: other programs can
// only make a run slower. peer may be nil.
func Compare(ctx context.Context, n Network, threads, rounds int, seconds float64, own Own, peer *PyTorch) (Comparison, error) {
	c := Comparison{Network: n.Name, Unit: n.Unit, Threads: threads}
	for range rounds {
		f, err := own.Measure(ctx, n, threads, seconds)
		if err != nil {
			return c, err
		}
		if f.Rate > c.Own.Rate {
			c.Own = f
		}
		if peer == nil {
			continue
		}
		f, err = peer.Measure(ctx, n, threads, seconds)
		if err != nil {
			return c, err
		}
		if c.Peer == nil || f.Rate > c.Peer.Rate {
			c.Peer = &f
		}
	}
	return c, nil
}

// GeometricMean returns that of the ratios, or 0 if there are none.
func GeometricMean(all []Comparison) float64 {
	sum, n := 0.0, 0
	for _, c := range all {
		if c.Peer != nil {
			sum += math.Log(c.Ratio())
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return math.Exp(sum / float64(n))
}
