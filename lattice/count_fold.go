package lattice

// FoldWithin is [Fold] over the architectures of a region only: the sum, over those within the limits, of the product of the weights of
// their steps. It costs about as much as making the region. Plus is not always called in the order of the choices.
func FoldWithin[W any](r *CountedRegion, sr Semiring[W], weight func(Step) W) W {
	v := valuesWithin(r, sr, weight)
	fixed := weight(r.lattice.fixedStep())
	return sr.Times(fixed, v.states[r.table.j.root()][0])
}

// values are the values of the parts of a table under a semiring.
type values[W any] struct {
	routes []W   // products of the weights of the steps
	states [][]W // of every state
	sums   [][]W // of every sum of a completion
}

func valuesWithin[W any](r *CountedRegion, sr Semiring[W], weight func(Step) W) *values[W] {
	t, l := r.table, r.lattice
	v := &values[W]{routes: make([]W, len(t.j.routes)), states: make([][]W, len(t.j.items)), sums: make([][]W, len(t.j.items))}
	of := make([]W, len(l.steps))
	for item := int32(end + 1); item <= l.root(); item++ {
		for at := l.first[item]; at < l.first[item+1]; at++ {
			of[at] = weight(l.step(item, at))
		}
	}
	for i, route := range t.j.routes {
		v.routes[i] = sr.One()
		for _, at := range t.j.steps[route.from:route.to] {
			v.routes[i] = sr.Times(v.routes[i], of[at])
		}
	}
	for i := range t.j.items {
		if t.back[i] != nil {
			v.sums[i] = foldSums(t, i, sr, v)
		}
		if len(t.states[i]) > 0 {
			v.states[i] = foldStates(t, i, sr, v)
		}
	}
	return v
}

// foldStates returns the values of the states of a junction, given those of the junctions after it.
func foldStates[W any](t *table, i int, sr Semiring[W], v *values[W]) []W {
	states := t.states[i]
	if t.back[i] != nil {
		return affordable(&t.packing, states, t.back[i], func(at int) W { return v.sums[i][at] }, sr.Zero,
			func(into *W, x W) { *into = sr.Plus(*into, x) })
	}
	out := make([]W, len(states))
	for s := range out {
		out[s] = sr.Zero()
	}
	t.strides(i, func(of stride) {
		weight, next := v.routes[of.route], v.states[of.next]
		for s, at := range of.to {
			if at >= 0 {
				out[of.from+s] = sr.Plus(out[of.from+s], sr.Times(weight, next[at]))
			}
		}
	})
	return out
}

// foldSums returns the values of the completions of a junction: for each sum, over the paths that come to exactly that.
func foldSums[W any](t *table, i int, sr Semiring[W], v *values[W]) []W {
	sums := t.back[i].sums
	out := make([]W, len(sums))
	for s := range out {
		out[s] = sr.Zero()
	}
	if i == end {
		out[0] = sr.One()
		return out
	}
	t.joins(i, func(of stride) {
		weight, next := v.routes[of.route], v.sums[of.next][of.from:]
		for s, at := range of.to {
			if at >= 0 {
				out[at] = sr.Plus(out[at], sr.Times(weight, next[s]))
			}
		}
	})
	return out
}
