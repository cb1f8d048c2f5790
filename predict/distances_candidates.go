package predict

import "slices"

// candidateDistances holds candidates and their distances to the points of processes, for the pools of all of its processes.
type candidateDistances struct {
	pairs      *pairwiseDistances
	candidates []*Point
	rows       []distanceRow
	dist       [][][]float32 // view, candidate, point
	self       []float64     // inner products of the trend, of each candidate with itself
	begun      int           // the version of the points
	changed    int           // how often the candidates changed
	came       []int         // of each candidate its place before the last change, −1 for none
}

func newCandidateDistances(s *pairwiseDistances, candidates []*Point) *candidateDistances {
	r := &candidateDistances{pairs: s, candidates: candidates, begun: s.begun, self: s.selves(candidates)}
	for _, v := range s.kernel.views {
		r.rows = append(r.rows, newRow(v, candidates))
		r.dist = append(r.dist, columns[float32](len(candidates), len(s.points)))
	}
	return r
}

// columns returns n empty columns with room for so many numbers each, and some more.
func columns[T any](n, room int) [][]T {
	room += room/8 + 4
	all, out := make([]T, n*room), make([][]T, n)
	for i := range out {
		out[i] = all[i*room : i*room : (i+1)*room]
	}
	return out
}

func (s *pairwiseDistances) selves(candidates []*Point) []float64 {
	out := make([]float64, len(candidates))
	if s.kernel.trend != nil {
		for i, c := range candidates {
			out[i] = s.kernel.trend.inner(c, c)
		}
	}
	return out
}

// measure takes in the points that were added since the last time.
func (r *candidateDistances) measure() {
	if r.begun != r.pairs.begun {
		places := r.pairs.kept
		if r.pairs.begun > r.begun+1 {
			places = nil
		}
		r.begun = r.pairs.begun
		if len(r.candidates) > 0 && len(r.dist) > 0 { // later points are measured below
			at, _ := slices.BinarySearch(places, len(r.dist[0][0]))
			places = places[:at]
		}
		for _, of := range r.dist {
			for i := range of {
				of[i] = choose(of[i], places)
			}
		}
	}
	if len(r.candidates) == 0 {
		return
	}
	row := make([]float32, len(r.candidates))
	for v, of := range r.dist {
		for n := len(of[0]); n < len(r.pairs.points); n++ {
			r.rows[v].measure(r.pairs.points[n], row)
			for i, d := range row {
				of[i] = append(of[i], d)
			}
		}
	}
}

// replace takes other candidates. Those that stay, by their pointers, keep their distances.
func (r *candidateDistances) replace(candidates []*Point) {
	r.measure()
	place := make(map[*Point]int, len(r.candidates))
	for i, c := range r.candidates {
		place[c] = i
	}
	r.came = make([]int, len(candidates))
	for i, c := range candidates {
		if at, stays := place[c]; stays {
			r.came[i] = at
		} else {
			r.came[i] = -1
		}
	}
	for v, view := range r.pairs.kernel.views {
		next := make([][]float32, len(candidates))
		for i, at := range r.came {
			if at >= 0 {
				next[i] = r.dist[v][at]
				continue
			}
			next[i] = make([]float32, len(r.pairs.points), len(r.pairs.points)*9/8+4)
			for n, p := range r.pairs.points {
				next[i][n] = float32(view.Distance(candidates[i], p))
			}
		}
		r.dist[v] = next
		r.rows[v] = plainRow{view, candidates}
	}
	r.candidates, r.self = candidates, r.pairs.selves(candidates)
	r.changed++
}
