package draw

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// focus leaves out the worst scores where they would take most of the height: when the better nine tenths of the
// points (and whatever must be kept) fill less than a third of it.
func focus(points, keep []Point, maximise bool) (shown []Point, hidden int) {
	better := func(a, b float64) bool { return maximise == (a > b) && a != b }
	sorted := slices.Concat(points, keep)
	slices.SortStableFunc(sorted, func(a, b Point) int { return cmp.Compare(a.Y, b.Y) })
	if maximise {
		slices.Reverse(sorted)
	}
	if len(sorted) < 10 {
		return points, 0
	}
	best, limit, worst := sorted[0].Y, sorted[(len(sorted)-1)*9/10].Y, sorted[len(sorted)-1].Y
	for _, p := range keep {
		if better(limit, p.Y) {
			limit = p.Y
		}
	}
	if math.Abs(best-limit) >= math.Abs(best-worst)/3 {
		return points, 0
	}
	for _, p := range points {
		if better(limit, p.Y) {
			hidden++
		} else {
			shown = append(shown, p)
		}
	}
	return shown, hidden
}

// footnote counts what focus left out.
func footnote(hidden int, axis Axis, shown span, maximise bool) string {
	if hidden == 0 {
		return ""
	}
	side, bound := "above", shown.max
	if maximise {
		side, bound = "below", shown.min
	}
	trials := "trials"
	if hidden == 1 {
		trials = "trial"
	}
	return fmt.Sprintf("Not shown: %d %s %s %s.", hidden, trials, side, ticks{axis}.label(bound, roundStep(max(math.Abs(bound), 1e-9)/1000), bound))
}
