package lattice

// merger merges sorted runs of points, of which there are few and long ones: the fronts behind the steps of an item.
type merger struct {
	points, spare []paretoPoint
	ends          []int // of the runs in points
	endsSpare     []int
}

func (m *merger) reset() { m.points, m.ends = m.points[:0], m.ends[:0] }

// add adds a point to the last run.
func (m *merger) add(p paretoPoint) { m.points = append(m.points, p) }

// endRun begins a new run.
func (m *merger) endRun() {
	if n := len(m.points); n > 0 && (len(m.ends) == 0 || m.ends[len(m.ends)-1] < n) {
		m.ends = append(m.ends, n)
	}
}

// merged returns all points in order; of equal ones those of an earlier run first. They are valid until the merger is reset.
func (m *merger) merged(compare func(a, b *paretoPoint) int) []paretoPoint {
	for len(m.ends) > 1 {
		m.spare, m.endsSpare = m.spare[:0], m.endsSpare[:0]
		from := 0
		for i := 0; i < len(m.ends); i += 2 {
			half, to := m.ends[i], m.ends[min(i+1, len(m.ends)-1)]
			m.spare = appendMerged(m.spare, m.points[from:half], m.points[half:to], compare)
			m.endsSpare = append(m.endsSpare, to)
			from = to
		}
		m.points, m.spare = m.spare, m.points
		m.ends, m.endsSpare = m.endsSpare, m.ends
	}
	return m.points
}

// appendMerged appends two sorted runs in order, of equal points those of a first.
func appendMerged(out, a, b []paretoPoint, compare func(a, b *paretoPoint) int) []paretoPoint {
	for len(a) > 0 && len(b) > 0 {
		if compare(&b[0], &a[0]) < 0 {
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	return append(append(out, a...), b...)
}
