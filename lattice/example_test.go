package lattice_test

import (
	"fmt"
	"math/big"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func ExampleFold() {
	s, _ := space.NB201(space.NB201Options{})
	l, _ := lattice.Compile(s)
	one := big.NewInt(1)
	fmt.Println(lattice.Fold(l, lattice.CountSemiring{}, func(lattice.Step) *big.Int { return one }))
	macs := func(s lattice.Step) float64 { return float64(s.Cost(lattice.MACs)) }
	fmt.Printf("%.0f to %.0f\n", lattice.Fold(l, lattice.MinPlus{}, macs), lattice.Fold(l, lattice.MaxPlus{}, macs))
	fmt.Println(lattice.Fold(l, lattice.Boolean{}, func(s lattice.Step) bool { return s.Option != "none" }))
	// Output:
	// 15625
	// 7783040 to 220119680
	// true
}

func ExampleLattice_Within() {
	s, _ := space.Mobile(space.MobileOptions{})
	l, _ := lattice.Compile(s)
	r, _ := l.Within(lattice.Limit{Metric: lattice.Params, Max: 100_000}, lattice.Limit{Metric: lattice.MACs, Max: 10_000_000})
	fmt.Println(r.Count(), "of", l.Count())
	a, _ := r.Unrank(big.NewInt(123_456_789))
	rank, _ := r.Rank(a)
	fmt.Println(rank)
	_, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: 10_000})
	fmt.Println(err)
	// Output:
	// 1058266284 of 3722214244352
	// 123456789
	// no architecture of space "mobile" has at most 10,000 params; the smallest has 17,394 params
}

func ExampleLattice_TrackCounters() {
	s, _ := space.NB201(space.NB201Options{})
	l, _ := lattice.Compile(s)
	skips := lattice.OptionCount("", "skip_connect")
	l, _ = l.TrackCounters(lattice.TrackedCounter{Metric: skips, UpTo: 3, Total: true})
	of := []float64{0, 1, 3, -2} // the score of no skip, of one, of two, of three and more
	r, _ := l.Within(lattice.AtMost(lattice.MACs, 100_000_000))
	for b := range r.Best(func(step lattice.Step) float64 {
		if step.Fixed {
			return of[0]
		}
		before, after := step.Counter(skips)
		return of[after] - of[before] + float64(step.Cost(lattice.MACs))/1e9
	}) {
		fmt.Printf("%.3f %s\n", b.Score, s.Format(b.Arch))
		break
	}
	// Output:
	// 3.079 |nor_conv_1x1~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|nor_conv_3x3~1|skip_connect~2|
}
