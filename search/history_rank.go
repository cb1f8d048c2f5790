package search

import (
	"cmp"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/pareto"
)

// fitness is what a strategy that follows one number goes by: to break constraints less comes first, then the first objective, as it
// decides wherever one number has to.
type fitness struct {
	violation float64
	value     float64 // minimised
}

func (o observation) fitness() fitness { return fitness{o.violation, o.objectives[0]} }

// over reports whether a is better than b; equal ones are not.
func (a fitness) over(b fitness) bool {
	if a.violation != b.violation {
		return a.violation < b.violation
	}
	return a.value < b.value
}

// rank places an observation within a population (Deb et al., 2002): feasible before infeasible, then by front, then the
// less crowded one of a front. With one objective there are no fronts, and the lower value stands for the crowding.
type rank struct {
	violation float64
	front     int
	crowding  float64
}

// before reports whether a wins over b.
func (a rank) before(b rank) bool {
	switch {
	case a.violation != b.violation:
		return a.violation < b.violation
	case a.front != b.front:
		return a.front < b.front
	}
	return a.crowding > b.crowding
}

// compare sorts what wins to the front.
func (a rank) compare(b rank) int {
	switch {
	case a.before(b):
		return -1
	case b.before(a):
		return 1
	}
	return 0
}

// ranksOf ranks every observation of a population, all of which succeeded. Fronts and crowding are among the feasible ones only; the others differ by
// violation. Of observations with the same objectives the first stands for all in its front, and the others are as crowded as can be.
func ranksOf(population []observation) []rank {
	out := make([]rank, len(population))
	if len(population) > 0 && len(population[0].objectives) == 1 { // the order of values, without fronts
		for i, o := range population {
			out[i] = rank{violation: o.violation, crowding: -o.objectives[0]}
		}
		return out
	}
	feasible := make([]int, 0, len(population))
	points := make([][]float64, 0, len(population))
	for i, o := range population {
		out[i].violation = o.violation
		if o.violation == 0 {
			feasible = append(feasible, i)
			points = append(points, o.objectives)
		}
	}
	for at, front := range pareto.Sort(points) {
		for _, p := range front {
			out[feasible[p]].front = at
		}
		unlike := distinct(points, front)
		vectors := make([][]float64, len(unlike))
		for j, p := range unlike {
			vectors[j] = points[p]
		}
		for j, crowding := range pareto.Crowding(vectors) {
			out[feasible[unlike[j]]].crowding = crowding
		}
	}
	return out
}

// ranked returns the places of a population, best first, equal ones in their order.
func ranked(ranks []rank) []int {
	order := upTo(0, len(ranks))
	slices.SortStableFunc(order, func(i, j int) int { return ranks[i].compare(ranks[j]) })
	return order
}

// upTo returns the numbers from one up to another, that excluded.
func upTo(from, to int) []int {
	out := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

// distinct returns the ascending places in points, of those in front, without those whose vector an earlier one has.
func distinct(points [][]float64, front []int) []int {
	order := slices.Clone(front)
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(slices.Compare(points[i], points[j]), cmp.Compare(i, j)) })
	order = slices.CompactFunc(order, func(i, j int) bool { return slices.Equal(points[i], points[j]) })
	slices.Sort(order)
	return order
}

// scores returns a value for each observation, greater being better, for models of one number: what is feasible by the first objective, then
// what breaks constraints, by how much, and failed ones last. NaN is one under way.
func (h *history) scores() []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for i := range h.all {
		if o := &h.all[i]; o.feasible() {
			low, high = math.Min(low, -o.objectives[0]), math.Max(high, -o.objectives[0])
		}
	}
	if low > high {
		low, high = 0, 0
	}
	step := (high - low) / 10
	if step == 0 {
		step = 1
	}
	out := make([]float64, len(h.all))
	for i := range h.all {
		switch o := &h.all[i]; {
		case o.status == pending:
			out[i] = math.NaN()
		case o.status == failed:
			out[i] = low - 2*step
		case o.violation > 0:
			share := 1.0
			if !math.IsInf(o.violation, 1) {
				share = o.violation / (1 + o.violation)
			}
			out[i] = low - step*(0.5+share)
		default:
			out[i] = -o.objectives[0]
		}
	}
	return out
}

// best returns the places of the n best scores of what succeeded, best first, of equals the earlier one.
func (h *history) best(n int) []int {
	scores := h.scores()
	var out []int
	for i := range h.all {
		if h.all[i].status != succeeded {
			continue
		}
		at := len(out)
		for at > 0 && scores[out[at-1]] < scores[i] {
			at--
		}
		if at < n {
			out = append(out[:at], append([]int{i}, out[at:]...)...)
			out = out[:min(n, len(out))]
		}
	}
	return out
}

// measured returns what of some values is not NaN.
func measured(values []float64) []float64 {
	var out []float64
	for _, x := range values {
		if !math.IsNaN(x) {
			out = append(out, x)
		}
	}
	return out
}

// transformed applies a transform to the values that are measured and leaves NaN where they are.
func transformed(values []float64, transform func([]float64) []float64) []float64 {
	out := make([]float64, len(values))
	z := transform(measured(values))
	for i, v := range values {
		if math.IsNaN(v) {
			out[i] = v
			continue
		}
		out[i], z = z[0], z[1:]
	}
	return out
}
