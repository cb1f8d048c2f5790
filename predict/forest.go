package predict

import (
	"math"
	"math/rand/v2"
)

// Forest is a random forest (Breiman, "Random Forests", 2001) with the spread of its trees as its doubt (Hutter, Hoos & Leyton-Brown,
// "Sequential Model-Based Optimization for General Algorithm Configuration", 2011).
type Forest struct{ trees []tree }

// NewForest fits n trees to rows, each to a bootstrap sample of them and with a third of the features at every split.
func NewForest(rows [][]bool, values []float64, n int, r *rand.Rand) *Forest {
	f := &Forest{}
	g := growth{depth: 20, leaf: 1, share: 1.0 / 3}
	l := newLessons(rows)
	for range n {
		f.trees = append(f.trees, grow(l, values, bootstrap(len(rows), r), g, r))
	}
	return f
}

// Predict returns the mean and the variance of the trees at a row.
func (f *Forest) Predict(row []bool) (mean, variance float64) {
	return spreadOf(len(f.trees), func(i int) float64 { return f.trees[i].predict(row) })
}

// Tree returns what one of the trees says of a row: a draw from what the forest believes.
func (f *Forest) Tree(i int, row []bool) float64 { return f.trees[i].predict(row) }

// Len returns the number of trees.
func (f *Forest) Len() int { return len(f.trees) }

// Boosted is an ensemble of gradient-boosted regression trees (Friedman, "Greedy Function Approximation", 2001), each fitted to another
// bootstrap sample, whose spread is its doubt: the predictor of BANANAS with trees in the place of neural networks.
type Boosted struct{ members [][]tree }

// The boosting of every member: rounds of trees of this depth, each counting so much.
const (
	boostRounds = 60
	boostDepth  = 3
	boostRate   = 0.15
)

// NewBoosted fits an ensemble of n members.
func NewBoosted(rows [][]bool, values []float64, n int, r *rand.Rand) *Boosted {
	b := &Boosted{}
	g := growth{depth: boostDepth, leaf: 1, share: 0.5}
	l := newLessons(rows)
	for range n {
		among := bootstrap(len(rows), r)
		rest := append([]float64(nil), values...)
		var member []tree
		for range boostRounds {
			t := grow(l, rest, among, g, r)
			for i := range rest {
				rest[i] -= boostRate * t.predict(rows[i])
			}
			member = append(member, t)
		}
		b.members = append(b.members, member)
	}
	return b
}

// Predict returns the mean and the variance of the members at a row.
func (b *Boosted) Predict(row []bool) (mean, variance float64) {
	return spreadOf(len(b.members), func(i int) float64 { return b.Member(i, row) })
}

// Member returns what one of the members says of a row.
func (b *Boosted) Member(i int, row []bool) float64 {
	var sum float64
	for j := range b.members[i] {
		sum += boostRate * b.members[i][j].predict(row)
	}
	return sum
}

func bootstrap(n int, r *rand.Rand) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = r.IntN(n)
	}
	return out
}

// spreadOf returns the mean and the variance of n values, the variance at least 10⁻¹⁰.
func spreadOf(n int, value func(int) float64) (mean, variance float64) {
	values := make([]float64, n)
	for i := range values {
		values[i] = value(i)
		mean += values[i] / float64(n)
	}
	for _, v := range values {
		variance += (v - mean) * (v - mean) / float64(n)
	}
	return mean, math.Max(variance, least)
}
