package predict

// Features writes points as rows of features that are there or not, as trees take them: the options of decisions and, if wanted, the paths
// through cells. Features are numbered as they are met, first those of the points it is made of; others are left out.
type Features struct {
	options map[[2]int]int
	paths   map[uint64]int
	count   int
}

// NewFeatures returns the features that occur in some points.
func NewFeatures(points []*Point, withPaths bool) *Features {
	t := &Features{options: map[[2]int]int{}, paths: map[uint64]int{}}
	for _, p := range points {
		for d, o := range p.Options {
			if _, known := t.options[[2]int{d, o}]; !known {
				t.options[[2]int{d, o}] = t.count
				t.count++
			}
		}
		if !withPaths {
			continue
		}
		for _, c := range p.Paths {
			if _, known := t.paths[c.Feature]; !known {
				t.paths[c.Feature] = t.count
				t.count++
			}
		}
	}
	return t
}

// Row returns which features a point has.
func (t *Features) Row(p *Point) []bool {
	row := make([]bool, t.count)
	for d, o := range p.Options {
		if i, known := t.options[[2]int{d, o}]; known {
			row[i] = true
		}
	}
	if len(t.paths) > 0 {
		for _, c := range p.Paths {
			if i, known := t.paths[c.Feature]; known {
				row[i] = true
			}
		}
	}
	return row
}

// Rows returns the rows of many points.
func (t *Features) Rows(points []*Point) [][]bool {
	out := make([][]bool, len(points))
	for i, p := range points {
		out[i] = t.Row(p)
	}
	return out
}
