package bench

import (
	"fmt"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/search"
)

// Measure says by what a search is judged: how much is missing to the best of the table, 0 being nothing.
type Measure string

const (
	// Regret is for one objective: the best reported value less that of the incumbent, which is the architecture with the
	// best feedback so far, the first of equals.
	Regret Measure = "regret"
	// Shortfall is for several objectives: 1 less the share of the hypervolume of the table's front that is dominated by the
	// reported values of what is not dominated in feedback. The reference point is the worst reported value of each
	// objective in the region.
	Shortfall Measure = "shortfall of hypervolume"
)

// judge measures traces on the rows of a region.
type judge struct {
	table     *Table
	measure   Measure
	ascending []float64 // reported values of the first objective, minimised
	reference []float64
	volume    float64 // of the front
	collapse  search.Stagnation
}

func newJudge(t *Table, region search.Region, rows []int) judge {
	j := judge{table: t, measure: Regret, collapse: search.NewStagnation(region)}
	points := make([][]float64, len(rows))
	for i, r := range rows {
		points[i] = t.Vector(r)
		j.ascending = append(j.ascending, points[i][0])
	}
	slices.Sort(j.ascending)
	if len(t.objectives) == 1 {
		return j
	}
	j.measure = Shortfall
	j.reference = slices.Clone(points[0])
	for _, p := range points {
		for k, x := range p {
			j.reference[k] = max(j.reference[k], x)
		}
	}
	j.volume = pareto.Hypervolume(points, j.reference)
	return j
}

// rank is one more than the number of architectures that are strictly better in the first objective.
func (j judge) rank(value float64) int {
	better, _ := slices.BinarySearch(j.ascending, value)
	return better + 1
}

// curve returns what is missing after each evaluation, and the rank of the incumbent, where the measure has one.
func (j judge) curve(t Trace) (missing []float64, ranks []int) {
	if j.measure == Shortfall {
		return j.shortfall(t), nil
	}
	best, value := math.Inf(1), 0.0
	for i, row := range t.Rows {
		if t.Vectors[i][0] < best {
			best, value = t.Vectors[i][0], j.table.Vector(row)[0]
		}
		missing = append(missing, value-j.ascending[0])
		ranks = append(ranks, j.rank(value))
	}
	return missing, ranks
}

func (j judge) shortfall(t Trace) (missing []float64) {
	var front [][]float64 // of feedback
	var rows []int
	last := 1.0
	for i, row := range t.Rows {
		if !slices.ContainsFunc(front, func(p []float64) bool { return pareto.Dominates(p, t.Vectors[i]) }) {
			kept := 0
			for k, p := range front {
				if !pareto.Dominates(t.Vectors[i], p) {
					front[kept], rows[kept] = p, rows[k]
					kept++
				}
			}
			front, rows = append(front[:kept], t.Vectors[i]), append(rows[:kept], row)
			points := make([][]float64, len(rows))
			for k, r := range rows {
				points[k] = j.table.Vector(r)
			}
			last = 1.0
			if j.volume > 0 {
				last = 1 - pareto.Hypervolume(points, j.reference)/j.volume
			}
		}
		missing = append(missing, last)
	}
	return missing
}

// format prints a value of the measure for people.
func (m Measure) format(x float64) string {
	if m == Shortfall {
		return fmt.Sprintf("%.2f%%", 100*x)
	}
	return fmt.Sprintf("%.3f", x)
}
