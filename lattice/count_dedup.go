package lattice

import (
	"math/bits"
	"slices"
)

// dedup collects remaining budgets and returns each once, sorted: in a bit map where that takes little memory, and by sorting elsewhere.
type dedup struct {
	bits      int // of a remaining budget
	marks     []uint64
	marked    int
	low, high uint64 // words of marks that are in use
	list      []remaining
	spare     []remaining
}

// markBits is the width of remaining budgets up to which there is a bit map, of 32 megabytes at most.
const markBits = 28

// marking reports whether there is a bit map.
func (g *dedup) marking() bool { return g.bits <= markBits }

// reset empties the dedup set.
func (g *dedup) reset() {
	if g.marking() && g.marks == nil {
		g.marks = make([]uint64, (1<<g.bits+63)/64)
	}
	if g.marked > 0 {
		clear(g.marks[g.low : g.high+1])
	}
	g.marked, g.low, g.high = 0, ^uint64(0), 0
	g.list = g.list[:0]
}

func (g *dedup) add(p remaining) {
	if g.marks == nil {
		g.list = append(g.list, p)
		return
	}
	w, b := p>>6, uint64(1)<<(p&63)
	if g.marks[w]&b == 0 {
		g.marks[w] |= b
		g.marked++
		g.low, g.high = min(g.low, w), max(g.high, w)
	}
}

// addMoved adds every remaining budget of a dense index, plus by, that is from low to high: 64 at a time.
func (g *dedup) addMoved(x *index, by, low, high int64) {
	first := int64(x.low) + by // where the first bit of words[1] goes
	low, high = max(low, first), min(high, first+int64(len(x.words)-2)<<6-1)
	if low > high {
		return
	}
	from, to := low>>6, high>>6
	at := from<<6 - first + 64 // in x.words, by bits
	source, shift := x.words[at>>6:], uint(at&63)
	into := g.marks[from : to+1]
	last := len(into) - 1
	firstBits, lastBits := ^uint64(0)<<(low&63), ^uint64(0)>>(63-high&63)
	if last == 0 {
		g.mark(into, 0, moved(source, 0, shift)&firstBits&lastBits)
	} else {
		g.mark(into, 0, moved(source, 0, shift)&firstBits)
		g.mark(into, last, moved(source, last, shift)&lastBits)
		g.markInside(into[1:last], source[1:last+1], shift)
	}
	g.low, g.high = min(g.low, uint64(from)), max(g.high, uint64(to))
}

// moved returns word i of words that begin shift bits later. There is one behind it, as either end of an index is empty.
func moved(words []word, i int, shift uint) uint64 {
	return words[i].marks>>shift | words[i+1].marks<<(64-shift)
}

// markInside adds to every word the moved one of source, which has one word more.
func (g *dedup) markInside(into []uint64, source []word, shift uint) {
	source = source[:len(into)+1]
	word, fresh := source[0].marks, 0
	for i, have := range into {
		next := source[i+1].marks
		b := (word>>shift | next<<(64-shift)) &^ have
		into[i] = have | b
		fresh += bits.OnesCount64(b)
		word = next
	}
	g.marked += fresh
}

// mark adds marks to a word.
func (g *dedup) mark(words []uint64, i int, marks uint64) {
	g.marked += bits.OnesCount64(marks &^ words[i])
	words[i] |= marks
}

// distinct returns how many different remaining budgets a bit map has.
func (g *dedup) distinct() int { return g.marked }

// sorted returns the remaining budgets of a bit map, with their index.
func (g *dedup) sorted() index {
	if g.marked == 0 {
		return index{}
	}
	return indexOfMarks(g.marks[g.low:g.high+1], g.low<<6, g.marked)
}

func (g *dedup) merge() {
	g.sort()
	g.list = slices.Compact(g.list)
}

// sort is a radix sort in 11-bit digits, least significant first, from the length where that pays.
func (g *dedup) sort() {
	if len(g.list) < 512 {
		slices.Sort(g.list)
		return
	}
	const digit, mask = 11, 1<<11 - 1
	if cap(g.spare) < len(g.list) {
		g.spare = make([]remaining, cap(g.list))
	}
	from, to := g.list, g.spare[:len(g.list)]
	for shift := 0; shift < g.bits; shift += digit {
		var count [mask + 2]int
		for _, p := range from {
			count[p>>shift&mask+1]++
		}
		for i := range mask {
			count[i+1] += count[i]
		}
		for _, p := range from {
			at := &count[p>>shift&mask]
			to[*at] = p
			*at++
		}
		from, to = to, from
	}
	g.list, g.spare = from, to
}
