package space

import (
	"slices"

	"github.com/trellis-nas/trellis/network"
)

// cells wants the shapes in every cell to be fixed: the same for both inputs, and for all nodes.
func (r *shapeSets) cells(n *Cells, env Env, in network.Shape) ([]network.Shape, error) {
	older, last := in, in
	for i, c := range n.Chain {
		enters, err := r.cellInput(n, i, env, older, last)
		if err != nil || len(enters) == 0 {
			return nil, err
		}
		kind := &n.Kinds[c.Kind]
		node, err := r.cellNode(n, i, kind.On(0), env, enters[0])
		if err != nil || len(node) == 0 {
			return nil, err
		}
		if kind.Nodes > 1 {
			again, err := r.cellNode(n, i, kind.Operations, env, node[0])
			if err != nil {
				return nil, err
			}
			if len(again) == 0 || again[0] != node[0] {
				return nil, mistake(n, kindPart(n, c.Kind)+".operations", "the shape in %s depends on its decisions: an edge from an input gives %v, one from there %s",
					cellPath(i, nil), node[0], shapeOrNone(again))
			}
		}
		out, err := Concat.Shape(slices.Repeat(node, kind.Nodes)...)
		if err != nil {
			return nil, nil
		}
		older, last = last, out
	}
	return []network.Shape{last}, nil
}

// cellInput returns the one shape of the inputs of a cell, or nothing if they do not fit.
func (r *shapeSets) cellInput(n *Cells, i int, env Env, older, last network.Shape) ([]network.Shape, error) {
	first, err := r.shapes(n.Chain[i].Older, env, older)
	if err != nil || len(first) == 0 {
		return nil, err
	}
	second, err := r.shapes(n.Chain[i].Last, env, last)
	if err != nil || len(second) == 0 {
		return nil, err
	}
	if first[0] != second[0] {
		return nil, mistake(n, indexed("chain", i), "the inputs of %s differ in shape: %v and %v", cellPath(i, nil), first[0], second[0])
	}
	return first, nil
}

// cellNode returns the one shape that all operations give, or nothing if none of them fits.
func (r *shapeSets) cellNode(n *Cells, i int, operations []Option, env Env, in network.Shape) ([]network.Shape, error) {
	var one []network.Shape
	for k, o := range operations {
		outs, err := r.shapes(o.Node, env, in)
		if err != nil {
			return nil, err
		}
		if k == 0 {
			one = outs
		} else if !slices.Equal(one, outs) {
			return nil, mistake(n, kindPart(n, n.Chain[i].Kind), "the shape in %s depends on its decisions: for input %v %s gives %s and %s gives %s",
				cellPath(i, nil), in, operations[0].Label, shapeOrNone(one), o.Label, shapeOrNone(outs))
		}
	}
	return one, nil
}

func shapeOrNone(shapes []network.Shape) string {
	if len(shapes) == 0 {
		return "none, for it does not fit"
	}
	return shapes[0].String()
}
