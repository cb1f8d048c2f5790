package lattice

// junctions is a lattice with its items between junctions skipped: an item that one step alone leads to, or that few routes leave, is part
// of the routes of the items before it. Decisions that only together have a cost, as the kernel and the expansion of a block, become
// one route each instead of a level of states each. The paths, and their order, stay the same.
type junctions struct {
	items  []int32 // of the lattice, ascending; the first is the end and the last the root
	first  []int32 // the routes of junction i are routes[first[i]:first[i+1]]
	routes []route // of a junction in lexicographic order of their choices
	steps  []int32 // of the lattice, of all routes one after another
}

// route is a sequence of steps from a junction to the next.
type route struct {
	next     int32 // junction
	from, to int32 // in junctions.steps
	cost     costs
}

const (
	maxRouteLength = 24   // steps of a route
	maxFan         = 4096 // routes of an item that one step leads to, to be skipped
	maxCopied      = 8    // routes of an item that several steps lead to, to be skipped
)

func (l *Lattice) junctions() *junctions {
	j := &junctions{first: []int32{0}}
	number, inner := make([]int32, len(l.decisionOf)), l.innerItems()
	for item := int32(end); item <= l.root(); item++ {
		if inner[item] {
			continue
		}
		number[item] = int32(len(j.items))
		j.items = append(j.items, item)
		if item != end {
			j.extend(l, item, number, inner, nil, costs{})
		}
		j.first = append(j.first, int32(len(j.routes)))
	}
	return j
}

// innerItems says which items are skipped. An item that was split is skipped where the one it was is, so that all of its parts have the same
// routes, and a table holds them once.
func (l *Lattice) innerItems() []bool {
	if l.whole != nil {
		return picked(l.whole.innerItems(), l.partOf)
	}
	n := len(l.decisionOf)
	enter, fan, length := make([]int32, n), make([]int, n), make([]int, n)
	for _, s := range l.steps {
		enter[s.next]++
	}
	inner := make([]bool, n)
	for item := int32(end + 1); item < l.root(); item++ {
		length[item] = 1
		for _, s := range l.after(item) {
			if inner[s.next] {
				fan[item] += fan[s.next]
				length[item] = max(length[item], 1+length[s.next])
			} else {
				fan[item]++
			}
		}
		inner[item] = length[item] < maxRouteLength && (fan[item] <= maxCopied || enter[item] == 1 && fan[item] <= maxFan)
	}
	return inner
}

// extend adds all routes that begin with the steps of path, which lead to item.
func (j *junctions) extend(l *Lattice, item int32, number []int32, inner []bool, path []int32, cost costs) {
	for at := l.first[item]; at < l.first[item+1]; at++ {
		s := &l.steps[at]
		next := append(path, at)
		sum := cost.plus(s.cost)
		if inner[s.next] {
			j.extend(l, s.next, number, inner, next, sum)
			continue
		}
		from := int32(len(j.steps))
		j.steps = append(j.steps, next...)
		j.routes = append(j.routes, route{number[s.next], from, int32(len(j.steps)), sum})
	}
}

// after returns the routes of a junction.
func (j *junctions) after(i int) []route { return j.routes[j.first[i]:j.first[i+1]] }

// root returns the last junction.
func (j *junctions) root() int { return len(j.items) - 1 }
