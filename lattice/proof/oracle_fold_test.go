package proof_test

import (
	"math"
	"math/big"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
)

// folder is a fold in every semiring of the package.
type folder struct {
	counting    func(func(lattice.Step) *big.Int) *big.Int
	minPlus     func(func(lattice.Step) float64) float64
	maxPlus     func(func(lattice.Step) float64) float64
	logSum      func(func(lattice.Step) float64) float64
	expectation func(func(lattice.Step) lattice.Moments) lattice.Moments
	boolean     func(func(lattice.Step) bool) bool
}

func foldsOfAllAre(t failer, q *question) {
	l := q.region.Lattice()
	checkFolds(t, q, q.known, folder{
		func(w func(lattice.Step) *big.Int) *big.Int { return lattice.Fold(l, lattice.CountSemiring{}, w) },
		func(w func(lattice.Step) float64) float64 { return lattice.Fold(l, lattice.MinPlus{}, w) },
		func(w func(lattice.Step) float64) float64 { return lattice.Fold(l, lattice.MaxPlus{}, w) },
		func(w func(lattice.Step) float64) float64 { return lattice.Fold(l, lattice.LogSum{}, w) },
		func(w func(lattice.Step) lattice.Moments) lattice.Moments {
			return lattice.Fold(l, lattice.Expectation{}, w)
		},
		func(w func(lattice.Step) bool) bool { return lattice.Fold(l, lattice.Boolean{}, w) },
	})
}

func foldsWithinAre(t failer, q *question) {
	r := q.region
	checkFolds(t, q, q.inside, folder{
		func(w func(lattice.Step) *big.Int) *big.Int { return lattice.FoldWithin(r, lattice.CountSemiring{}, w) },
		func(w func(lattice.Step) float64) float64 { return lattice.FoldWithin(r, lattice.MinPlus{}, w) },
		func(w func(lattice.Step) float64) float64 { return lattice.FoldWithin(r, lattice.MaxPlus{}, w) },
		func(w func(lattice.Step) float64) float64 { return lattice.FoldWithin(r, lattice.LogSum{}, w) },
		func(w func(lattice.Step) lattice.Moments) lattice.Moments {
			return lattice.FoldWithin(r, lattice.Expectation{}, w)
		},
		func(w func(lattice.Step) bool) bool { return lattice.FoldWithin(r, lattice.Boolean{}, w) },
	})
}

// checkFolds adds up over some architectures.
func checkFolds(t failer, q *question, of []int, f folder) {
	t.Helper()
	weight := q.weight()
	one := func(lattice.Step) *big.Int { return big.NewInt(1) }
	if got := f.counting(one); got.Cmp(big.NewInt(int64(len(of)))) != 0 {
		t.Fatalf("a fold counts %v, want %d", got, len(of))
	}
	least, greatest, total := math.Inf(1), math.Inf(-1), 0.0
	for _, i := range of {
		least, greatest, total = min(least, q.score[i]), max(greatest, q.score[i]), total+math.Exp(q.score[i]/7)
	}
	if a, b := f.minPlus(weight), f.maxPlus(weight); a != least || b != greatest {
		t.Fatalf("scores from %v to %v, want %v to %v", a, b, least, greatest)
	}
	tempered := func(s lattice.Step) float64 { return weight(s) / 7 }
	if got := f.logSum(tempered); !near(got, math.Log(total)) {
		t.Fatalf("the logarithm of the sum is %v, want %v", got, math.Log(total))
	}
	mean, variance, scale := 0.0, 0.0, 0.0
	for _, i := range of {
		mean += math.Exp(q.score[i]/7) / total * float64(q.costs[lattice.MACs][i])
		scale = max(scale, float64(q.costs[lattice.MACs][i]))
	}
	for _, i := range of {
		d := float64(q.costs[lattice.MACs][i]) - mean
		variance += math.Exp(q.score[i]/7) / total * d * d
	}
	m := f.expectation(func(s lattice.Step) lattice.Moments {
		return lattice.Moments{LogWeight: tempered(s), Mean: float64(s.Cost(lattice.MACs))}
	})
	closeTo(t, "the moments", []float64{m.LogWeight, m.Mean / (1 + scale), m.Variance / (1 + scale*scale)},
		[]float64{math.Log(total), mean / (1 + scale), variance / (1 + scale*scale)}, math.Abs(math.Log(total)))
	without := q.anyOption(q.random)
	spares := slices.ContainsFunc(of, func(i int) bool { return !slices.Contains(q.taken[i], without) })
	if got := f.boolean(func(s lattice.Step) bool {
		return s.Fixed || s.Decision != without.Decision || s.Option != without.Option
	}); got != spares {
		t.Fatalf("that there is one without %v is %t", without, got)
	}
}
