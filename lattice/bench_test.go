package lattice_test

import (
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// cases are the spaces that the figures in docs/performance.md are about, each under the budgets asked of it.
func cases(tb testing.TB) []benchCase {
	return []benchCase{
		{"nb201", nb201(tb), []lattice.Limit{{Metric: lattice.Params, Max: 600000}}},
		{"chain20", chain20(tb), []lattice.Limit{{Metric: lattice.Params, Max: 150000}}},
		{"mobile-params", mobile(tb), []lattice.Limit{{Metric: lattice.Params, Max: 100000}}},
		{"mobile-macs", mobile(tb), []lattice.Limit{{Metric: lattice.MACs, Max: 10000000}}},
		{"mobile-both", mobile(tb), []lattice.Limit{{Metric: lattice.Params, Max: 100000}, {Metric: lattice.MACs, Max: 10000000}}},
		{"ofa-macs", ofa(tb, space.OFAOptions{}), []lattice.Limit{{Metric: lattice.MACs, Max: 230000000}}},
		{"ofa-params", ofa(tb, space.OFAOptions{}), []lattice.Limit{{Metric: lattice.Params, Max: 5000000}}},
		{"ofa-one-in-a-billion", ofa(tb, space.OFAOptions{}), []lattice.Limit{{Metric: lattice.MACs, Max: 170000000}}},
	}
}

type benchCase struct {
	name   string
	space  *space.Space
	limits []lattice.Limit
}

func BenchmarkCompile(b *testing.B) {
	for _, c := range cases(b)[:3] {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := lattice.Compile(c.space); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWithin(b *testing.B) {
	for _, c := range cases(b) {
		b.Run(c.name, func(b *testing.B) {
			l := compiled(b, c.space)
			var r *lattice.CountedRegion
			for b.Loop() {
				var err error
				if r, err = l.Within(c.limits...); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.States()), "states")
		})
	}
}

func BenchmarkSample(b *testing.B) {
	for _, c := range cases(b) {
		b.Run(c.name, func(b *testing.B) {
			r, err := compiled(b, c.space).Within(c.limits...)
			if err != nil {
				b.Fatal(err)
			}
			random := stream.New(1, "bench")
			for range 1000 { // the trees are made when first needed
				r.Sample(random)
			}
			for b.Loop() {
				r.Sample(random)
			}
		})
	}
}

func BenchmarkUnrank(b *testing.B) {
	for _, c := range cases(b) {
		b.Run(c.name, func(b *testing.B) {
			r, err := compiled(b, c.space).Within(c.limits...)
			if err != nil {
				b.Fatal(err)
			}
			ranks := make([]*big.Int, 64)
			random := stream.New(1, "bench")
			for i := range ranks {
				if ranks[i], err = r.Rank(r.Sample(random)); err != nil {
					b.Fatal(err)
				}
			}
			i := 0
			for b.Loop() {
				if _, err := r.Unrank(ranks[i%len(ranks)]); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

func BenchmarkBestThousand(b *testing.B) {
	for _, c := range cases(b) {
		b.Run(c.name, func(b *testing.B) {
			r, err := compiled(b, c.space).Within(c.limits...)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				n := 0
				for range r.Best(stepScore) {
					if n++; n == 1000 {
						break
					}
				}
			}
		})
	}
}

func BenchmarkFront(b *testing.B) {
	for _, c := range cases(b) {
		b.Run(c.name, func(b *testing.B) {
			r, err := compiled(b, c.space).Within(c.limits...)
			if err != nil {
				b.Fatal(err)
			}
			points := 0
			for b.Loop() {
				front, err := r.Front(lattice.MACs, stepScore)
				if err != nil {
					b.Fatal(err)
				}
				points = len(front)
			}
			b.ReportMetric(float64(points), "points")
		})
	}
}

// BenchmarkHistogram counts all architectures in forty bins, and draws one from each.
func BenchmarkHistogram(b *testing.B) {
	for _, c := range []struct {
		name   string
		space  *space.Space
		metric lattice.Metric
	}{{"chain20-params", chain20(b), lattice.Params}, {"ofa-params", ofa(b, space.OFAOptions{}), lattice.Params}, {"ofa-macs", ofa(b, space.OFAOptions{}), lattice.MACs}} {
		b.Run(c.name, func(b *testing.B) {
			r, err := compiled(b, c.space).Within()
			if err != nil {
				b.Fatal(err)
			}
			random := stream.New(1, "bench")
			for b.Loop() {
				s, err := r.Strata(c.metric, 40)
				if err != nil {
					b.Fatal(err)
				}
				for i := range s.Histogram().Counts {
					s.Sample(i, random)
				}
			}
		})
	}
}

func BenchmarkGibbs(b *testing.B) {
	for _, c := range cases(b) {
		b.Run(c.name, func(b *testing.B) {
			r, err := compiled(b, c.space).Within(c.limits...)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				r.Gibbs(tempered).Marginals()
			}
		})
	}
}

// BenchmarkInfeasible asks for what nothing meets: a limit that is out of reach alone, and two that are out of reach together.
func BenchmarkInfeasible(b *testing.B) {
	for _, c := range []benchCase{
		{"alone", mobile(b), []lattice.Limit{lattice.AtMost(lattice.MACs, 10_000_000), lattice.AtMost(lattice.Params, 10_000)}},
		{"together", ofa(b, space.OFAOptions{}), []lattice.Limit{lattice.AtMost(lattice.MACs, 230_000_000), lattice.AtLeast(lattice.Params, 7_000_000)}},
		{"three", ofa(b, space.OFAOptions{}), []lattice.Limit{lattice.AtMost(lattice.MACs, 210_000_000), lattice.AtMost(lattice.Params, 5_000_000), lattice.AtLeast(lattice.Depth, 20)}},
	} {
		b.Run(c.name, func(b *testing.B) {
			l := compiled(b, c.space)
			for b.Loop() {
				if _, err := l.Within(c.limits...); err == nil {
					b.Fatal("something is within the limits")
				}
			}
		})
	}
}

// BenchmarkFeasible asks for what is within the limits and for the 1,000 best of it, without counting it.
func BenchmarkFeasible(b *testing.B) {
	macs := lattice.AtMost(lattice.MACs, 230_000_000)
	for _, c := range append(cases(b),
		benchCase{"ofa-both", ofa(b, space.OFAOptions{}), []lattice.Limit{macs, lattice.AtMost(lattice.Params, 5_000_000)}},
		benchCase{"ofa-more-params", ofa(b, space.OFAOptions{}), []lattice.Limit{macs, lattice.AtLeast(lattice.Params, 6_000_000)}},
		benchCase{"chain20-both", chain20(b), []lattice.Limit{lattice.AtMost(lattice.Params, 150_000), lattice.AtMost(lattice.MACs, 40_000_000)}},
	) {
		b.Run(c.name, func(b *testing.B) {
			l := compiled(b, c.space)
			for b.Loop() {
				o, err := l.Feasible(c.limits...)
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for _, err := range o.Best(stepScore) {
					if err != nil {
						b.Fatal(err)
					}
					if n++; n == 1000 {
						break
					}
				}
			}
		})
	}
}
