package lattice_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// Pearson's statistic, where a sample goes through states, boxes and completions: with a junction at every item, under one limit and under
// two, with so small a memory limit that states and completions meet in the middle.
func TestSamplesOfADistributionFollowItThroughAJunctionAtEveryItem(t *testing.T) {
	e := smallMobile(t)
	l := compiled(t, e.space).ItemByItem()
	params, macs := lattice.AtMost(lattice.Params, e.quantile(lattice.Params, 0.05)), lattice.AtMost(lattice.MACs, e.quantile(lattice.MACs, 0.1))
	most := lattice.AtMost(lattice.Params, e.quantile(lattice.Params, 0.4)) // whole boxes of completions, and parts of some
	for _, limits := range [][]lattice.Limit{{params}, {macs, params}, {most}} {
		r := tightly(t, l, limits)
		const drawn = 40000
		g, random, times := r.Gibbs(uneven), stream.New(1, "follow"), map[space.Arch]int{}
		for range drawn {
			times[g.Sample(random)]++
		}
		statistic, cells, rest, restExpected := 0.0, 0, drawn, float64(drawn)
		for _, i := range e.within(limits) {
			expected := drawn * math.Exp(g.LogProb(e.archs[i]))
			if expected < 10 {
				continue
			}
			d := float64(times[e.archs[i]]) - expected
			statistic += d * d / expected
			cells++
			rest -= times[e.archs[i]]
			restExpected -= expected
		}
		if restExpected > 10 {
			d := float64(rest) - restExpected
			statistic += d * d / restExpected
			cells++
		}
		if k := float64(cells - 1); cells < 20 || statistic > k+5*math.Sqrt(2*k) {
			t.Errorf("within %v: chi-square of %d cells is %.0f", limits, cells, statistic)
		}
	}
}
