package lattice_test

import (
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/score"
)

// A score of more digits than sums of float64 hold is counted in bins that are rounded down to, whose error is said.
func TestAScoreOfManyDigitsIsCountedInBins(t *testing.T) {
	l := builtIn(t, "nb201")
	for text, exact := range map[string]bool{
		`trellis-score: 1` + "\n" + `scores: {"*": {none: -1.5, skip_connect: 0.25}}`:                true,
		`trellis-score: 1` + "\n" + `scores: {"*": {none: -1.000000000000007, skip_connect: 12345}}`: false,
		`trellis-score: 1` + "\n" + `offset: 12.000000000000007` + "\n" + `scores: {}`:               false,
	} {
		s, err := score.Parse("s.yaml", []byte(text), l)
		if err != nil {
			t.Fatal(err)
		}
		scoring, m, off, err := l.WithScore(s, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		if (off == 0) != exact {
			t.Errorf("%s is off by %v", text, off)
		}
		r, err := scoring.Within()
		if err != nil {
			t.Fatal(err)
		}
		h, err := r.Histogram(m, 10)
		if err != nil {
			t.Fatal(err)
		}
		sum := new(big.Int)
		for _, n := range h.Counts {
			sum.Add(sum, n)
		}
		if sum.Int64() != 15625 {
			t.Errorf("%v of 15,625 architectures have a score", sum)
		}
	}
}
