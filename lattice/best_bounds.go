package lattice

// scoreBounds are the bounds of the search of Best without a table. The best score behind an item, as a function of the remaining budgets, is a
// step function: the front of costs against score behind that item. Fronts are far smaller than the states of the budgets, so that the
// bound of A* is as exact and costs next to nothing.
//
// Fronts of two limits bound exactly. Those of more are large, and those of one metric limited from both sides are all of its sums; then
// every pair of limits has fronts, and the least of their bounds counts, which may be too high: some prefixes lead nowhere.
type scoreBounds struct {
	lattice *Lattice
	limits  []limit
	weights []float64 // of the steps
	fixed   float64   // the weight of the fixed step
	groups  []limitGroup
	totals  *totals // if the score is a cost that is limited itself
}

// limitGroup is a part of the limits, with its fronts.
type limitGroup struct {
	*frontProgram
	of []int // by dim: which limit
}

// scoreBounds returns the bounds, from fronts of at most bound points in all. groups are the parts of the limits that have fronts.
func (o *FeasibleSet) scoreBounds(weight func(Step) float64, groups [][]limit, bound int) (*scoreBounds, error) {
	l := o.lattice
	s := &scoreBounds{lattice: l, limits: o.tight, weights: l.weighed(weight), fixed: weight(l.fixedStep())}
	for _, part := range groups {
		t := l.frontProgram(nil, part, 0)
		if err := t.solve(s.weights, bound); err != nil {
			return nil, err
		}
		bound -= t.held
		v := limitGroup{frontProgram: t}
		for _, m := range t.dims {
			for i, limit := range s.limits {
				if limit.metric == m {
					v.of = append(v.of, i)
				}
			}
		}
		s.groups = append(s.groups, v)
	}
	return s, nil
}

// limitGroups returns parts of the limits that have small fronts, and that together are all of them.
func (l *Lattice) limitGroups(limits []limit) [][]limit {
	if len(limits) < 2 {
		return [][]limit{limits}
	}
	var out [][]limit
	for i := range limits {
		alone := true
		for j := range limits {
			if i == j || l.opposite(limits[i].metric, limits[j].metric) {
				continue
			}
			alone = false
			if i < j {
				out = append(out, []limit{limits[i], limits[j]})
			}
		}
		if alone {
			out = append(out, limits[i:i+1])
		}
	}
	return out
}

// opposite reports whether two components are the same cost, one of them turned around.
func (l *Lattice) opposite(a, b int) bool {
	return l.definitions[a].metric == l.definitions[b].metric && l.definitions[a].negated != l.definitions[b].negated
}
