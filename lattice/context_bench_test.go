package lattice_test

import (
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
)

// knowingScores are scores of what one step does not show, for built-in spaces.
var knowingScores = []struct{ space, what, text string }{
	{"mobile", "additive", "scores: {\"*.kernel\": {k5: 0.2}, \"*.expand\": {e6: 0.5}}"},
	{"mobile", "depth", "scores: {\"*.kernel\": {k5: 0.2}}\ncounters: {depth: {each: 0.3, from: {10: 1, 12: 1.2}}}"},
	{"mobile", "count", "scores: {\"*.expand\": {e6: 0.5}}\ncounters: {\"count(*.kernel=k5)\": {at: {4: 1, 5: 2}, from: {6: 1.5}}}"},
	{"mobile", "kernels", "pairs: {\"*.kernel > *.kernel\": {k3: {k5: 0.4}, k5: {k3: 0.1}}}"},
	{"ofa-mbv3", "additive", "scores: {\"*.kernel\": {k5: 0.2}, \"*.expand\": {e6: 0.5}}"},
	{"ofa-mbv3", "depth", "scores: {\"*.kernel\": {k5: 0.2}}\ncounters: {depth: {each: 0.3, from: {15: 1, 18: 1.2}}}"},
	{"ofa-mbv3", "count", "scores: {\"*.expand\": {e6: 0.5}}\ncounters: {\"count(*.kernel=k7)\": {at: {4: 1, 5: 2}, from: {12: 1.5}}}"},
	{"ofa-mbv3", "kernels", "pairs: {\"*.kernel > *.kernel\": {k3: {k7: 0.4}, k5: {k3: 0.1}}}"},
	{"ofa-mbv3", "all three", "counters: {depth: {from: {15: 1, 18: 1.2}}, \"count(*.kernel=k7)\": {at: {4: 1, 5: 2}, from: {12: 1.5}}}\npairs: {\"*.kernel > *.kernel\": {k3: {k7: 0.4}, k5: {k3: 0.1}}}"},
	{"nb201", "additive", "scores: {\"*\": {nor_conv_3x3: 2}}"},
	{"nb201", "count", "scores: {\"*\": {nor_conv_3x3: 2}}\ncounters: {count(skip_connect): {at: {1: 1, 2: 3}, from: {3: -1}}}"},
	{"nb201", "neighbours", "pairs: {\"* > *\": {none: {skip_connect: 1}, skip_connect: {none: 2}}}"},
}

// BenchmarkBestThousandOfScoresOfPairsAndCounters makes the region of a budget with what a score needs and takes the best thousand.
func BenchmarkBestThousandOfScoresOfPairsAndCounters(b *testing.B) {
	for _, c := range knowingScores {
		plain := builtIn(b, c.space)
		s, err := score.Parse("s.yaml", []byte("trellis-score: 1\n"+c.text), plain)
		if err != nil {
			b.Fatal(err)
		}
		all, err := plain.Within()
		if err != nil {
			b.Fatal(err)
		}
		low, high := all.Range(lattice.MACs)
		limit := lattice.AtMost(lattice.MACs, low+(high-low)/4)
		b.Run(c.space+"/"+c.what, func(b *testing.B) {
			for b.Loop() {
				l, err := plain.ForScore(s)
				if err != nil {
					b.Fatal(err)
				}
				r, err := l.Within(limit)
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for range r.Best(s.Of) {
					if n++; n == 1000 {
						break
					}
				}
				items, steps := l.Size()
				b.ReportMetric(float64(items), "items")
				b.ReportMetric(float64(steps), "steps")
			}
		})
	}
}
