package lattice_test

import (
	"errors"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
)

func TestAFrontThatDoesNotFitIntoMemoryIsSaidToBeTooLarge(t *testing.T) {
	r, err := compiled(t, mobile(t)).Within()
	if err != nil {
		t.Fatal(err)
	}
	var tooLarge *lattice.TooLargeError
	if _, err := r.FrontOf(100, lattice.MACs, stepScore); !errors.As(err, &tooLarge) || tooLarge.Bound != 100 {
		t.Errorf("a front of at most 100 points: %v", err)
	}
	front, err := r.Front(lattice.MACs, stepScore)
	if err != nil {
		t.Fatal(err)
	}
	for b := range r.Best(stepScore) {
		if last := front[len(front)-1]; last.Score != b.Score {
			t.Errorf("the front ends with %v, the best is %v", last, b)
		}
		break
	}
	if low, _ := r.Range(lattice.MACs); front[0].Cost != low {
		t.Errorf("the front begins with %d MACs, the fewest are %d", front[0].Cost, low)
	}
}
