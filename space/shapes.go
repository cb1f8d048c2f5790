package space

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/network"
)

// shapeSets computes which shapes can come out of items, each item once.
type shapeSets struct {
	space *Space
	known map[itemKey][]network.Shape
}

type itemKey struct {
	node  Node
	env   string
	shape network.Shape
}

func newShapeSets(s *Space) *shapeSets { return &shapeSets{s, map[itemKey][]network.Shape{}} }

var errTooManyItems = fmt.Errorf("the space has more than %d combinations of nodes, variables and shapes to look at", maxItems)

// shapes returns the shapes that can come out of n for a tensor of shape in, sorted. None means that no derivation fits.
func (r *shapeSets) shapes(n Node, env Env, in network.Shape) ([]network.Shape, error) {
	key := itemKey{n, env.Key(r.space.vars[n]), in}
	if known, ok := r.known[key]; ok {
		return known, nil
	}
	if len(r.known) >= maxItems {
		return nil, errTooManyItems
	}
	outs, err := r.compute(n, env, in)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(outs, compareShapes)
	outs = slices.Compact(outs)
	r.known[key] = outs
	return outs, nil
}

func compareShapes(a, b network.Shape) int {
	if a.H != b.H {
		return a.H - b.H
	}
	if a.W != b.W {
		return a.W - b.W
	}
	return a.C - b.C
}

func (r *shapeSets) compute(n Node, env Env, in network.Shape) ([]network.Shape, error) {
	switch n := n.(type) {
	case *Leaf:
		out, _, err := r.space.apply(n, env, in)
		if err != nil {
			return nil, nil // the leaf does not fit here, which is no error of the computation
		}
		return []network.Shape{out}, nil
	case *Seq, *Scope:
		return r.parts(n, 0, env, in)
	case *Case:
		i, err := n.index(env)
		if err != nil {
			return nil, err
		}
		return r.parts(n, i, env, in)
	case *Choice, *Let:
		count := 1
		if p, ok := PointOf(n, nil); ok {
			count = p.Count
		}
		var outs []network.Shape
		for i := range count {
			more, err := r.parts(n, i, env, in)
			if err != nil {
				return nil, err
			}
			outs = append(outs, more...)
		}
		return outs, nil
	case *Residual:
		return r.shapes(n.Body, env, in)
	case *Repeat:
		return r.repeat(n, env, in)
	case *Parallel:
		return r.parallel(n, env, in)
	case *Dag:
		return r.dag(n, env, in)
	case *Skips:
		return r.skips(n, env, in)
	case *Cells:
		return r.cells(n, env, in)
	}
	return nil, fmt.Errorf("%T is no node of a space", n)
}

// step returns the shapes that can come out of n for any of the shapes in.
func (r *shapeSets) step(n Node, env Env, in []network.Shape) ([]network.Shape, error) {
	var outs []network.Shape
	for _, x := range in {
		more, err := r.shapes(n, env, x)
		if err != nil {
			return nil, err
		}
		outs = append(outs, more...)
	}
	slices.SortFunc(outs, compareShapes)
	return slices.Compact(outs), nil
}

// parts returns the shapes that can come out of a node under an option.
func (r *shapeSets) parts(n Node, option int, env Env, in network.Shape) ([]network.Shape, error) {
	if let, ok := n.(*Let); ok {
		env = let.Bind(env, option)
	}
	at := []network.Shape{in}
	for i, parts := 0, PartsOf(n, option); i < parts.Len(); i++ {
		part, _ := parts.At(i, nil)
		var err error
		if at, err = r.step(part, env, at); err != nil {
			return nil, err
		}
	}
	return at, nil
}

func (r *shapeSets) repeat(n *Repeat, env Env, in network.Shape) ([]network.Shape, error) {
	var outs []network.Shape
	at := []network.Shape{in}
	for copied := 0; ; copied++ {
		if slices.Contains(n.Counts, copied) {
			outs = append(outs, at...)
		}
		if copied >= slices.Max(n.Counts) || len(at) == 0 {
			return outs, nil
		}
		var err error
		if at, err = r.step(n.Copy(copied), env, at); err != nil {
			return nil, err
		}
	}
}

func (r *shapeSets) parallel(n *Parallel, env Env, in network.Shape) ([]network.Shape, error) {
	var joined []network.Shape
	for i, branch := range n.Branches {
		outs, err := r.shapes(branch, env, in)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			joined = outs
		} else {
			joined = joinSets(n.Join, joined, outs)
		}
	}
	return joined, nil
}

// joinSets returns the shapes of a joined with one of b. Both kinds of join are associative, so branches can be joined one by one.
func joinSets(j Join, a, b []network.Shape) []network.Shape {
	var out []network.Shape
	for _, x := range a {
		for _, y := range b {
			if s, err := j.Shape(x, y); err == nil {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, compareShapes)
	return slices.Compact(out)
}

// dag goes through the nodes of a cell with the set of shapes that all nodes so far can have together.
func (r *shapeSets) dag(n *Dag, env Env, in network.Shape) ([]network.Shape, error) {
	states := [][]network.Shape{{in}}
	for _, edges := range n.Nodes {
		var next [][]network.Shape
		for _, state := range states {
			var sum []network.Shape
			for i, e := range edges {
				outs, err := r.shapes(e.Node, env, state[e.From])
				if err != nil {
					return nil, err
				}
				if i == 0 {
					sum = outs
				} else {
					sum = joinSets(Add, sum, outs)
				}
			}
			for _, s := range sum {
				next = append(next, append(slices.Clip(state), s))
			}
			if len(next) > maxItems {
				return nil, errTooManyItems
			}
		}
		states = next
	}
	var outs []network.Shape
	for _, state := range states {
		var joined []network.Shape
		for i, k := range n.Outputs() {
			if i == 0 {
				joined = []network.Shape{state[k]}
			} else {
				joined = joinSets(n.Join, joined, []network.Shape{state[k]})
			}
		}
		outs = append(outs, joined...)
	}
	return outs, nil
}

// skips wants every layer to have one shape, and all later ones to be within reach of a pooling.
func (r *shapeSets) skips(n *Skips, env Env, in network.Shape) ([]network.Shape, error) {
	at := in
	var before []network.Shape
	for k, layer := range n.Layers {
		outs, err := r.shapes(layer, env, at)
		if err != nil {
			return nil, err
		}
		if len(outs) == 0 {
			return nil, nil
		}
		if len(outs) > 1 {
			return nil, mistake(n, indexed("layers", k), "the shape of %s depends on its decisions: for input %v it may be %v or %v",
				n.LayerName(k), at, outs[0], outs[1])
		}
		at = outs[0]
		for j, from := range before {
			if _, err := AdaptCost(from, at); err != nil {
				return nil, mistake(n, indexed("layers", k), "%s cannot be fed by %s: %w", n.LayerName(k), n.LayerName(j), err)
			}
		}
		before = append(before, at)
	}
	return []network.Shape{at}, nil
}
