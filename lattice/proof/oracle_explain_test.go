package proof_test

import (
	"math"
	"math/bits"
	"slices"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// terms returns what every decision adds to the score of an architecture, in the order of the decisions.
func (q *question) terms(i int) []float64 {
	out := make([]float64, len(q.decisions))
	for at, x := range q.taken[i] {
		out[q.decision(x.Decision)] += q.points[q.features[i][at]]
	}
	return out
}

// decision returns where a decision stands among those that architectures meet, or -1 if none does.
func (q *question) decision(name string) int {
	return slices.IndexFunc(q.decisions, func(d space.Decision) bool { return d.Name == name })
}

// manyPlayers is for how many decisions Shapley values are summed over all coalitions; above that their closed form is the oracle.
const manyPlayers = 7

// shapley sums over all coalitions, as Shapley wrote it.
func shapley(players int, worth func(coalition uint) float64) []float64 {
	values, out := make([]float64, 1<<players), make([]float64, players)
	for s := range values {
		values[s] = worth(uint(s))
	}
	for i := range out {
		for s := range values {
			if s>>i&1 == 0 {
				k := bits.OnesCount(uint(s))
				out[i] += math.Gamma(float64(k+1)) * math.Gamma(float64(players-k)) / math.Gamma(float64(players+1)) * (values[s|1<<i] - values[s])
			}
		}
	}
	return out
}

// part adds up the terms of a coalition.
func part(terms []float64, coalition uint) float64 {
	sum := 0.0
	for d, x := range terms {
		if coalition>>d&1 == 1 {
			sum += x
		}
	}
	return sum
}

func effectsAre(t failer, q *question) {
	n := float64(len(q.inside))
	var all [][]float64
	mean, variance := 0.0, 0.0
	for _, i := range q.inside {
		all = append(all, q.terms(i))
		mean += q.score[i] / n
	}
	for _, i := range q.inside {
		variance += (q.score[i] - mean) * (q.score[i] - mean) / n
	}
	got := explain.Effects(q.region, q.weight())
	closeTo(t, "mean and variance", []float64{got.Mean, got.Variance}, []float64{mean, variance}, variance)
	share := q.shares(all, mean)
	for _, d := range got.Decisions {
		want := 0.0
		if at := q.decision(d.Name); at >= 0 {
			want = share[at]
		}
		closeTo(t, "the Shapley value of "+d.Name, []float64{d.Shapley}, []float64{want}, 100+variance)
	}
	times, sums := make([]float64, len(q.points)), make([]float64, len(q.points))
	for _, i := range q.inside {
		for _, k := range q.features[i] {
			times[k]++
			sums[k] += q.score[i] - mean
		}
	}
	effects := map[lattice.Parameter]explain.Effect{}
	for _, d := range got.Decisions {
		for _, e := range d.Options {
			effects[lattice.Parameter{Before: e.Before, Decision: d.Name, Option: e.Option}] = e
		}
	}
	for k, p := range q.region.Lattice().Parameters() {
		e, want := effects[p], 0.0
		if times[k] > 0 {
			want = sums[k] / times[k]
			closeTo(t, "the effect of "+p.Decision+"="+p.Option, []float64{e.Mean}, []float64{want}, 100*n)
		}
		closeTo(t, "the probability of "+p.Decision+"="+p.Option, []float64{e.Probability}, []float64{times[k] / n}, 0)
	}
}

// shares returns the Shapley value of every decision in the variance of the score.
func (q *question) shares(all [][]float64, mean float64) []float64 {
	n := float64(len(all))
	if len(q.decisions) <= manyPlayers {
		return shapley(len(q.decisions), func(coalition uint) float64 {
			sum, squares := 0.0, 0.0
			for _, terms := range all {
				x := part(terms, coalition)
				sum, squares = sum+x, squares+x*x
			}
			return squares/n - sum/n*sum/n
		})
	}
	out := make([]float64, len(q.decisions))
	for k, terms := range all {
		for d, x := range terms {
			out[d] += x * (q.score[q.inside[k]] - mean) / n
		}
	}
	return out
}

func contributionsAre(t failer, q *question) {
	n := float64(len(q.inside))
	mean := make([]float64, len(q.decisions))
	for _, i := range q.inside {
		for d, x := range q.terms(i) {
			mean[d] += x / n
		}
	}
	one := oneOf(q.random, q.known)
	own := q.terms(one)
	got, err := explain.Contributions(q.region, q.weight(), q.archs[one])
	if err != nil {
		t.Fatalf("%v", err)
	}
	want := make([]float64, len(q.decisions))
	for d := range want {
		want[d] = own[d] - mean[d]
	}
	if len(q.decisions) <= manyPlayers {
		want = shapley(len(q.decisions), func(coalition uint) float64 { return part(own, coalition) + part(mean, ^coalition) })
	}
	for _, c := range got {
		adds := 0.0
		if at := q.decision(c.Decision); at >= 0 {
			adds = want[at]
		}
		closeTo(t, "what "+c.Decision+" adds", []float64{c.Shapley}, []float64{adds}, 100)
		if x := (lattice.Taken{Decision: c.Decision, Option: c.Option}); slices.Contains(q.taken[one], x) != (c.Option != "") {
			t.Fatalf("%v contributes to %v", x, q.archs[one])
		}
	}
}

// priceIs compares the front of a budget with that of all architectures that keep the other limits, and its prices with the concave
// envelope of all points: the slope is what the envelope gains by one unit.
func priceIs(t failer, q *question) {
	m := oneOf(q.random, q.metrics)
	others := slices.DeleteFunc(slices.Clone(q.limits), func(l lattice.Limit) bool { return l.Metric == m })
	front, err := explain.Budget(q.region, m, q.weight())
	if err != nil {
		t.Fatalf("%v", err)
	}
	want := q.front(m, q.within(others))
	checkFront(t, q, m, front, want)
	for range 3 {
		limit := oneOf(q.random, want).Cost + int64(q.random.IntN(5)-2)
		price, ok := explain.PriceAt(front, m, limit)
		n := 0
		for n < len(want) && want[n].Cost <= limit {
			n++
		}
		if ok != (n > 0) {
			t.Fatalf("within %d %s, that there is a price is %t", limit, m, ok)
		}
		if !ok {
			continue
		}
		if price.Best.Score != want[n-1].Score || price.More != (n < len(want)) || price.More && (price.Next.Cost != want[n].Cost || price.Next.Score != want[n].Score) {
			t.Fatalf("the price of %d %s is %+v, of the front %v", limit, m, price, want)
		}
		closeTo(t, "the slope", []float64{price.Slope}, []float64{envelope(want, limit+1) - envelope(want, limit)}, 1)
	}
}

// envelope returns the concave envelope of a front at a cost.
func envelope(front []lattice.Trade, cost int64) float64 {
	most := math.Inf(-1)
	for _, a := range front {
		for _, b := range front {
			switch {
			case a.Cost <= cost && b.Cost <= a.Cost:
				most = max(most, a.Score)
			case a.Cost <= cost && cost <= b.Cost:
				most = max(most, a.Score+(b.Score-a.Score)*float64(cost-a.Cost)/float64(b.Cost-a.Cost))
			}
		}
	}
	return most
}
