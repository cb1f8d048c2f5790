package proof_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/lattice"
)

// question is a lattice under limits, with random scores, and what brute force says about it.
type question struct {
	*enumerated
	lattice  *lattice.Lattice
	plain    *lattice.Lattice // without the table of costs
	previous bool
	memory   bool             // may be limited
	metrics  []lattice.Metric // that may be asked: sums along paths
	limits   []lattice.Limit
	inside   []int // positions of the architectures within the limits
	known    []int // and of those of the region's lattice, which a limit on memory makes smaller
	region   *lattice.CountedRegion
	feasible *lattice.FeasibleSet
	random   *rand.Rand
	features [][]int   // of every architecture known: the parameters that it takes
	points   []float64 // whole numbers, of the parameters
	offset   float64
	score    []float64 // of every architecture known: the offset and its points
	policy   policy
	gibbs    *lattice.Gibbs
}

// milliseconds is a cost of an option, made up, in thousandths; of the fixed step if it is empty.
func milliseconds(taken lattice.Taken) int64 {
	n := int64(17)
	for _, b := range []byte(taken.Decision + "=" + taken.Option) {
		n = (n*31 + int64(b)) % 5003
	}
	return n
}

// furthered returns the enumeration and the lattice with costs of options or of operators in random bins, rounded up or down, and a random
// counter.
func furthered(t failer, random *rand.Rand, e *enumerated, l *lattice.Lattice) (*enumerated, *lattice.Lattice, lattice.Metric) {
	t.Helper()
	bin, down := oneOf(random, []int64{1, 7, 10, 500}), random.IntN(2) == 0
	if random.IntN(2) == 0 {
		e, l = operated(t, e, l, "ms", bin, down)
	} else {
		var err error
		if l, err = l.WithCosts(lattice.CostModel{Metric: "ms", Unit: "ms", Bin: float64(bin) / 1000, Down: down, Of: func(s lattice.Step) float64 {
			return float64(milliseconds(lattice.Taken{Decision: s.Decision, Option: s.Option})) / 1000
		}}); err != nil {
			t.Fatalf("%v", err)
		}
		e = e.with("ms", func(taken []lattice.Taken) int64 {
			sum := inBins(milliseconds(lattice.Taken{}), bin, down)
			for _, x := range taken {
				sum += inBins(milliseconds(x), bin, down)
			}
			return sum
		})
	}
	counted := e.anyOption(random)
	rule, meant := counted.Decision, func(name string) bool { return name == counted.Decision }
	switch random.IntN(3) {
	case 0:
		rule, meant = "", func(string) bool { return true }
	case 1:
		end := counted.Decision[len(counted.Decision)/2:]
		rule, meant = "*"+end, func(name string) bool { return strings.HasSuffix(name, end) }
	}
	counter := lattice.OptionCount(rule, counted.Option)
	return e.with(counter, func(taken []lattice.Taken) int64 {
		n := int64(0)
		for _, x := range taken {
			if x.Option == counted.Option && meant(x.Decision) {
				n++
			}
		}
		return n
	}), l, counter
}

// limit draws one to three limits from the metrics, from above and from below, around the costs of one architecture, which keeps them all
// if they are to be kept. A lattice of a table of costs has room for two counters and limits from below.
func (q *question) limit(counter lattice.Metric, kept bool) {
	q.metrics, q.limits = []lattice.Metric{lattice.Params, lattice.MACs, "ms"}, nil
	choice := append(slices.Clone(q.metrics), counter)
	if slices.Max(q.costs[lattice.Depth]) > 0 {
		choice = append(choice, lattice.Depth)
	}
	if q.memory {
		choice = append(choice, lattice.Memory)
	}
	q.random.Shuffle(len(choice), func(i, j int) { choice[i], choice[j] = choice[j], choice[i] })
	room, at := 2, q.random.IntN(len(q.archs))
	for _, m := range choice[:1+q.random.IntN(3)] {
		if m == counter || m == lattice.Depth {
			if room == 0 {
				continue
			}
			q.metrics = append(q.metrics, m)
			room--
		}
		low, high := q.costs[m][at], q.costs[m][at]
		if kept {
			low -= int64(q.random.IntN(3))
			high = max(high, q.costs[m][q.random.IntN(len(q.archs))])
		} else {
			at = q.random.IntN(len(q.archs))
			low, high = low+int64(q.random.IntN(5)-2), high+int64(q.random.IntN(5)-2)
		}
		if room == 0 || low < 0 || m == lattice.Memory || q.random.IntN(3) > 0 {
			q.limits = append(q.limits, lattice.AtMost(m, high))
			continue
		}
		room--
		q.limits = append(q.limits, lattice.AtLeast(m, low))
		switch q.random.IntN(4) {
		case 0:
			q.limits = append(q.limits, lattice.AtMost(m, high))
		case 1:
			q.limits[len(q.limits)-1].Max = high
		}
	}
	if room > 0 && !slices.Contains(q.metrics, counter) {
		q.metrics = append(q.metrics, counter)
	}
}

// ask makes the region, draws scores and a distribution, and adds up what they are by brute force. It returns false if nothing is within
// the limits, after a check of the error.
func (q *question) ask(t failer) bool {
	t.Helper()
	q.inside = q.within(q.limits)
	r, err := q.lattice.Within(q.limits...)
	if len(q.inside) == 0 {
		infeasible(t, q.enumerated, q.limits, err)
		_, err = q.lattice.Feasible(q.limits...)
		infeasible(t, q.enumerated, q.limits, err)
		return false
	}
	if err != nil {
		t.Fatalf("%v; %d architectures are within the limits", err, len(q.inside))
	}
	q.region = r
	if q.feasible, err = q.lattice.Feasible(q.limits...); err != nil {
		t.Fatalf("%v; %d architectures are within the limits", err, len(q.inside))
	}
	parameters, number := r.Lattice().Parameters(), map[lattice.Parameter]int{}
	for i, p := range parameters {
		number[p] = i
	}
	q.features = make([][]int, len(q.archs))
	q.known = q.within(slices.DeleteFunc(slices.Clone(q.limits), func(l lattice.Limit) bool { return l.Metric != lattice.Memory }))
	for _, i := range q.known {
		before := lattice.Taken{}
		for _, x := range q.taken[i] {
			k, known := number[lattice.Parameter{Before: before, Decision: x.Decision, Option: x.Option}]
			if !known {
				t.Fatalf("%v after %v is no parameter of the lattice", x, before)
			}
			q.features[i] = append(q.features[i], k)
			if q.previous {
				before = x
			}
		}
	}
	q.points, q.offset = make([]float64, len(parameters)), float64(q.random.IntN(7)-3)
	for k := range q.points {
		q.points[k] = float64(q.random.IntN(23) - 11)
	}
	q.score = make([]float64, len(q.archs))
	for _, i := range q.known {
		q.score[i] = q.offset
		for _, k := range q.features[i] {
			q.score[i] += q.points[k]
		}
	}
	q.distribute(number)
	return true
}

// weightOf returns the weight of steps that the parameters have, and fixed of the fixed step.
func weightOf(number map[lattice.Parameter]int, of []float64, fixed float64) func(lattice.Step) float64 {
	return func(s lattice.Step) float64 {
		if s.Fixed {
			return fixed
		}
		return of[number[lattice.Parameter{Before: s.Before, Decision: s.Decision, Option: s.Option}]]
	}
}

// weight is the score as a weight of steps.
func (q *question) weight() func(lattice.Step) float64 {
	number := map[lattice.Parameter]int{}
	for i, p := range q.region.Lattice().Parameters() {
		number[p] = i
	}
	return weightOf(number, q.points, q.offset)
}

// some returns at most n of some positions, evenly spread.
func some(of []int, n int) []int {
	if len(of) <= n {
		return of
	}
	out := make([]int, n)
	for i := range out {
		out[i] = of[i*len(of)/n]
	}
	return out
}

func (q *question) String() string {
	limits := make([]string, len(q.limits))
	for i, l := range q.limits {
		limits[i] = fmt.Sprintf("%s (%+v)", l, struct {
			Metric   lattice.Metric
			Min, Max int64
		}{l.Metric, l.Min, l.Max})
	}
	return fmt.Sprintf("with previous options %t, within %s: %d of %d architectures", q.previous, strings.Join(limits, ", "), len(q.inside), len(q.archs))
}

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b))
}
