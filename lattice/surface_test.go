package lattice_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"pgregory.net/rapid"
)

// objectives are what a front weighs: two costs to be small, and a score to be great.
type objectives struct {
	macs, params int64
	score        float64
}

// covers reports whether a is as good as b but for a slack of the score.
func (a objectives) covers(b objectives, slack float64) bool {
	return a.macs <= b.macs && a.params <= b.params && a.score >= b.score-slack
}

func TestSurfacesAreThoseOfBruteForceAndNearFrontsKeepTheirSlack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 400)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		limits := e.budgets(t)
		var all, want []objectives
		for _, i := range e.within(limits) {
			all = append(all, objectives{e.costs[i].MACs, e.costs[i].Params, e.scoreOf(e.archs[i])})
		}
		if len(all) == 0 {
			return
		}
		for _, a := range all {
			if !slices.ContainsFunc(all, func(b objectives) bool { return b != a && b.covers(a, 0) }) && !slices.Contains(want, a) {
				want = append(want, a)
			}
		}
		slices.SortFunc(want, func(a, b objectives) int { return cmp.Or(cmp.Compare(a.macs, b.macs), cmp.Compare(a.params, b.params)) })
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		slack := float64(rapid.IntRange(1, 20).Draw(t, "slack"))
		exact, near := surface(t, e, r, 0), surface(t, e, r, slack)
		if !slices.Equal(exact, want) {
			t.Fatalf("within %v the surface is %v, want %v", limits, exact, want)
		}
		front, err := r.FrontNear(lattice.MACs, stepScore, slack)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if !slices.ContainsFunc(near, func(b objectives) bool { return b.covers(a, slack+1e-9) }) {
				t.Fatalf("within %v a surface of slack %v is %v, and nothing is near %v", limits, slack, near, a)
			}
			if !slices.ContainsFunc(front, func(b lattice.Trade) bool { return b.Cost <= a.macs && b.Score >= a.score-slack-1e-9 }) {
				t.Fatalf("within %v a front of slack %v is %v, and nothing is near %v", limits, slack, front, a)
			}
		}
	})
}

// surface returns a surface, after a check that its architectures are what they are said to be.
func surface(t *rapid.T, e enumerated, r *lattice.Region, slack float64) []objectives {
	points, err := r.Surface([2]lattice.Metric{lattice.MACs, lattice.Params}, stepScore, slack)
	if err != nil {
		t.Fatal(err)
	}
	var out []objectives
	for _, p := range points {
		i := slices.Index(e.archs, p.Arch)
		got := objectives{p.Costs[0], p.Costs[1], p.Score}
		if i < 0 || !r.Contains(p.Arch) || got != (objectives{e.costs[i].MACs, e.costs[i].Params, e.scoreOf(p.Arch)}) {
			t.Fatalf("%v is not a point of the region", p)
		}
		out = append(out, got)
	}
	return out
}

func TestASlackThinsAFront(t *testing.T) {
	r, err := compiled(t, mobile(t)).Within()
	if err != nil {
		t.Fatal(err)
	}
	exact, err := r.FrontNear(lattice.MACs, stepScore, 0)
	if err != nil {
		t.Fatal(err)
	}
	near, err := r.FrontNear(lattice.MACs, stepScore, 150)
	if err != nil {
		t.Fatal(err)
	}
	if len(near) >= len(exact) {
		t.Errorf("a front of %d points has %d with slack", len(exact), len(near))
	}
	if _, err := r.FrontNear(lattice.MACs, stepScore, -1); err == nil {
		t.Error("a slack of -1 is taken")
	}
	if _, err := r.Surface([2]lattice.Metric{lattice.MACs, lattice.MACs}, stepScore, 0); err == nil {
		t.Error("a surface between a metric and itself is taken")
	}
}
