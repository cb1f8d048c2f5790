package lattice

import "math"

// masses are the sums of exp(weight) over the paths behind every state and with every sum of completions. They are held as they are, each
// relative to the greatest single path behind its junction, as long as neither the least likely path nor the number of paths is out of
// the range of a float64 then; else as logarithms, which are added some twenty times slower.
type masses struct {
	logs      bool
	reference []float64 // by junction: the logarithm that masses behind it are relative to
	leads     []bool    // by junction: some path behind it is not forbidden
	routes    []float64
	states    [][]float64
	sums      [][]float64
}

// massRange bounds the logarithm of what masses may differ by to be held as they are; float64 reaches 10^±308 = exp(±708).
const massRange = 600

// newMasses returns the masses of weights of steps, of which −Inf forbids one. With logs they are logarithms in any case.
func newMasses(r *CountedRegion, weights []float64, logs bool) *masses {
	t := r.table
	n := len(t.j.items)
	m := &masses{logs: logs, reference: make([]float64, n), routes: make([]float64, len(t.j.routes)), states: make([][]float64, n), sums: make([][]float64, n)}
	for r, route := range t.j.routes {
		for _, at := range t.j.steps[route.from:route.to] {
			m.routes[r] += weights[at]
		}
	}
	if m.logs = m.logs || !m.level(t); m.logs {
		clear(m.reference)
	} else {
		for i := range t.j.items {
			for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
				if m.routes[r] = math.Exp(m.routes[r] + m.reference[t.j.routes[r].next] - m.reference[i]); !m.leads[t.j.routes[r].next] {
					m.routes[r] = 0 // however great its own weight is
				}
			}
		}
	}
	for i := range t.j.items {
		if t.back[i] != nil {
			m.sums[i] = m.behindSums(t, i)
		}
		if len(t.states[i]) > 0 {
			m.states[i] = m.behindStates(t, i)
		}
	}
	return m
}

// level finds the reference of every junction, and reports whether masses relative to them are in range.
func (m *masses) level(t *table) bool {
	n := len(t.j.items)
	least, most, paths := make([]float64, n), make([]float64, n), make([]float64, n)
	paths[end] = 1
	for i := 1; i < n; i++ {
		for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
			next, w := t.j.routes[r].next, m.routes[r]
			if paths[next] == 0 || math.IsInf(w, -1) {
				continue
			}
			low, high := w+least[next], w+most[next]
			if paths[i] == 0 {
				least[i], most[i] = low, high
			}
			least[i], most[i] = min(least[i], low), max(most[i], high)
			paths[i] += paths[next]
		}
	}
	copy(m.reference, most)
	m.leads = make([]bool, n)
	for i := range paths {
		m.leads[i] = paths[i] > 0
	}
	// A path to a junction and one behind it make a whole path, so that the range of whole paths bounds all others.
	return most[n-1]-least[n-1]+math.Log(max(1, paths[n-1])) <= massRange
}

func (m *masses) zero() float64 {
	if m.logs {
		return math.Inf(-1)
	}
	return 0
}

func (m *masses) one() float64 {
	if m.logs {
		return 0
	}
	return 1
}

func (m *masses) plus(a, b float64) float64 {
	if m.logs {
		return LogSum{}.Plus(a, b)
	}
	return a + b
}

func (m *masses) times(a, b float64) float64 {
	if m.logs {
		return a + b
	}
	return a * b
}

// share returns the share of a part in a whole that is not zero.
func (m *masses) share(part, whole float64) float64 {
	if m.logs {
		return math.Exp(part - whole)
	}
	return part / whole
}

// log returns the logarithm of a mass behind a junction.
func (m *masses) log(mass float64, junction int) float64 {
	if !m.logs {
		mass = math.Log(mass)
	}
	return mass + m.reference[junction]
}

// none returns n masses of nothing.
func (m *masses) none(n int) []float64 {
	out := make([]float64, n)
	if m.logs {
		for i := range out {
			out[i] = math.Inf(-1)
		}
	}
	return out
}

func (m *masses) behindStates(t *table, i int) []float64 {
	if t.back[i] != nil {
		return m.payable(t, i, m.sums[i])
	}
	out := m.none(len(t.states[i]))
	t.strides(i, func(of stride) { m.add(out[of.from:], of.to, m.routes[of.route], m.states[of.next]) })
	return out
}

func (m *masses) behindSums(t *table, i int) []float64 {
	out := m.none(len(t.back[i].sums))
	if i == end {
		out[0] = m.one()
	}
	t.joins(i, func(of stride) {
		weight := m.routes[of.route]
		if !m.logs {
			scatter(out, of.to, weight, m.sums[of.next][of.from:])
			return
		}
		for s, x := range m.sums[of.next][of.from : of.from+len(of.to)] {
			if at := of.to[s]; at >= 0 {
				out[at] = m.plus(out[at], m.times(weight, x))
			}
		}
	})
	return out
}

// payable returns for every state of a junction the sum of what belongs to the completions that it pays for.
func (m *masses) payable(t *table, i int, of []float64) []float64 {
	if !m.logs && len(t.packing.fields) < 2 {
		return behindRemaining(t.states[i], t.back[i].sums, of)
	}
	return affordable(&t.packing, t.states[i], t.back[i], func(at int) float64 { return of[at] }, m.zero,
		func(into *float64, x float64) { *into = m.plus(*into, x) })
}

// payers is the transpose of payable: it adds to each completion what belongs to the states that pay for it.
func (m *masses) payers(t *table, i int, of, into []float64) {
	if have, sums := t.states[i], t.back[i].sums; !m.logs && len(t.packing.fields) < 2 {
		sum, next := 0.0, len(have)-1
		for at := len(sums) - 1; at >= 0; at-- {
			for ; next >= 0 && have[next] >= sums[at]; next-- {
				sum += of[next]
			}
			into[at] += sum
		}
		return
	}
	before := payers(&t.packing, t.states[i], t.back[i], of, m.zero, func(into *float64, x float64) { *into = m.plus(*into, x) })
	for at, x := range before {
		into[at] = m.plus(into[at], x)
	}
}

// behindRemaining returns for every remaining budget the sum of the masses of the completions that it pays for; both are in ascending order.
func behindRemaining(have, sums []remaining, masses []float64) []float64 {
	out := make([]float64, len(have))
	sum, at := 0.0, 0
	for i, have := range have {
		for ; at < len(sums) && sums[at] <= have; at++ {
			sum += masses[at]
		}
		out[i] = sum
	}
	return out
}

// scatter adds a weight times each mass to the one at its place.
func scatter(into []float64, to []int32, weight float64, masses []float64) {
	masses = masses[:len(to)]
	for s, at := range to {
		if at >= 0 {
			into[at] += weight * masses[s]
		}
	}
}

// add adds to each mass the weight times the mass that it leads to.
func (m *masses) add(into []float64, to []int32, weight float64, next []float64) {
	if m.logs {
		for s, at := range to {
			if at >= 0 {
				into[s] = m.plus(into[s], weight+next[at])
			}
		}
		return
	}
	for s, at := range to {
		if at >= 0 {
			into[s] += weight * next[at]
		}
	}
}
