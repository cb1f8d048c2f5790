package search

import (
	"math"

	"github.com/trellis-nas/trellis/space"
)

// recall is the power of π by which known results are weighted.
const recall = 0.25

// Learn implements Policy: one natural gradient step on all that is known.
func (s *LatticePolicy) Learn(e *Experience, bonus float64) {
	step := s.fit(e.Known())
	for k := range step {
		step[k] -= bonus * s.scores[k]
	}
	length := 1 / bonus
	if divergence := dot(step, s.now.FisherTimes(step)) / 2; length*length*divergence > s.Step {
		length = math.Sqrt(s.Step / divergence)
	}
	for k := range step {
		step[k] = s.scores[k] + length*step[k]
	}
	s.move(step)
}

// fit returns the natural gradient of the expected reward.
func (s *LatticePolicy) fit(known []Lesson) []float64 {
	rows, weights := make([][]int, len(known)), make([]float64, len(known))
	top := math.Inf(-1)
	for i, l := range known {
		rows[i] = s.options(l.Arch)
		weights[i] = recall * sumOf(s.scores, rows[i])
		top = max(top, weights[i])
	}
	total := 0.0
	for i := range weights {
		weights[i] = math.Exp(weights[i] - top)
		total += weights[i]
	}
	mean, reward := make([]float64, s.family.size()), 0.0
	for i, row := range rows {
		reward += weights[i] / total * known[i].Reward
		addAt(mean, row, weights[i]/total)
	}
	gradient := make([]float64, s.family.size())
	for i, row := range rows {
		addAt(gradient, row, weights[i]*(known[i].Reward-reward))
	}
	return conjugate(gradient, func(v []float64) []float64 {
		out, along := scaled(s.now.FisherTimes(v), s.Caution), dot(mean, v)
		for i, row := range rows {
			addAt(out, row, weights[i]*(sumOf(v, row)-along))
		}
		return out
	})
}

// options returns the places of the scores of a known architecture.
func (s *LatticePolicy) options(a space.Arch) []int {
	of, ok := s.taken[a]
	if !ok {
		of = s.family.taken(a)
		s.taken[a] = of
	}
	return of
}

func addAt(sum []float64, places []int, x float64) {
	for _, k := range places {
		sum[k] += x
	}
}

// sumOf returns the sum of some of the values.
func sumOf(values []float64, places []int) (sum float64) {
	for _, k := range places {
		sum += values[k]
	}
	return sum
}

func scaled(v []float64, by float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = by * x
	}
	return out
}
