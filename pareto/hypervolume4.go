package pareto

// volume4 sweeps by ascending fourth component over the three-dimensional front of the points so far. The volume
// that a point newly covers in the first three components stays covered up to the reference.
func volume4(points [][]float64, reference []float64) float64 {
	s := sweep{reference: [3]float64(reference[:3])}
	sum := 0.0
	for _, e := range orderBy(points, 3) {
		p := points[e.index]
		sum += s.add(p[0], p[1], p[2]) * (reference[3] - p[3])
	}
	return sum
}

// sweep is a front in three components by ascending third one.
type sweep struct {
	reference [3]float64
	front     []point
	stairs    staircase
	near      []step
}

type point struct{ x, y, z float64 }

// add returns the volume that (x, y, z) covers and the front did not, and makes the point part of the front. It reads
// the front twice at most: first the points below z bound the free part of the rectangle right of x and above y, then
// those above z eat into it in order, until nothing is free.
func (s *sweep) add(x, y, z float64) float64 {
	right, top := s.reference[0], s.reference[1]
	s.near = s.near[:0]
	at := 0
	for ; at < len(s.front); at++ {
		q := &s.front[at]
		if q.z > z {
			break
		}
		if q.x >= right || q.y >= top {
			continue
		}
		switch {
		case q.x <= x && q.y <= y:
			return 0
		case q.x <= x:
			top = q.y
		case q.y <= y:
			right = q.x
		default:
			s.near = append(s.near, step{q.x, q.y})
		}
	}
	s.stairs.bound(x, top, right, y)
	free := (right - x) * (top - y)
	for _, q := range s.near {
		if q.x < right && q.y < top {
			free -= s.stairs.grow(q.x, q.y)
		}
	}
	gain := s.above(at, x, y, z, free)
	s.put(at, point{x, y, z})
	return gain
}

// above continues add with the points of the front over z, given the area that is free just over z.
func (s *sweep) above(at int, x, y, z, free float64) float64 {
	gain := 0.0
	last := len(s.stairs.steps) - 1
	right, top := s.stairs.steps[last].x, s.stairs.steps[0].y
	for _, q := range s.front[at:] {
		if q.x >= right || q.y >= top {
			continue
		}
		eaten := s.stairs.grow(max(q.x, x), max(q.y, y))
		if eaten == 0 {
			continue
		}
		gain += free * (q.z - z)
		z = q.z
		if q.x <= x && q.y <= y {
			return gain
		}
		free -= eaten
		switch {
		case q.x <= x:
			top = q.y
		case q.y <= y:
			right = q.x
		}
	}
	return gain + free*(s.reference[2]-z)
}

// put inserts p at position at and removes what p dominates of the points above it.
func (s *sweep) put(at int, p point) {
	to := at
	for to < len(s.front) && (s.front[to].x < p.x || s.front[to].y < p.y) {
		to++
	}
	for from := to; from < len(s.front); from++ {
		if q := s.front[from]; q.x < p.x || q.y < p.y {
			s.front[to] = q
			to++
		}
	}
	s.front = append(s.front[:to], point{})
	copy(s.front[at+1:], s.front[at:])
	s.front[at] = p
}
