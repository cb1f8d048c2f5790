package network

import (
	"math"
	"strings"
)

// How many boxes may follow one another before a drawing begins a new column, or a new row where it goes across: about
// what a page or a screen holds.
const (
	pageDepth   = 15
	screenDepth = 10
)

// columns places each box in a column. A column may end only where a single output is handed on, so that one connector
// leads to the next; fewer columns than wanted come out where the network offers no place to cut.
func (d Drawing) columns(boxes []box, from [][]int) []int {
	depth, deepest := depths(from)
	want := d.Columns
	switch {
	case want > 0:
	case d.Across:
		want = ceilDiv(deepest, screenDepth)
	default:
		want = ceilDiv(deepest, pageDepth)
	}
	crossing := crossings(from)
	height := float64(deepest) / float64(want)
	column := make([]int, len(boxes))
	next := 1 // a cut may stand before this box or a later one
	for c := 1; c < want; c++ {
		best, least := 0, height/2
		for k := next; k < len(boxes); k++ {
			// A cut inside a scope tears its frame in two, which is worse than an uneven column.
			miss := math.Abs(float64(c)*height-float64(depth[k])) + 1.5*float64(sharedScopes(boxes[k-1].scope, boxes[k].scope))
			if crossing[k] == 1 && miss < least {
				best, least = k, miss
			}
		}
		if best == 0 {
			continue
		}
		for k := best; k < len(boxes); k++ {
			column[k]++
		}
		next = best + 1
	}
	return column
}

// depths returns for each box the length of the longest path to it, and the length of the longest path of all.
func depths(from [][]int) (depth []int, deepest int) {
	depth = make([]int, len(from))
	for i, sources := range from {
		for _, s := range sources {
			depth[i] = max(depth[i], depth[s]+1)
		}
		deepest = max(deepest, depth[i]+1)
	}
	return depth, deepest
}

// crossings returns for each place before a box how many outputs are handed over it.
func crossings(from [][]int) []int {
	lastUse := make([]int, len(from))
	for i, sources := range from {
		for _, s := range sources {
			lastUse[s] = i
		}
	}
	n := make([]int, len(from))
	for s, last := range lastUse {
		for k := s + 1; k <= last; k++ {
			n[k]++
		}
	}
	return n
}

// sharedScopes returns how many leading parts two scopes have in common.
func sharedScopes(a, b string) int {
	if a == "" || b == "" {
		return 0
	}
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}
