package lattice

// junctions is a lattice with its items between junctions skipped: an item that one step alone leads to is part of the routes of the
// item before it. Decisions that only together have a cost, as the kernel and the expansion of a block, become one table entry
// each instead of a level of states each. The paths, and their order, stay the same.
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

// maxRouteLength bounds the steps of a route, and so what routes that begin alike hold twice.
const maxRouteLength = 24

func (l *Lattice) junctions() *junctions {
	j := &junctions{first: []int32{0}}
	enter, depth := make([]int32, len(l.decisionOf)), make([]int32, len(l.decisionOf))
	for _, s := range l.steps {
		enter[s.next]++
	}
	number := make([]int32, len(l.decisionOf))
	inner := make([]bool, len(l.decisionOf))
	for item := l.root(); item > end; item-- {
		inner[item] = item != l.root() && enter[item] == 1 && depth[item] > 0 && depth[item] < maxRouteLength
		for _, s := range l.after(item) {
			depth[s.next] = 1
			if inner[item] {
				depth[s.next] = depth[item] + 1
			}
		}
	}
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
