package search

import (
	"slices"

	"github.com/trellis-nas/trellis/pareto"
)

// Lull counts how long nothing better was found. With several objectives better means that nothing before was as good in all of
// them. The zero value has heard of nothing.
type Lull struct {
	front     [][]float64
	violation float64
	since     int
}

// Hear takes a result into account: its objectives, all minimised, and by how much it breaks constraints. A failed one has no
// objectives.
func (l *Lull) Hear(vector []float64, violation float64) {
	l.since++
	if vector == nil || len(l.front) > 0 && violation > l.violation {
		return
	}
	if violation < l.violation {
		l.front = nil
	}
	kept := l.front[:0:0]
	for _, p := range l.front {
		if pareto.Dominates(p, vector) || slices.Equal(p, vector) {
			return
		}
		if !pareto.Dominates(vector, p) {
			kept = append(kept, p)
		}
	}
	l.front, l.violation, l.since = append(kept, vector), violation, 0
}

// Since returns the number of results heard of since the last better one.
func (l *Lull) Since() int { return l.since }

// rest forgets how long it has been.
func (l *Lull) rest() { l.since = 0 }
