package bench

import (
	"math"
	"slices"

	"github.com/trellis-nas/trellis/search"
)

// Checkpoints are the numbers of evaluations at which published comparisons are read.
var checkpoints = [...]int{20, 50, 100, 150, 200, 300, 500}

// Outcome is what came out of a benchmark.
type Outcome struct {
	Table         string     `json:"table"`
	About         string     `json:"about,omitempty"`
	Architectures int        `json:"architectures"` // in the region
	Objectives    []string   `json:"objectives"`
	Limits        []string   `json:"limits,omitempty"`
	Noisy         bool       `json:"noisy"` // the feedback of an architecture depends on the trial
	Seeds         int        `json:"seeds"`
	Evaluations   int        `json:"evaluations"`
	Window        int        `json:"window"`
	Measure       Measure    `json:"measure"`
	Best          float64    `json:"best,omitempty"` // reported value of the optimum, where there is one objective
	Checkpoints   []int      `json:"checkpoints"`    // numbers of evaluations
	Uniform       float64    `json:"uniform"`        // the distance of uniform draws, as in search.Diversity
	Results       []Standing `json:"results"`        // one for each strategy, in the order given
}

// Standing sums up the runs of one strategy.
type Standing struct {
	Strategy    string       `json:"strategy"`
	Checkpoints []Checkpoint `json:"checkpoints"`
	Mean        []float64    `json:"mean"`  // of the measure over the seeds, after each evaluation
	Error       []float64    `json:"error"` // standard error of that mean
}

// Checkpoint sums up the runs of one strategy after a number of evaluations.
type Checkpoint struct {
	Evaluations int     `json:"evaluations"`
	Mean        float64 `json:"mean"`    // of the measure over the seeds
	Error       float64 `json:"error"`   // standard error of the mean: sample deviation over the root of the number of seeds
	Optimum     float64 `json:"optimum"` // share of the seeds in which nothing is missing
	Rank        float64 `json:"rank"`    // median over the seeds; 0 where there are several objectives
	Seconds     float64 `json:"seconds"` // simulated time of training, mean over the seeds
	// Diversity of the latest proposals, mean over the seeds, and the share of the seeds in which the strategy stagnates: see
	// search.Stagnation.
	Diversity search.Diversity `json:"diversity"`
	Stagnant  float64          `json:"stagnant"`
}

// measured is the part of a trace that an outcome is made of: what was the case after each evaluation. A run that was over early
// stays as it was.
type measured struct {
	missing []float64
	ranks   []int
	seconds []float64
	looks   []search.Health // at the checkpoints
}

// looks looks at a trace at some checkpoints, which ascend.
func (j judge) looks(t Trace, at []int) []search.Health {
	watch := j.collapse.Monitor()
	out := make([]search.Health, len(at))
	done := 0
	for i, n := range at {
		for ; done < min(n, len(t.Rows)); done++ {
			watch.Proposed(j.table.rows[t.Rows[done]].arch)
			watch.Told(t.Vectors[done], 0)
		}
		out[i] = watch.Health()
	}
	return out
}

func (j judge) sum(t Trace, evaluations int) measured {
	var g measured
	g.looks = j.looks(t, marks(evaluations))
	g.missing, g.ranks = j.curve(t)
	spent := 0.0
	for _, row := range t.Rows {
		spent += j.table.rows[row].seconds
		g.seconds = append(g.seconds, spent)
	}
	g.missing, g.seconds = lasting(g.missing, evaluations), lasting(g.seconds, evaluations)
	if g.ranks != nil {
		g.ranks = lasting(g.ranks, evaluations)
	}
	return g
}

// lasting repeats the last value up to a length.
func lasting[T any](values []T, n int) []T {
	for len(values) < n {
		values = append(values, values[len(values)-1])
	}
	return values
}

func (c Benchmark) outcome(j judge, architectures int, runs [][]measured) Outcome {
	o := Outcome{
		Table: c.Table.name, About: c.Table.about, Architectures: architectures, Noisy: c.Table.Noisy(),
		Seeds: c.Seeds, Evaluations: c.Evaluations, Window: max(1, c.Window), Measure: j.measure, Checkpoints: marks(c.Evaluations),
		Uniform: j.collapse.Uniform(),
	}
	for _, objective := range c.Table.objectives {
		o.Objectives = append(o.Objectives, objective.String())
	}
	for _, l := range c.Limits {
		o.Limits = append(o.Limits, l.String())
	}
	if j.measure == Regret {
		o.Best = j.ascending[0]
		if c.Table.objectives[0].Maximise {
			o.Best = -o.Best
		}
	}
	for i, all := range runs {
		p := Standing{Strategy: c.Strategies[i].Name}
		for k := range c.Evaluations {
			m, e := meanAndError(all, func(g measured) float64 { return g.missing[k] })
			p.Mean, p.Error = append(p.Mean, m), append(p.Error, e)
		}
		for i, n := range o.Checkpoints {
			c := checkpoint(all, n, p)
			for _, g := range all {
				share := 1 / float64(len(all))
				c.Diversity.Distance += share * g.looks[i].Distance
				c.Diversity.New += share * g.looks[i].New
				if g.looks[i].Stagnant {
					c.Stagnant += share
				}
			}
			p.Checkpoints = append(p.Checkpoints, c)
		}
		o.Results = append(o.Results, p)
	}
	return o
}

// marks returns the checkpoints up to a number of evaluations, which is one itself.
func marks(evaluations int) []int {
	var out []int
	for _, n := range checkpoints {
		if n < evaluations {
			out = append(out, n)
		}
	}
	return append(out, evaluations)
}

func checkpoint(all []measured, n int, p Standing) Checkpoint {
	c := Checkpoint{Evaluations: n, Mean: p.Mean[n-1], Error: p.Error[n-1]}
	var ranks []int
	for _, g := range all {
		if g.missing[n-1] <= 0 {
			c.Optimum += 1 / float64(len(all))
		}
		if g.ranks != nil {
			ranks = append(ranks, g.ranks[n-1])
		}
	}
	c.Rank = median(ranks)
	c.Seconds, _ = meanAndError(all, func(g measured) float64 { return g.seconds[n-1] })
	return c
}

// meanAndError returns the mean over runs and its standard error, which is 0 for a single run.
func meanAndError(all []measured, of func(measured) float64) (m, e float64) {
	n := float64(len(all))
	for _, g := range all {
		m += of(g) / n
	}
	if len(all) < 2 {
		return m, 0
	}
	var squares float64
	for _, g := range all {
		d := of(g) - m
		squares += d * d
	}
	return m, math.Sqrt(squares / (n - 1) / n)
}

// median returns the middle of some ranks, the mean of the two in the middle of an even number, 0 of none.
func median(ranks []int) float64 {
	if len(ranks) == 0 {
		return 0
	}
	slices.Sort(ranks)
	return float64(ranks[(len(ranks)-1)/2]+ranks[len(ranks)/2]) / 2
}
