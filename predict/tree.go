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

// lessons are the rows that trees are fitted to.
type lessons struct {
	rows [][]bool
	has  [][]int32 // the features of every row
	with []float64 // by feature: the sum of the values of some rows that have it,
	n    []int     // and their number
}

func newLessons(rows [][]bool) *lessons {
	l := &lessons{rows: rows, has: make([][]int32, len(rows))}
	for i, row := range rows {
		for f, there := range row {
			if there {
				l.has[i] = append(l.has[i], int32(f))
			}
		}
	}
	if len(rows) > 0 {
		l.with, l.n = make([]float64, len(rows[0])), make([]int, len(rows[0]))
	}
	return l
}

// many is the number of rows from which sums of all features at once are faster than those of the features that are asked for.
const many = 16

// gather makes the sums of all features over some rows.
func (l *lessons) gather(values []float64, among []int) {
	clear(l.with)
	clear(l.n)
	for _, i := range among {
		v := values[i]
		for _, f := range l.has[i] {
			l.with[f] += v
			l.n[f]++
		}
	}
}

// sum returns the sum of the values of the rows that have a feature, and their number.
func (l *lessons) sum(values []float64, among []int, f int) (with float64, n int) {
	if len(among) >= many {
		return l.with[f], l.n[f]
	}
	for _, i := range among {
		if l.rows[i][f] {
			with += values[i]
			n++
		}
	}
	return with, n
}

// grow fits a tree to some of the rows.
func grow(l *lessons, values []float64, among []int, g growth, r *rand.Rand) tree {
	var t tree
	t.split(l, values, among, g, g.depth, r)
	return t
}

func (t *tree) split(l *lessons, values []float64, among []int, g growth, depth int, r *rand.Rand) int {
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
	features := len(l.rows[0])
	if len(among) >= many {
		l.gather(values, among)
	}
	for range max(1, int(math.Ceil(g.share*float64(features)))) {
		f := r.IntN(features)
		with, n := l.sum(values, among, f)
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
		if l.rows[i][best] {
			with = append(with, i)
		} else {
			less = append(less, i)
		}
	}
	left := t.split(l, values, with, g, depth-1, r)
	right := t.split(l, values, less, g, depth-1, r)
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
