package search

import (
	"fmt"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/trial"
)

// Scalarization makes one number, to be maximised, of the objectives of a result, given as they are measured, in their order.
type Scalarization func(objectives []float64) float64

// Of returns the number of a result, false if the result failed or lacks an objective, or its number is none.
func (value Scalarization) Of(objectives trial.Objectives, r trial.Result) (float64, bool) {
	if r.Status != trial.OK {
		return math.NaN(), false
	}
	values := make([]float64, len(objectives))
	for c, o := range objectives {
		x, ok := r.Metrics.Get(o.Metric)
		if !ok {
			return math.NaN(), false
		}
		values[c] = x
	}
	x := value(values)
	return x, !math.IsNaN(x) && !math.IsInf(x, 0)
}

// scalar is the metric that a scalarization adds to results.
const scalar = "scalarized"

// Scalarized lets a strategy for one objective search for several, by the number that a scalarization makes of them. It finds one
// compromise and not a front: for when it is known what is wanted.
type Scalarized struct {
	Strategy
	problem Problem
	value   Scalarization
}

// NewScalarized returns the strategy that open makes for the problem with the scalarization as its objective.
func NewScalarized(p Problem, value Scalarization, open func(Problem) (Strategy, error)) (*Scalarized, error) {
	if err := p.Objectives.Check(); err != nil {
		return nil, err
	}
	single := p
	single.Objectives = trial.Objectives{{Metric: scalar, Maximise: true}}
	inner, err := open(single)
	if err != nil {
		return nil, err
	}
	return &Scalarized{Strategy: inner, problem: p, value: value}, nil
}

// Tell hands on results with their number. One that lacks an objective, or whose number is none, counts as failed.
func (s *Scalarized) Tell(results []trial.Result) { s.Strategy.Tell(s.scored(results)) }

// Observe implements WarmStarter, as far as the strategy inside can; one that cannot ignores what is observed.
func (s *Scalarized) Observe(results []trial.Result) {
	if inner, ok := s.Strategy.(WarmStarter); ok {
		inner.Observe(s.scored(results))
	}
}

func (s *Scalarized) scored(results []trial.Result) []trial.Result {
	out := slices.Clone(results)
	for i, r := range out {
		if r.Status != trial.OK {
			continue
		}
		x, ok := s.value.Of(s.problem.Objectives, r)
		if !ok {
			out[i].Status, out[i].Reason = trial.Failed, fmt.Sprintf("the scalarized objectives are %v", x)
			continue
		}
		out[i].Metrics = r.Metrics.With(trial.Metric{Name: scalar, Value: x})
	}
	return out
}

// Target is what an objective after the first is to come near.
type Target struct {
	Value    float64 // above 0, in the unit of the metric
	Exponent float64 // how much it counts; below 0 where less is better
	Hard     bool    // counts only where the target is missed
}

// Targets returns the reward of MnasNet (Tan et al., "MnasNet: Platform-aware neural architecture search for mobile", 2019): the
// first objective times Π (xᵢ/targetᵢ)^wᵢ over the targets of the others, in their order. A soft target always counts, so that what is better
// than the target is rewarded (the paper's exponent for latency is −0.07, by which a network may lose 5% accuracy for half the
// latency); a hard one only where it is missed, and −1 is the paper's exponent then.
func Targets(targets ...Target) Scalarization {
	return func(x []float64) float64 {
		reward := x[0]
		for i, t := range targets[:min(len(targets), len(x)-1)] {
			factor := math.Pow(x[i+1]/t.Value, t.Exponent)
			if t.Hard {
				factor = min(1, factor)
			}
			reward *= factor
		}
		return reward
	}
}

// Range is where an objective is 0 and where it is 1; Worst may be less than Best or more.
type Range struct{ Best, Worst float64 }

// of returns the place of a value in the range.
func (r Range) of(x float64) float64 { return (x - r.Best) / (r.Worst - r.Best) }

// WeightedSum returns −Σ wᵢfᵢ of the objectives in their ranges. It finds only what lies on the convex hull of the front.
func WeightedSum(ranges []Range, weights []float64) Scalarization {
	return func(x []float64) float64 {
		var sum float64
		for i, w := range weights {
			sum += w * ranges[i].of(x[i])
		}
		return -sum
	}
}

// Tchebycheff returns −max wᵢfᵢ − ρ Σ wᵢfᵢ of the objectives in their ranges: with ρ = 0 the weighted Tchebycheff function, with a small
// one the augmented (Steuer & Choo, 1983), by which what is dominated never equals what dominates it. It finds every point of a front.
func Tchebycheff(ranges []Range, weights []float64, rho float64) Scalarization {
	return func(x []float64) float64 {
		worst, sum := math.Inf(-1), 0.0
		for i, w := range weights {
			f := w * ranges[i].of(x[i])
			worst, sum = max(worst, f), sum+f
		}
		return -worst - rho*sum
	}
}
