package predict

// pairwiseDistances holds the points of processes and the distances between them. Processes of several quantities share one, so that every distance
// is measured once.
type pairwiseDistances struct {
	kernel Kernel
	points []*Point
	dist   [][][]float64 // for each view the lower triangle, row by row, scaled
	inner  [][]float64   // of the trend, likewise; nil without one
	begun  int           // how often points were dropped
	kept   []int         // the places of those that stayed the last time, ascending
}

func newPairwiseDistances(k Kernel) *pairwiseDistances {
	return &pairwiseDistances{kernel: k, dist: make([][][]float64, len(k.views))}
}

// add appends a point. It costs a distance to each point before.
func (s *pairwiseDistances) add(p *Point) {
	s.points = append(s.points, p)
	for v, view := range s.kernel.views {
		row := make([]float64, len(s.points))
		for i, q := range s.points[:len(row)-1] {
			row[i] = view.Distance(p, q) / s.kernel.scales[v]
		}
		s.dist[v] = append(s.dist[v], row)
	}
	if s.kernel.trend != nil {
		row := make([]float64, len(s.points))
		for i, q := range s.points {
			row[i] = s.kernel.trend.inner(p, q)
		}
		s.inner = append(s.inner, row)
	}
}

func (s *pairwiseDistances) forget() {
	s.points, s.inner = nil, nil
	s.dist = make([][][]float64, len(s.kernel.views))
	s.begun, s.kept = s.begun+1, nil
}

// keep drops the points but those at some places, ascending, and keeps the distances between these.
func (s *pairwiseDistances) keep(places []int) {
	s.points = choose(s.points, places)
	for v := range s.dist {
		s.dist[v] = triangle(s.dist[v], places)
	}
	if s.inner != nil {
		s.inner = triangle(s.inner, places)
	}
	s.begun, s.kept = s.begun+1, places
}

// choose returns what stands at some places.
func choose[T any](of []T, places []int) []T {
	out := make([]T, len(places), len(places)*9/8+4)
	for i, at := range places {
		out[i] = of[at]
	}
	return out
}

// triangle returns some rows and columns of a lower triangle.
func triangle(of [][]float64, places []int) [][]float64 {
	out := choose(of, places)
	for i := range out {
		out[i] = choose(out[i], places[:i+1])
	}
	return out
}

// covariance returns the covariance of points i ≥ j without noise.
func (s *pairwiseDistances) covariance(d *decoded, i, j int) float64 {
	var k float64
	for t := range d.terms {
		k += d.terms[t].of(func(v int) float64 { return s.dist[v][i][j] })
	}
	if s.inner != nil {
		k += d.trend * s.inner[i][j]
	}
	return k
}
