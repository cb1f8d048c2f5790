package lattice

import "sync"

// joinCache remembers where the routes of junctions with completions lead, which is the same for all weights: a policy asks for it at every
// step.
type joinCache struct {
	once sync.Once
	to   [][]int32 // by route: for the sums of the next junction, as far as some are led on, their places here; nil if they are too many
}

// maxJoinCache bounds what is remembered, in places of four bytes.
const maxJoinCache = 1 << 24

// cachedJoins returns the places that the routes of junctions with completions lead to, or nil if they are too many.
func (t *table) cachedJoins() [][]int32 {
	t.joinCache.once.Do(func() {
		total := 0
		for i := range t.j.items {
			for r := t.j.first[i]; t.back[i] != nil && t.first(i) && r < t.j.first[i+1]; r++ {
				if t.packed[r] != unaffordable {
					total += len(t.back[t.j.routes[r].next].sums)
				}
			}
		}
		if total > maxJoinCache {
			return
		}
		t.joinCache.to = make([][]int32, len(t.j.routes))
		for i := range t.j.items {
			if t.back[i] != nil {
				t.join(i)
			}
		}
	})
	return t.joinCache.to
}

// join remembers where the routes of a junction lead. Those of one that is the same as another share its places.
func (t *table) join(i int) {
	first := t.j.first[t.same[i]]
	for r := t.j.first[i]; r < t.j.first[i+1]; r++ {
		if t.packed[r] == unaffordable {
			continue
		}
		next := t.j.routes[r].next
		twin := first + r - t.j.first[i]
		if !t.first(i) && twin < t.j.first[t.same[i]+1] && t.packed[twin] == t.packed[r] && t.same[t.j.routes[twin].next] == t.same[next] {
			t.joinCache.to[r] = t.joinCache.to[twin]
			continue
		}
		to := make([]int32, 0, len(t.back[next].sums))
		t.joinRoute(i, r, func(part []int32) { to = append(to, part...) })
		for len(to) > 0 && to[len(to)-1] == nowhereTo {
			to = to[:len(to)-1]
		}
		t.joinCache.to[r] = to
	}
}

// joinRoute calls visit with the places that a route of a junction leads the sums of the next one to, some at a time.
func (t *table) joinRoute(junction int, r int32, visit func(to []int32)) {
	c := t.back[junction]
	f := cursor{in: &c.found}
	sums := t.back[t.j.routes[r].next].sums
	var buffer [chunk]int32
	for from := 0; from < len(sums); from += chunk {
		to := buffer[:0]
		for _, rest := range sums[from:min(from+chunk, len(sums))] {
			at := nowhereTo
			if sum, ok := t.total(rest, r, junction); ok {
				i, _ := f.find(sum)
				at = int32(i)
			}
			to = append(to, at)
		}
		visit(to)
	}
}
