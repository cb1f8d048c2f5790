package predict

import (
	"math"
	"math/rand/v2"
)

// tree is a regression tree over features that are there or not (Breiman et al., "Classification and Regression Trees", 1984).
type tree struct{ nodes []treeNode }

type treeNode struct {
	feature    int // −1 in a leaf
	with, less int // the nodes for points that have the feature and for those that do not
	value      float64
}

// growth says how trees grow.
type growth struct {
	depth int     // of a tree at most
	leaf  int     // points in a leaf at least
	share float64 // of the features that a split may choose from
}

// grow fits a tree to some of the rows.
func grow(rows [][]bool, values []float64, among []int, g growth, r *rand.Rand) tree {
	var t tree
	t.split(rows, values, among, g, g.depth, r)
	return t
}

func (t *tree) split(rows [][]bool, values []float64, among []int, g growth, depth int, r *rand.Rand) int {
	at := len(t.nodes)
	var sum float64
	for _, i := range among {
		sum += values[i]
	}
	t.nodes = append(t.nodes, treeNode{feature: -1, value: sum / float64(len(among))})
	if depth == 0 || len(among) < 2*g.leaf {
		return at
	}
	best, gain := -1, 1e-12
	features := len(rows[0])
	for range max(1, int(math.Ceil(g.share*float64(features)))) {
		f := r.IntN(features)
		var with float64
		n := 0
		for _, i := range among {
			if rows[i][f] {
				with += values[i]
				n++
			}
		}
		if n < g.leaf || len(among)-n < g.leaf {
			continue
		}
		// The squared error that the split takes away.
		less, m := sum-with, len(among)-n
		if reduced := with*with/float64(n) + less*less/float64(m) - sum*sum/float64(len(among)); reduced > gain {
			best, gain = f, reduced
		}
	}
	if best < 0 {
		return at
	}
	var with, less []int
	for _, i := range among {
		if rows[i][best] {
			with = append(with, i)
		} else {
			less = append(less, i)
		}
	}
	left := t.split(rows, values, with, g, depth-1, r)
	right := t.split(rows, values, less, g, depth-1, r)
	t.nodes[at].feature, t.nodes[at].with, t.nodes[at].less = best, left, right
	return at
}

func (t *tree) predict(row []bool) float64 {
	n := &t.nodes[0]
	for n.feature >= 0 {
		if row[n.feature] {
			n = &t.nodes[n.with]
		} else {
			n = &t.nodes[n.less]
		}
	}
	return n.value
}
