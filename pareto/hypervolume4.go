package pareto

import "slices"

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

// sweep is a front in three components by ascending third one, component by component, as it is read through again and again.
type sweep struct {
	reference [3]float64
	xs, ys    []float64
	zs        []float64
	stairs    staircase
	near      []step
	dominated []int
}

// add returns the volume that (x, y, z) covers and the front did not, and makes the point part of the front. It reads
// the front once: first the points up to z bound the free part of the rectangle right of x and above y, then
// those above z eat into it in order, until nothing is free.
func (s *sweep) add(x, y, z float64) float64 {
	right, top := s.reference[0], s.reference[1]
	s.near = s.near[:0]
	at, _ := slices.BinarySearch(s.zs, z)
	for at < len(s.zs) && s.zs[at] == z {
		at++
	}
	ys := s.ys[:at]
	for i, qx := range s.xs[:at] {
		if qx >= right {
			continue
		}
		qy := ys[i]
		switch {
		case qy >= top:
		case qx > x && qy > y:
			s.near = append(s.near, step{qx, qy})
		case qx > x:
			right = qx
		case qy > y:
			top = qy
		default:
			return 0
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
	s.xs, s.ys, s.zs = s.put(s.xs, at, x), s.put(s.ys, at, y), s.put(s.zs, at, z)
	return gain
}

// above continues add with the points of the front over z, given the area that is free just over z. It notes those that the new point
// dominates: none of these is outside of what is free there, or another point of the front would dominate it.
func (s *sweep) above(at int, x, y, z, free float64) float64 {
	gain := 0.0
	s.dominated = s.dominated[:0]
	last := len(s.stairs.steps) - 1
	right, top := s.stairs.steps[last].x, s.stairs.steps[0].y
	ys := s.ys[:len(s.xs)]
	for i := at; i < len(s.xs); i++ {
		qx, qy := s.xs[i], ys[i]
		if qx >= right || qy >= top {
			continue
		}
		if qx >= x && qy >= y {
			s.dominated = append(s.dominated, i)
		}
		eaten := s.stairs.grow(max(qx, x), max(qy, y))
		if eaten == 0 {
			continue
		}
		gain += free * (s.zs[i] - z)
		z = s.zs[i]
		if qx <= x && qy <= y {
			return gain
		}
		free -= eaten
		switch {
		case qx <= x:
			top = qy
		case qy <= y:
			right = qx
		}
	}
	return gain + free*(s.reference[2]-z)
}

// put inserts a component at a position in the place of those of the dominated points, which are behind it.
func (s *sweep) put(of []float64, at int, x float64) []float64 {
	if len(s.dominated) == 0 {
		return slices.Insert(of, at, x)
	}
	first := s.dominated[0]
	copy(of[at+1:first+1], of[at:first])
	of[at] = x
	to := first + 1
	for k, gone := range s.dominated {
		until := len(of)
		if k+1 < len(s.dominated) {
			until = s.dominated[k+1]
		}
		to += copy(of[to:], of[gone+1:until])
	}
	return of[:to]
}
