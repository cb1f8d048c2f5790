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
	pairs, options := map[lattice.Parameter]explain.Pair{}, map[lattice.Taken]explain.Effect{}
	for _, d := range got.Decisions {
		for _, e := range d.Options {
			options[lattice.Taken{Decision: d.Name, Option: e.Option}] = e
		}
		for _, p := range d.Pairs {
			pairs[lattice.Parameter{Before: p.Before, Decision: d.Name, Option: p.Option}] = p
		}
	}
	of := func(times, sum float64) float64 { return sum / max(1, times) }
	often, worth := map[lattice.Taken]float64{}, map[lattice.Taken]float64{}
	for k, p := range q.region.Lattice().Parameters() {
		x := lattice.Taken{Decision: p.Decision, Option: p.Option}
		often[x] += times[k]
		worth[x] += sums[k]
	}
	for x, e := range options {
		closeTo(t, "the effect of "+x.Decision+"="+x.Option, []float64{e.Mean}, []float64{of(often[x], worth[x])}, 100*n)
		closeTo(t, "the probability of "+x.Decision+"="+x.Option, []float64{e.Probability}, []float64{often[x] / n}, 0)
	}
	for k, p := range q.region.Lattice().Parameters() {
		if p.Before.Decision == "" || times[k] == 0 {
			continue
		}
		e := pairs[p]
		closeTo(t, "the effect of a pair", []float64{e.Mean}, []float64{of(times[k], sums[k])}, 100*n)
		closeTo(t, "the probability of a pair", []float64{e.Probability}, []float64{times[k] / n}, 0)
		beyond := 0.0
		for _, margin := range []struct {
			sign float64
			in   func(lattice.Parameter) bool
		}{
			{1, func(o lattice.Parameter) bool { return o == p }},
			{-1, func(o lattice.Parameter) bool { return o.Before == p.Before }},
			{-1, func(o lattice.Parameter) bool { return o.Option == p.Option }},
			{1, func(lattice.Parameter) bool { return true }},
		} {
			met, sum := 0.0, 0.0
			for j, o := range q.region.Lattice().Parameters() {
				if o.Decision == p.Decision && o.Before.Decision == p.Before.Decision && margin.in(o) {
					met, sum = met+times[j], sum+sums[j]
				}
			}
			beyond += margin.sign * of(met, sum)
		}
		closeTo(t, "what is beyond a pair", []float64{e.Beyond}, []float64{beyond}, 100*n)
	}
	for _, d := range got.Decisions {
		met, sum, squares := 0.0, 0.0, 0.0 // of the mean scores of its options
		for _, o := range d.Options {
			x := lattice.Taken{Decision: d.Name, Option: o.Option}
			met, sum, squares = met+often[x], sum+worth[x], squares+worth[x]*of(often[x], worth[x])
		}
		closeTo(t, "what "+d.Name+" explains alone", []float64{d.Alone}, []float64{(squares - sum*of(met, sum)) / n}, 100+variance)
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
	got, err := explain.Effects(q.region, q.weight()).Contributions(q.archs[one])
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

// numbersAre compares the main effects of the numbers of a counter: how often an option of one architecture is taken anywhere.
func numbersAre(t failer, q *question) {
	taken := q.taken[oneOf(q.random, q.inside)]
	if len(taken) == 0 {
		return
	}
	counter := lattice.OptionCount("", oneOf(q.random, taken).Option)
	got, err := explain.Numbers(q.region, counter, q.weight())
	if err != nil {
		t.Fatalf("the numbers of %s: %v", counter, err)
	}
	mean, n := 0.0, float64(len(q.inside))
	times, sums := map[int64]float64{}, map[int64]float64{}
	for _, i := range q.inside {
		number, err := q.region.Lattice().Cost(q.archs[i], counter)
		if err != nil {
			t.Fatalf("%v", err)
		}
		mean += q.score[i] / n
		times[number]++
		sums[number] += q.score[i]
	}
	if len(got) != len(times) {
		t.Fatalf("%d numbers of %s, want %d", len(got), counter, len(times))
	}
	for k, x := range got {
		if k > 0 && x.Number <= got[k-1].Number {
			t.Fatalf("number %d stands behind %d", x.Number, got[k-1].Number)
		}
		closeTo(t, "the probability of a number", []float64{x.Probability}, []float64{times[x.Number] / n}, 0)
		closeTo(t, "the effect of a number", []float64{x.Mean}, []float64{sums[x.Number]/times[x.Number] - mean}, 100)
	}
}

// marginalValueIs compares the front of a cost with that of all architectures that keep the other limits, and its marginal values with the concave
// envelope of all points: the slope is what the envelope gains by one unit.
func marginalValueIs(t failer, q *question) {
	m := oneOf(q.random, q.metrics)
	others := slices.DeleteFunc(slices.Clone(q.limits), func(l lattice.Limit) bool { return l.Metric == m })
	front, err := explain.CostFront(q.region, m, q.weight())
	if err != nil {
		t.Fatalf("%v", err)
	}
	want := q.front(m, q.within(others))
	checkFront(t, q, m, front, want)
	for range 3 {
		limit := oneOf(q.random, want).Cost + int64(q.random.IntN(5)-2)
		value, ok := explain.MarginalValueAt(front, m, limit)
		n := 0
		for n < len(want) && want[n].Cost <= limit {
			n++
		}
		if ok != (n > 0) {
			t.Fatalf("within %d %s, that anything is within is %t", limit, m, ok)
		}
		if !ok {
			continue
		}
		if value.Best.Score != want[n-1].Score || value.More != (n < len(want)) || value.More && (value.Next.Cost != want[n].Cost || value.Next.Score != want[n].Score) {
			t.Fatalf("the marginal value of %d %s is %+v, of the front %v", limit, m, value, want)
		}
		closeTo(t, "the slope", []float64{value.Slope}, []float64{envelope(want, limit+1) - envelope(want, limit)}, 1)
	}
}

// envelope returns the concave envelope of a front at a cost.
func envelope(front []lattice.FrontPoint, cost int64) float64 {
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
