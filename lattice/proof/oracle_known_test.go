package proof_test

import (
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// knowingIs draws a score file of options, pairs and counters, and asks a region that knows what it scores.
func forScoreIs(t failer, q *question) {
	if len(q.archs) > 1000 {
		return // built-in ones have a test of their own in package lattice
	}
	d, s := readDrawn(t, q.random, q.enumerated, q.lattice)
	r, err := q.region.ForScore(s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	want := make([]float64, len(q.inside))
	for k, i := range q.inside {
		want[k] = d.of(q.taken[i])
		for _, l := range []*lattice.Lattice{q.lattice, r.Lattice()} {
			if got, err := l.Score(q.archs[i], s); err != nil || !near(got, want[k]) {
				t.Fatalf("%v scores %v (%v), want %v by\n%s", q.archs[i], got, err, want[k], d.file(q.lattice))
			}
		}
	}
	value := func(step lattice.Step) float64 { return s.Value(s.Of(step)) }
	scoredAre(t, q, r, value, want)
	o, err := q.feasible.ForScore(s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for best, err := range o.Best(value) {
		if err != nil || !near(best.Score, slices.Max(want)) {
			t.Fatalf("the best, uncounted, scores %v (%v), want %v", best.Score, err, slices.Max(want))
		}
		break
	}
	front, err := r.Front(lattice.MACs, s.Of)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for n, p := range front {
		front[n].Score = s.Value(p.Score)
	}
	of := *q
	of.score = make([]float64, len(q.archs))
	for k, i := range q.inside {
		of.score[i] = want[k]
	}
	checkFront(t, &of, lattice.MACs, front, of.front(lattice.MACs, q.inside))
}

// countedIs scores every step by its option and by the numbers of counters before it, which a lattice made by Counted knows.
func countedIs(t failer, q *question) {
	x := oneOf(q.random, q.taken[oneOf(q.random, q.inside)])
	counter := drawnCounter{rule: "*" + x.Decision[len(x.Decision)/2:], option: x.Option}
	upTo := q.random.IntN(4)
	l, err := q.lattice.TrackCounters(lattice.TrackedCounter{Metric: counter.metric(), UpTo: int64(upTo)})
	if err != nil {
		t.Fatalf("%v", err)
	}
	r, err := l.Within(q.limits...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	points := func(option string, before int64) float64 {
		return float64(milliseconds(lattice.Taken{Option: option})*(before+1)%23 - 11)
	}
	want := make([]float64, len(q.inside))
	for k, i := range q.inside {
		for at, now := range q.taken[i] {
			before := counter.in(q.taken[i][:at])
			if upTo > 0 {
				before = min(before, upTo)
			}
			want[k] += points(now.Option, int64(before))
		}
	}
	scoredAre(t, q, r, func(s lattice.Step) float64 {
		if s.Fixed {
			return 0
		}
		before, _ := s.Counter(counter.metric())
		return points(s.Option, before)
	}, want)
}

// scoredAre compares the order of the best of a region, and sums over it, with the scores of the architectures inside.
func scoredAre(t failer, q *question, r *lattice.CountedRegion, weight func(lattice.Step) float64, want []float64) {
	t.Helper()
	if n := r.Count(); n.Int64() != int64(len(want)) {
		t.Fatalf("%v architectures with what a score asks for, want %d", n, len(want))
	}
	at := map[space.Arch]float64{}
	for k, i := range q.inside {
		at[q.archs[i]] = want[k]
	}
	last := math.Inf(1)
	for b := range r.Best(weight) {
		score, fresh := at[b.Arch]
		if !fresh || !near(b.Score, score) || b.Score > last+1e-9 {
			t.Fatalf("%v came with %v after %v; its score is %v (%t)", b.Arch, b.Score, last, score, fresh)
		}
		last = b.Score
		delete(at, b.Arch)
	}
	if len(at) > 0 {
		t.Fatalf("%d of %d never came", len(at), len(want))
	}
	const temperature = 7
	g := r.Gibbs(func(s lattice.Step) float64 { return weight(s) / temperature })
	total, mean, square := 0.0, 0.0, 0.0
	for _, v := range want {
		total += math.Exp(v / temperature)
	}
	taken := map[lattice.Taken]float64{}
	for k, v := range want {
		p := math.Exp(v/temperature) / total
		mean, square = mean+p*v, square+p*v*v
		for _, x := range q.taken[q.inside[k]] {
			taken[x] += p
		}
	}
	gotMean, variance := g.Moments(weight)
	closeTo(t, "a log partition and a mean", []float64{g.LogPartition(), gotMean}, []float64{math.Log(total), mean}, square)
	closeTo(t, "a variance", []float64{variance}, []float64{square - mean*mean}, square)
	of := *q
	of.region = r
	checkMarginals(t, g.Marginals(), &of, func(x lattice.Taken) float64 { return taken[x] })
	k := q.random.IntN(len(want))
	closeTo(t, "a log probability", []float64{g.LogProb(q.archs[q.inside[k]])}, []float64{want[k]/temperature - math.Log(total)}, 1)
	// where all options score the same, the gradient of the mean is the covariance with the options
	level, cov, got := 0.0, map[lattice.Taken]float64{}, map[lattice.Taken]float64{}
	for _, v := range want {
		level += v / float64(len(want))
	}
	for k, v := range want {
		for _, x := range q.taken[q.inside[k]] {
			cov[x] += (v - level) / float64(len(want))
		}
	}
	parameters := r.Lattice().Parameters()
	_, grad := r.GibbsOf(make([]float64, len(parameters))).ExpectationGrad(weight)
	for n, p := range parameters {
		got[lattice.Taken{Decision: p.Decision, Option: p.Option}] += grad[n]
	}
	for x, c := range cov {
		closeTo(t, "the gradient of the mean of a score", []float64{got[x]}, []float64{c}, math.Sqrt(square))
	}
}

// roundedIs checks that what is within a rounded limit is within the limit, and that little is left out.
func roundedIs(t failer, q *question) {
	m := oneOf(q.random, []lattice.Metric{lattice.Params, lattice.MACs})
	most := oneOf(q.random, q.costs[m])
	unit := 1 + q.random.Int64N(1+most/4)
	rounded, name, err := q.plain.Rounded(m, unit)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r, err := rounded.Within(lattice.AtMost(name, most/unit))
	for _, i := range some(everyone(q), 300) {
		inside := err == nil && r.Contains(q.archs[i])
		cost, steps := q.costs[m][i], int64(1+len(q.taken[i]))
		if inside && cost > most || !inside && cost <= most/unit*unit-steps*unit {
			t.Fatalf("that %v is within %d in units of %d is %t; it costs %d by %d steps", q.archs[i], most, unit, inside, cost, steps)
		}
		if n, err := rounded.Cost(q.archs[i], name); err != nil || n*unit < cost {
			t.Fatalf("%v costs %d, and %d units of %d (%v)", q.archs[i], cost, n, unit, err)
		}
	}
}

// scoringIs counts architectures by a drawn score, exactly and in bins that are too coarse for it.
func scoringIs(t failer, q *question) {
	if len(q.archs) > 1000 {
		return // built-in ones have a test of their own in package lattice
	}
	d, s := readDrawn(t, q.random, q.enumerated, q.lattice)
	aware, err := q.lattice.ForScore(s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, most := range []int{1 << 20, 1 + q.random.IntN(9)} {
		l, m, off, err := aware.WithScore(s, most)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if most > 9 && off != 0 {
			t.Fatalf("scores of few digits are off by %v:\n%s", off, d.file(q.lattice))
		}
		r, err := l.Within(q.limits...)
		if err != nil {
			t.Fatalf("%v", err)
		}
		bin, err := strconv.ParseFloat(l.Decimal(m, 1), 64)
		if err != nil {
			t.Fatalf("%v", err)
		}
		var counted []int64
		for _, i := range q.inside {
			n, err := l.Cost(q.archs[i], m)
			if err != nil {
				t.Fatalf("%v", err)
			}
			counted = append(counted, n)
			above := d.of(q.taken[i]) - float64(n)*bin
			if off == 0 && !near(above, 0) || !(above > -1e-9) || off > 0 && !(above < off) {
				t.Fatalf("a score of %v is counted as %d bins of %v, and off by up to %v", d.of(q.taken[i]), n, bin, off)
			}
		}
		h, err := r.Histogram(m, 1+q.random.IntN(12))
		if err != nil {
			t.Fatalf("%v", err)
		}
		for b, n := range h.Counts {
			want := int64(0)
			for _, x := range counted {
				if x >= h.Edges[b] && x < h.Edges[b+1] {
					want++
				}
			}
			if n.Cmp(big.NewInt(want)) != 0 {
				t.Fatalf("%v architectures score from %d to below %d bins, want %d", n, h.Edges[b], h.Edges[b+1], want)
			}
		}
	}
}
