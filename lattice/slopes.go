package lattice

// slopes are what the search of Best goes by without a table. What is the best score that a rest of the budgets allows behind an item is a
// staircase: the front of costs against score behind that item. Fronts are far smaller than the states of the budgets, so that the bound
// of A* is as exact and costs next to nothing.
//
// Fronts of two limits bound exactly. Those of more are large, and those of one metric limited from both sides are all of its sums; then
// every pair of limits has fronts, and the least of their bounds counts, which may be too hopeful: some beginnings lead nowhere.
type slopes struct {
	lattice *Lattice
	limits  []limit
	weights []float64 // of the steps
	fixed   float64   // the weight of the fixed step
	views   []view
	totals  *totals // if the score is a cost that is limited itself
}

// view is a part of the limits.
type view struct {
	*trader
	of []int // by dim: which limit
}

// slopes returns slopes of at most bound points. views are the parts of the limits that have fronts.
func (o *Outline) slopes(weight func(Step) float64, views [][]limit, bound int) (*slopes, error) {
	l := o.lattice
	s := &slopes{lattice: l, limits: o.tight, weights: l.weighed(weight), fixed: weight(l.fixedStep())}
	for _, part := range views {
		t := l.trader(nil, part, 0)
		if err := t.trade(s.weights, bound); err != nil {
			return nil, err
		}
		bound -= t.held
		v := view{trader: t}
		for _, m := range t.dims {
			for i, limit := range s.limits {
				if limit.metric == m {
					v.of = append(v.of, i)
				}
			}
		}
		s.views = append(s.views, v)
	}
	return s, nil
}

// views returns parts of limits that have small fronts, and that together are all of them.
func (l *Lattice) views(limits []limit) [][]limit {
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
	return l.meters[a].metric == l.meters[b].metric && l.meters[a].negated != l.meters[b].negated
}
