package search

import (
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// decisionIndex writes architectures of one space as vectors, so that they can be compared place by place: a place is a decision
// by its name, 0 where an architecture does not meet it and the option counted from 1 where it does. Places are given out as
// decisions are first met, so a vector may be shorter than a later one; what is not there is 0.
type decisionIndex struct {
	space   *space.Space
	lattice *lattice.Lattice // that knows the vectors; nil for none
	places  map[string]int
	options []int // of every place: how many there are, as far as is known
}

func newDecisionIndex(s *space.Space) *decisionIndex {
	return &decisionIndex{space: s, places: map[string]int{}}
}

// newDecisionIndexOf returns an index that asks the lattice of a region, if it has one. Places are then those of the lattice's decisions, and all
// there from the beginning.
func newDecisionIndexOf(r Region) *decisionIndex {
	e := newDecisionIndex(r.Space())
	if e.lattice = latticeOf(r); e.lattice != nil {
		for i, d := range e.lattice.Decisions() {
			e.places[d.Name] = i
			e.options = append(e.options, len(d.Options))
		}
	}
	return e
}

// learn returns the vector of an architecture and gives places to the decisions that have none.
func (e *decisionIndex) learn(a space.Arch) []uint16 {
	v := make([]uint16, len(e.places))
	if e.lattice != nil {
		if options, err := e.lattice.Options(a); err == nil { // else a limit on memory keeps it out of the lattice
			for i, o := range options {
				v[i] = uint16(o)
			}
			return v
		}
	}
	for _, d := range e.space.Decisions(a) {
		at, known := e.places[d.Name]
		if !known {
			at = len(e.places)
			e.places[d.Name] = at
			e.options = append(e.options, 0)
			v = append(v, 0)
		}
		e.options[at] = max(e.options[at], len(d.Options))
		v[at] = uint16(d.Chosen + 1)
	}
	return v
}

// of returns the vector of an architecture with a place of its own at the end for each decision that has none. It changes
// nothing, and so is safe for concurrent use when nothing is learnt any more.
func (e *decisionIndex) of(a space.Arch) []uint16 {
	v := make([]uint16, len(e.places))
	for _, d := range e.space.Decisions(a) {
		if at, known := e.places[d.Name]; known {
			v[at] = uint16(d.Chosen + 1)
		} else {
			v = append(v, uint16(d.Chosen+1))
		}
	}
	return v
}

// hamming counts the places in which two vectors differ.
func hamming(a, b []uint16) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for i, x := range a {
		if x != b[i] {
			n++
		}
	}
	for _, x := range b[len(a):] {
		if x != 0 {
			n++
		}
	}
	return n
}
