package proof_test

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// bestIs compares the whole order with that of all scores sorted. Whole scores leave no rounding to differ by.
func bestIs(t failer, q *question) {
	inOrder(t, q, func(yield func(lattice.Scored, error) bool) {
		q.region.Best(q.weight())(func(b lattice.Scored) bool { return yield(b, nil) })
	})
}

// uncountedBestIs is bestIs of the feasible set.
func uncountedBestIs(t failer, q *question) { inOrder(t, q, q.feasible.Best(q.weight())) }

func inOrder(t failer, q *question, all iter.Seq2[lattice.Scored, error]) {
	t.Helper()
	at, want := map[space.Arch]int{}, []float64(nil)
	for _, i := range q.inside {
		at[q.archs[i]] = i
		want = append(want, q.score[i])
	}
	slices.SortFunc(want, func(a, b float64) int { return cmp.Compare(b, a) })
	n := 0
	for b, err := range all {
		i, fresh := at[b.Arch]
		if !fresh || err != nil {
			t.Fatalf("number %d is %v, which is not within the limits or came before; %v", n, b.Arch, err)
		}
		if delete(at, b.Arch); b.Score != want[n] || q.score[i] != b.Score {
			t.Fatalf("number %d is %v with %v; it scores %v, and number %d of all %v", n, b.Arch, b.Score, q.score[i], n, want[n])
		}
		n++
	}
	if len(at) > 0 {
		t.Fatalf("%d of %d never came", len(at), len(q.inside))
	}
}

// frontIs compares with the front of all architectures, sorted by cost.
func frontIs(t failer, q *question) {
	metrics := slices.Compact([]lattice.Metric{lattice.MACs, oneOf(q.random, q.metrics)})
	if q.memory {
		metrics = append(metrics, lattice.Memory)
	}
	for _, m := range metrics {
		front, err := q.feasible.Front(m, q.weight())
		if err != nil {
			t.Fatalf("%v", err)
		}
		checkFront(t, q, m, front, q.front(m, q.inside))
	}
}

// front returns costs and scores of the front of some architectures, by ascending cost.
func (q *question) front(m lattice.Metric, of []int) []lattice.FrontPoint {
	var all, out []lattice.FrontPoint
	for _, i := range of {
		all = append(all, lattice.FrontPoint{Cost: q.costs[m][i], Score: q.score[i]})
	}
	slices.SortFunc(all, func(a, b lattice.FrontPoint) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(b.Score, a.Score))
	})
	for _, p := range all {
		if len(out) == 0 || p.Score > out[len(out)-1].Score {
			out = append(out, p)
		}
	}
	return out
}

func checkFront(t failer, q *question, m lattice.Metric, got, want []lattice.FrontPoint) {
	t.Helper()
	q.checkFront(t, m, got)
	if !slices.EqualFunc(got, want, func(a, b lattice.FrontPoint) bool { return a.Cost == b.Cost && a.Score == b.Score }) {
		t.Fatalf("the front of %s is %v, want %v", m, got, want)
	}
}

// checkTrades checks that points are what they are said to be. Limits on their metric do not bind those of a budget.
func (q *question) checkFront(t failer, m lattice.Metric, points []lattice.FrontPoint) {
	t.Helper()
	for _, p := range points {
		if i, ok := q.position(p.Arch); !ok || q.costs[m][i] != p.Cost || q.score[i] != p.Score {
			t.Fatalf("%v is a point of %s with %d and %v, which it has not", p.Arch, m, p.Cost, p.Score)
		}
	}
}

// position returns where an architecture stands. They are in the order of their choices.
func (q *question) position(a space.Arch) (int, bool) {
	return slices.BinarySearchFunc(q.archs, a.Choices(), func(b space.Arch, choices []int) int { return slices.Compare(b.Choices(), choices) })
}

func nearFrontIs(t failer, q *question) {
	m, slack := oneOf(q.random, q.metrics), float64(1+q.random.IntN(20))
	front, err := q.feasible.FrontNear(m, q.weight(), slack)
	if err != nil {
		t.Fatalf("%v", err)
	}
	q.checkFront(t, m, front)
	for k := range front {
		if k > 0 && (front[k].Cost <= front[k-1].Cost || front[k].Score <= front[k-1].Score) {
			t.Fatalf("of the points %v of a front of %s, one dominates another", front, m)
		}
	}
	for _, p := range q.front(m, q.inside) {
		if !slices.ContainsFunc(front, func(f lattice.FrontPoint) bool { return f.Cost <= p.Cost && f.Score >= p.Score-slack-1e-9 }) {
			t.Fatalf("a front of %s with a slack of %v is %v, and nothing is near %v", m, slack, front, p)
		}
	}
	exact, err := q.feasible.FrontNear(m, q.weight(), 0)
	if err != nil {
		t.Fatalf("%v", err)
	}
	checkFront(t, q, m, exact, q.front(m, q.inside))
}

func surfaceIs(t failer, q *question) {
	first := oneOf(q.random, q.metrics)
	second := oneOf(q.random, slices.DeleteFunc(slices.Clone(q.metrics), func(m lattice.Metric) bool { return m == first }))
	of := [2]lattice.Metric{first, second}
	want := q.surface(of)
	exact, err := q.feasible.Surface(of, q.weight(), 0)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if got := q.objectives(t, of, exact); !slices.Equal(got, want) {
		t.Fatalf("the surface of %v is %v, want %v", of, got, want)
	}
	slack := float64(1 + q.random.IntN(20))
	thinned, err := q.feasible.Surface(of, q.weight(), slack)
	if err != nil {
		t.Fatalf("%v", err)
	}
	got := q.objectives(t, of, thinned)
	for _, p := range want {
		if !slices.ContainsFunc(got, func(o objectives) bool { return o.covers(p, slack+1e-9) }) {
			t.Fatalf("a surface of %v with a slack of %v is %v, and nothing is near %v", of, slack, got, p)
		}
	}
}

// objectives are what a surface weighs: two costs to be small, and a score to be great.
type objectives struct {
	first, second int64
	score         float64
}

// covers reports whether a is as good as b but for a slack of the score.
func (a objectives) covers(b objectives, slack float64) bool {
	return a.first <= b.first && a.second <= b.second && a.score >= b.score-slack
}

// surface goes through all architectures, by ascending costs and falling score: what is not covered by one before is not by one after.
func (q *question) surface(of [2]lattice.Metric) []objectives {
	var all, out []objectives
	for _, i := range q.inside {
		all = append(all, objectives{q.costs[of[0]][i], q.costs[of[1]][i], q.score[i]})
	}
	slices.SortFunc(all, func(a, b objectives) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.second, b.second), cmp.Compare(b.score, a.score))
	})
	for _, a := range all {
		if !slices.ContainsFunc(out, func(b objectives) bool { return b.covers(a, 0) }) {
			out = append(out, a)
		}
	}
	return out
}

// objectives returns what the points of a surface are, after a check that they are what they are said to be.
func (q *question) objectives(t failer, of [2]lattice.Metric, points []lattice.SurfacePoint) []objectives {
	t.Helper()
	members, out := q.members(), []objectives(nil)
	for _, p := range points {
		i, _ := q.position(p.Arch)
		got := objectives{p.Costs[0], p.Costs[1], p.Score}
		if !members[p.Arch] || got != (objectives{q.costs[of[0]][i], q.costs[of[1]][i], q.score[i]}) {
			t.Fatalf("%v is no point of %v", p, of)
		}
		out = append(out, got)
	}
	return out
}

// repairIs counts the decisions in which every architecture inside differs.
func repairIs(t failer, q *question) { repairs(t, q, q.region.Repair) }

// uncountedRepairIs is repairIs of the feasible set.
func uncountedRepairIs(t failer, q *question) { repairs(t, q, q.feasible.Repair) }

func repairs(t failer, q *question, repair func(space.Arch) (space.Arch, int, error)) {
	t.Helper()
	for range 5 {
		broken := q.random.IntN(len(q.archs))
		kept := map[lattice.Taken]bool{}
		for _, x := range q.taken[broken] {
			kept[x] = true
		}
		changes := func(i int) int {
			n := 0
			for _, x := range q.taken[i] {
				if !kept[x] {
					n++
				}
			}
			return n
		}
		a := q.archs[broken]
		got, changed, err := repair(a)
		if i, _ := q.position(got); err != nil || !q.members()[got] || changed != changes(i) {
			t.Fatalf("%v is repaired to %v by %d changes: %v", a, got, changed, err)
		}
		fewest := math.MaxInt
		for _, i := range q.inside {
			if q.archs[i] == a && got != a {
				t.Fatalf("%v needs no repair, but became %v", a, got)
			}
			fewest = min(fewest, changes(i))
		}
		if changed > fewest && got != a {
			t.Fatalf("%v was repaired by %d changes, and %d are enough", a, changed, fewest)
		}
	}
}

// distinctIs counts the texts of the networks inside. Every one is built, so that it is asked of small regions only.
func distinctIs(t failer, q *question) {
	if len(q.inside) > 40 {
		return
	}
	seen := map[string]bool{}
	for _, i := range q.inside {
		seen[q.network(t, i)] = true
	}
	if got, err := q.region.Distinct(context.Background()); err != nil || got != len(seen) {
		t.Fatalf("%d different networks (%v), want %d", got, err, len(seen))
	}
}
