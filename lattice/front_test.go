package lattice_test

import (
	"errors"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"pgregory.net/rapid"
)

// frontIs checks a front against all architectures within the limits.
func frontIs(t failer, e enumerated, limits []lattice.Limit, m lattice.Metric, front []lattice.Trade) {
	t.Helper()
	inside := e.within(limits)
	at, scores := map[string]int{}, map[int]float64{}
	for _, i := range inside {
		at[e.archs[i].String()], scores[i] = i, e.scoreOf(e.archs[i])
	}
	onFront := map[[2]float64]bool{}
	for k, p := range front {
		i, ok := at[p.Arch.String()]
		if !ok {
			t.Fatalf("within %v: %v is on the front", limits, p.Arch)
		}
		if cost, s := e.value(i, m), scores[i]; cost != p.Cost || s != p.Score {
			t.Fatalf("%v is on the front with %d and %v, but has %d and %v", p.Arch, p.Cost, p.Score, cost, s)
		}
		if k > 0 && (p.Cost <= front[k-1].Cost || p.Score <= front[k-1].Score) {
			t.Fatalf("the front does not ascend at %d", k)
		}
		onFront[[2]float64{float64(p.Cost), p.Score}] = true
	}
	for _, i := range inside {
		cost, s := e.value(i, m), scores[i]
		dominated := false
		for _, j := range inside {
			c, z := e.value(j, m), scores[j]
			dominated = dominated || c <= cost && z >= s && (c < cost || z > s)
		}
		if dominated == onFront[[2]float64{float64(cost), s}] {
			t.Fatalf("within %v: cost %d with score %v: dominated %t, on the front %t", limits, cost, s, dominated, !dominated)
		}
	}
}

func TestFrontsAreThoseOfBruteForce(t *testing.T) {
	check := func(t *rapid.T) {
		e := draw(t, 300)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		limits := e.budgets(t)
		if len(e.within(limits)) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []lattice.Metric{lattice.Params, lattice.MACs} {
			front, err := r.Front(m, stepScore)
			if err != nil {
				t.Fatal(err)
			}
			frontIs(t, e, limits, m, front)
		}
	}
	for range 3 {
		rapid.Check(t, check)
	}
}

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
