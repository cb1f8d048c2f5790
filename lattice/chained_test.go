package lattice_test

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

// pairScore is a score of two decisions that follow each other; before the first one there is an empty one.
func pairScore(s lattice.Step) float64 {
	if s.Fixed {
		return 0
	}
	return score(s.Before.Decision+s.Decision, s.Before.Option+s.Option)
}

func (e enumerated) pairScoreOf(a space.Arch) float64 {
	sum, before := 0.0, lattice.Taken{}
	for _, d := range e.space.Decisions(a) {
		now := lattice.Taken{Decision: d.Name, Option: d.Options[d.Chosen]}
		sum += score(before.Decision+now.Decision, before.Option+now.Option)
		before = now
	}
	return sum
}

func TestScoresOfNeighbouringDecisionsAgreeWithBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 300)
		plain, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		l, limits := plain.Chained(), e.budgets(t)
		agree(t, e, l, limits, 1+len(e.archs)/50)
		inside := e.within(limits)
		if len(inside) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		want, total := map[space.Arch]float64{}, 0.0
		for _, i := range inside {
			want[e.archs[i]] = e.pairScoreOf(e.archs[i])
			total += math.Exp(want[e.archs[i]] / 7)
		}
		g := r.Gibbs(func(s lattice.Step) float64 { return pairScore(s) / 7 })
		if !near(g.LogPartition(), math.Log(total)) {
			t.Fatalf("within %v: log partition %v, want %v", limits, g.LogPartition(), math.Log(total))
		}
		if a := g.Sample(stream.New(1, "chained")); !near(g.LogProb(a), want[a]/7-math.Log(total)) {
			t.Fatalf("within %v: log probability of %v is %v, want %v", limits, a, g.LogProb(a), want[a]/7-math.Log(total))
		}
		last := math.Inf(1)
		for b := range r.Best(pairScore) {
			expected, ok := want[b.Arch]
			if !ok || b.Score != expected || b.Score > last {
				t.Fatalf("within %v: %v came with %v after %v; its score is %v (%t)", limits, b.Arch, b.Score, last, expected, ok)
			}
			last = b.Score
			delete(want, b.Arch)
		}
		if len(want) > 0 {
			t.Fatalf("within %v: %d of %d never came", limits, len(want), len(inside))
		}
	})
}

func TestAChainedLatticeIsNotChainedAgain(t *testing.T) {
	plain := compiled(t, nb201(t))
	l := plain.Chained()
	items, _ := l.Size()
	if fewer, _ := plain.Size(); items != 1+1+5*5 || fewer != 7 { // the end, the root, and five decisions after each of five options
		t.Errorf("%d items chained, %d not", items, fewer)
	}
	if l.Chained() != l {
		t.Error("a chained lattice has another one")
	}
}
