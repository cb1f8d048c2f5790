package lattice

// Forward, the states of a junction are the different sums of costs that path prefixes have; backward, what matters is the
// different sums of its completions. Close to the root there are few of the former, close to the end few of the latter, and in the middle
// there may be more of both than memory holds. So a table meets in the middle: junctions near the end hold all their completions,
// and states are followed from the root only up to the first of those.

// completions are the different sums of costs, as remaining budgets, that lead from a junction to the end, sorted, with how many paths have each.
// Sums that no prefix leaves enough for are left out.
type completions struct {
	sums    []remaining
	found   index
	numbers []uint64 // limbs for each sum
}

// backward extends the junctions that have completions to all those that come to at most most sums each, and at most allowed sums in all. It
// returns how many sums there are, and whether a greater most could give more junctions their completions.
func (t *table) backward(most, allowed int) (held int, more bool) {
	for i, c := range t.back {
		if c != nil && t.first(i) {
			held += len(c.sums)
		}
	}
	for i := range t.j.items {
		if t.back[i] != nil {
			continue
		}
		if !t.first(i) {
			t.back[i] = t.back[t.same[i]]
			continue
		}
		if t.back[i] = t.completionsOf(i, min(most, allowed-held)); t.back[i] != nil {
			held += len(t.back[i].sums)
		} else if most < allowed-held {
			more = true
		}
	}
	return held, more
}

// completionsOf returns the completions of a junction, without their numbers, or nil if some next junction has none or they are more
// than most.
func (t *table) completionsOf(i, most int) *completions {
	if i == end {
		found := newIndex([]remaining{0})
		return &completions{sums: found.list, found: found}
	}
	for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
		if next := t.j.routes[r].next; t.packed[r] != unaffordable && (t.back[next] == nil || len(t.back[next].sums) > most) {
			return nil
		}
	}
	t.dedup.reset()
	if !t.dedup.marking() {
		return t.completionsInSlabs(i, most)
	}
	for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
		if t.packed[r] == unaffordable {
			continue
		}
		next := t.back[t.j.routes[r].next]
		if t.narrow() && next.found.dense() {
			t.dedup.addMoved(&next.found, int64(t.packed[r]), 0, int64(t.mostLeft[i]))
		} else {
			t.addTotals(next.sums, r, i)
		}
		if t.dedup.distinct() > most {
			return nil
		}
	}
	found := t.dedup.sorted()
	if len(found.list) > most {
		return nil
	}
	return &completions{sums: found.list, found: found}
}

// completionsInSlabs is completionsOf where there is no bit map.
func (t *table) completionsInSlabs(i, most int) *completions {
	leading := t.packing.leading()
	var sources []source
	for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
		if t.packed[r] != unaffordable {
			sources = append(sources, source{t.back[t.j.routes[r].next].sums, r, int64(t.packed[r] >> leading.shift)})
		}
	}
	sums := t.dedup.inSlabs(leading, sources, ^uint64(0), 1, most, func(s source, part []remaining) { t.addTotals(part, s.route, i) })
	if len(sums) > most {
		return nil
	}
	return &completions{sums: sums, found: newIndex(sums)}
}

// addTotals adds the sums of completions with the cost of a route from a junction to them.
func (t *table) addTotals(sums []remaining, r int32, from int) {
	for _, sum := range sums {
		if sum, ok := t.total(sum, r, from); ok {
			t.dedup.add(sum)
		}
	}
}

// numberCompletions finds how many paths have each sum, from the end on. It returns false if the limbs do not hold all paths of a
// junction together.
func (t *table) numberCompletions() bool {
	for i, c := range t.back {
		if c == nil || !t.first(i) {
			continue
		}
		c.numbers = make([]uint64, len(c.sums)*t.limbs)
		if i == end {
			c.numbers[0] = 1
		}
		if t.limbs == 1 && len(t.packing.fields) == 1 && c.found.dense() {
			if !t.numberStrides(i) {
				return false
			}
			continue
		}
		for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
			if t.packed[r] == unaffordable {
				continue
			}
			next := t.back[t.j.routes[r].next]
			f := cursor{in: &c.found}
			for at, sum := range next.sums {
				if sum, ok := t.total(sum, r, i); ok {
					to, _ := f.find(sum)
					if !addTo(c.number(to, t.limbs), next.number(at, t.limbs)) {
						return false
					}
				}
			}
		}
		all := make([]uint64, t.limbs)
		for at := range c.sums {
			if !addTo(all, c.number(at, t.limbs)) {
				return false
			}
		}
	}
	return true
}

// total returns the sum of a completion with the cost of the route before it, if some prefix may leave enough for that.
func (t *table) total(sum remaining, r int32, junction int) (remaining, bool) {
	left, ok := t.packing.pay(t.mostLeft[junction], t.packed[r])
	if !ok {
		return 0, false
	}
	if _, ok := t.packing.pay(left, sum); !ok {
		return 0, false
	}
	return sum + t.packed[r], true
}

func (c *completions) number(at, limbs int) []uint64 { return c.numbers[at*limbs : (at+1)*limbs] }

// find returns the position of a sum.
func (c *completions) find(sum remaining) (int, bool) {
	f := cursor{in: &c.found, at: len(c.sums) / 2}
	return f.find(sum)
}

// findMostLeft returns for every junction the remaining budget that holds, in each field on its own, the most that any prefix leaves.
func (t *table) findMostLeft() []remaining {
	out := make([]remaining, len(t.j.items))
	met := make([]bool, len(out))
	out[t.j.root()], met[t.j.root()] = t.packing.full, true
	for i := t.j.root(); i > end; i-- {
		if !t.first(i) {
			continue
		}
		for r := t.j.first[i]; met[i] && r < t.j.first[i+1]; r++ {
			if t.packed[r] == unaffordable {
				continue
			}
			if left, ok := t.packing.pay(out[i], t.packed[r]); ok {
				next := t.same[t.j.routes[r].next]
				out[next], met[next] = t.packing.larger(out[next], left), true
			}
		}
	}
	for i, first := range t.same {
		out[i] = out[first]
	}
	return out
}

// larger returns the larger of two remaining budgets in every field.
func (p *packing) larger(a, b remaining) remaining {
	var out remaining
	for _, f := range p.fields {
		out |= max(a>>f.shift&f.mask, b>>f.shift&f.mask) << f.shift
	}
	return out
}
