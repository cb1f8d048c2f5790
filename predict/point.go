package predict

import (
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Point is an architecture as surrogates see it.
type Point struct {
	// Options holds, for each decision that the encoder knows, 0 if the derivation does not meet it and otherwise the number of the label
	// it takes, from 1. Decisions that it came to know later than this point are missing at the end, and not met.
	Options []int
	Labels  []Count    // of the network's graph, in ascending order of the features
	Paths   []Count    // through the network's cells, likewise
	Cost    [2]float64 // natural logarithms of 1 + params and of 1 + MACs
	Key     uint64     // shared by networks that are equal but for dead branches and the order of nodes
}

// Encoder makes points of the architectures of a space. It learns decisions and labels as it meets them and is not safe for concurrent
// use; points of one encoder can be compared with each other only. Make one with [NewEncoder].
type Encoder struct {
	space   *space.Space
	columns map[string]int   // of decisions
	options []map[string]int // of labels, for each column
	grains  map[site]grain
}

// site is what the label of a part depends on.
type site struct {
	op    network.Op
	shape network.Shape
}

// NewEncoder returns an encoder of a space.
func NewEncoder(s *space.Space) *Encoder {
	return &Encoder{space: s, columns: map[string]int{}, grains: map[site]grain{}}
}

// Encode returns the point of an architecture. It builds its network, so it costs some hundred microseconds. It panics if a is not of the
// space.
func (e *Encoder) Encode(a space.Arch) Point {
	p := e.Decisions(a)
	g, err := e.space.Network(a)
	if err != nil {
		panic(fmt.Sprintf("predict: %v", err))
	}
	cost := g.Cost()
	p.Cost = [2]float64{math.Log1p(float64(cost.Params)), math.Log1p(float64(cost.MACs))}
	canonical := canonicalOf(g)
	p.Key = canonical.key(func(p *part) uint64 { return e.grain(p).fine })
	p.Labels = canonical.histogram(e.grain)
	p.Paths = canonical.paths(e.grain)
	return p
}

// Decisions returns the point of an architecture without its network: only the options are filled in. It costs a derivation.
func (e *Encoder) Decisions(a space.Arch) Point {
	var p Point
	p.Options = make([]int, len(e.columns))
	for _, d := range e.space.Decisions(a) {
		column, known := e.columns[d.Name]
		if !known {
			column = len(e.columns)
			e.columns[d.Name] = column
			e.options = append(e.options, map[string]int{})
			p.Options = append(p.Options, 0)
		}
		label := d.Options[d.Chosen]
		option, known := e.options[column][label]
		if !known {
			option = len(e.options[column]) + 1
			e.options[column][label] = option
		}
		p.Options[column] = option
	}
	return p
}

// Levels returns, for each decision known so far, one more than the number of options known: all values of Point.Options are below.
func (e *Encoder) Levels() []int {
	out := make([]int, len(e.options))
	for i, o := range e.options {
		out[i] = len(o) + 1
	}
	return out
}

// grain returns the labels of a part.
func (e *Encoder) grain(p *part) grain {
	at := site{p.op, p.shape}
	g, known := e.grains[at]
	if !known {
		g.fine = hashText(p.op.String() + " of " + p.shape.String())
		g.coarse = hashText(coarse(p.op, p.shape.C))
		e.grains[at] = g
	}
	return g
}

// coarse says what an operator does, but not at what size: channels are given as the ratio of output to input.
func coarse(op network.Op, channels int) string {
	switch op := op.(type) {
	case network.Conv:
		ratio := float64(op.Out) / float64(channels)
		op.Out, op.Groups = 1, min(op.Groups, 2)
		return fmt.Sprintf("%v ratio=%.3g", op, ratio)
	case network.Dense:
		return op.Kind()
	}
	return op.String()
}
