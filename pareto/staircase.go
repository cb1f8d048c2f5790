package pareto

// staircase is the lower-left boundary of a set of points in the plane: x strictly ascending, y strictly descending.
// A slice beats a balanced tree here, because the boundary of n points is far shorter than n wherever it matters.
type staircase struct{ steps []step }

type step struct{ x, y float64 }

// find returns the first step at or right of x.
func (s *staircase) find(x float64) int {
	lo, n := 0, len(s.steps)
	for n > 0 {
		half := n >> 1
		if s.steps[lo+half].x < x {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo
}

// covers reports whether some step is at most (x, y) in both components, given find(x).
func (s *staircase) covers(at int, x, y float64) bool {
	if at > 0 && s.steps[at-1].y <= y {
		return true
	}
	return at < len(s.steps) && s.steps[at].x == x && s.steps[at].y <= y
}

// insert adds a point that is not covered, and removes those it covers.
func (s *staircase) insert(at int, x, y float64) {
	end := at
	for end < len(s.steps) && s.steps[end].y >= y {
		end++
	}
	s.replace(at, end, step{x, y})
}

// grow adds a point and returns the area that it newly covers, 0 if the point was covered. The first and the last
// step bound the area from above and from the right, so both must have been set by bound.
func (s *staircase) grow(x, y float64) float64 {
	at := s.find(x)
	if s.covers(at, x, y) {
		return 0
	}
	var area, height float64
	if at > 0 {
		height = s.steps[at-1].y
	}
	left, end := x, at
	for end < len(s.steps) {
		next := s.steps[end]
		if next.x > left {
			area += (next.x - left) * (height - y)
		}
		if next.y < y {
			break
		}
		left, height = next.x, next.y
		end++
	}
	s.replace(at, end, step{x, y})
	return area
}

// bound empties the staircase down to a frame: nothing is covered between (left, bottom) and (right, top).
func (s *staircase) bound(left, top, right, bottom float64) {
	s.steps = append(s.steps[:0], step{left, top}, step{right, bottom})
}

func (s *staircase) replace(from, to int, p step) {
	switch {
	case to == from:
		s.steps = append(s.steps, step{})
		copy(s.steps[from+1:], s.steps[from:])
	case to > from+1:
		s.steps = append(s.steps[:from+1], s.steps[to:]...)
	}
	s.steps[from] = p
}
