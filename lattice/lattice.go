package lattice

import (
	"fmt"
	"sync"

	"github.com/trellis-nas/trellis/space"
)

// Lattice is a space compiled for dynamic programming. It is immutable and may be used from several goroutines at once.
type Lattice struct {
	space       *space.Space
	definitions []*metricDefinition // of the components of costs
	decisions   []Decision
	ambiguous   bool            // two decisions have the same name, and not the same options
	decisionOf  []int32         // of every item but the end, which is item 0
	first       []int32         // the steps of item i are steps[first[i]:first[i+1]]; they lead to items of lower number
	steps       []step          // of an item by ascending choice
	fixed       costs           // what every architecture pays
	previous    []taken         // the step that led to every item, in a lattice with previous options
	context     *pathContext    // what items store of the prefixes that lead to them; nil for nothing
	contexts    []contextValues // by item, if there is a context
	peakLimit   int64           // the limit on peak memory that it was compiled with; 0 is ignored
	all         *Lattice        // the lattice that a limit on memory has taken steps from; nil if none has
	whole       *Lattice        // whose items were split into the items of this one, with previous options or a context; otherwise nil
	partOf      []int32         // by item: which of these it is a part of
	highest     []costs         // the most that the steps after an item cost; the least is 0 in every metric
	memoryLimit int             // bytes that an answer may hold

	numbered    sync.Once // guards those below, made when first asked
	keys        []parameterKey
	parameterOf []int32 // of every step
}

// Decision is a decision of a space, with the labels of its options.
type Decision struct {
	Name    string
	Options []string
}

// Space returns the space of the lattice.
func (l *Lattice) Space() *space.Space { return l.space }

// Size returns the number of items and of steps.
func (l *Lattice) Size() (items, steps int) { return len(l.decisionOf), len(l.steps) }

// Decisions returns the decisions that derivations may meet. The slice must not be changed.
func (l *Lattice) Decisions() []Decision { return l.decisions }

// root returns the item where every path begins.
func (l *Lattice) root() int32 { return int32(len(l.decisionOf)) - 1 }

// after returns the steps of an item.
func (l *Lattice) after(item int32) []step { return l.steps[l.first[item]:l.first[item+1]] }

// reach drops the items that no path from root meets, root last, and finds the highest costs of the others.
func (l *Lattice) reach(root int32) {
	met := make([]bool, len(l.decisionOf))
	met[root], met[end] = true, true
	for i := root; i > end; i-- {
		if met[i] {
			for _, s := range l.after(i) {
				met[s.next] = true
			}
		}
	}
	number := make([]int32, len(met))
	kept := Lattice{decisionOf: []int32{-1}, first: []int32{0, 0}, highest: []costs{{}}}
	for i := int32(end + 1); i <= root; i++ {
		if !met[i] {
			continue
		}
		number[i] = int32(len(kept.decisionOf))
		var most costs
		for _, s := range l.after(i) {
			s.next = number[s.next]
			kept.steps = append(kept.steps, s)
			most = most.most(s.cost.plus(kept.highest[s.next]))
		}
		kept.decisionOf = append(kept.decisionOf, l.decisionOf[i])
		kept.first = append(kept.first, int32(len(kept.steps)))
		kept.highest = append(kept.highest, most)
	}
	l.decisionOf, l.first, l.steps, l.highest = kept.decisionOf, kept.first, kept.steps, kept.highest
}

// follow calls visit with every step of the path of an architecture, and returns an error if it has none.
func (l *Lattice) follow(a space.Arch, visit func(item int32, at int)) error {
	var buffer [manyDecisions]int
	choices := a.AppendChoices(buffer[:0])
	item := l.root()
	for met, choice := range choices {
		if item == end {
			return fmt.Errorf("architecture %q is not of space %q: it has %d choices, but there are %d decisions", a, l.space.Name(), len(choices), met)
		}
		at, ok := l.find(item, choice)
		if !ok {
			return fmt.Errorf("architecture %q is not of space %q: choice %d cannot be %d, of %s", a, l.space.Name(), met, choice, l.decisions[l.decisionOf[item]].Name)
		}
		visit(item, at)
		item = l.steps[at].next
	}
	if item != end {
		return fmt.Errorf("architecture %q is not of space %q: it has no choice for %s", a, l.space.Name(), l.decisions[l.decisionOf[item]].Name)
	}
	return nil
}

// find returns the index of the step of an item that takes a choice.
func (l *Lattice) find(item int32, choice int) (int, bool) {
	if at := int(l.first[item]) + choice; at < int(l.first[item+1]) && int(l.steps[at].choice) == choice { // no choice before it is missing
		return at, true
	}
	for at := l.first[item]; at < l.first[item+1]; at++ {
		if int(l.steps[at].choice) == choice {
			return int(at), true
		}
	}
	return 0, false
}

// Cost returns what an architecture costs, from the lattice, without building its network.
func (l *Lattice) Cost(a space.Arch, m Metric) (int64, error) {
	l, index, err := l.withComponent(m)
	if err != nil {
		return 0, err
	}
	sum := l.fixed[index]
	err = l.follow(a, func(_ int32, at int) { sum += l.steps[at].cost[index] })
	return sum, err
}
