package space

import (
	"errors"
	"fmt"

	"github.com/trellis-nas/trellis/network"
)

// Algebra defines what a [Walk] computes: V stands for the tensors of the network, and every method returns the tensor that an operator makes of
// others. at is where in the tree that is. [Shapes] is the simplest one, and made to be embedded in others.
type Algebra[V any] interface {
	// Shape returns the shape of a tensor, on which depends whether a [Residual] adds its input.
	Shape(x V) network.Shape
	// Leaf applies the block of a leaf.
	Leaf(at *Path, l *Leaf, env Env, x V) (V, error)
	// Join joins two or more tensors. It must not keep the slice.
	Join(at *Path, j Join, in []V) (V, error)
	// Adapt brings a tensor to another shape before it is added in a layer of [Skips]; see [AdaptCost].
	Adapt(at *Path, x V, to network.Shape) (V, error)
	// Norm normalises the output of a layer of [Skips].
	Norm(at *Path, x V) (V, error)
}

// Decide answers a decision of a [Walk]. take walks on under an option to the end of what the decision is about and returns the tensor
// that comes out there: of the option of a [Choice], of the body of a [Let], of the copies of a [Repeat], of the layer that a link of
// [Skips] feeds, of all cells of a [Cells]. To take one option is to derive one architecture; see [Pick]. Whoever takes several has to make
// one tensor of what comes out of them; see [Every]. The decisions met while take walks are answered in turn, one after
// another: take must not be called from several goroutines, nor after the answer was given.
type Decide[V any] func(p Point, take func(option int) (V, error)) (V, error)

// Pick returns what takes one option of every decision, the one that choose gives.
func Pick[V any](choose func(p Point) (option int, err error)) Decide[V] {
	return func(p Point, take func(int) (V, error)) (V, error) {
		i, err := choose(p)
		if err != nil {
			var none V
			return none, err
		}
		return take(i)
	}
}

// Every returns what takes every option of every decision and merges the tensors that come out of those that can be built, as a network
// does that holds all architectures of a space at once. outs[i] came out of option options[i].
//
// The work is the product of the numbers of options where decisions nest: the values of a Let within that of another, the links of one
// layer, and all decisions of Cells, whose number is beyond reach.
func Every[V any](merge func(p Point, options []int, outs []V) (V, error)) Decide[V] {
	return func(p Point, take func(int) (V, error)) (V, error) {
		var options []int
		var outs []V
		var first error
		for i := range p.Count {
			out, err := take(i)
			var misfit *MisfitError
			switch {
			case err == nil:
				options, outs = append(options, i), append(outs, out)
			case !errors.As(err, &misfit):
				return out, err
			case first == nil:
				first = err
			}
		}
		if len(outs) == 0 {
			var none V
			return none, first
		}
		return merge(p, options, outs)
	}
}

// MisfitError is the error of a walk to a network that cannot be built, and so is not part of the space.
type MisfitError struct {
	Where string // the path, empty for the root
	Err   error
}

// Error returns the sentence after the path.
func (m *MisfitError) Error() string {
	if m.Where == "" {
		return m.Err.Error()
	}
	return m.Where + ": " + m.Err.Error()
}

// Unwrap returns Err.
func (m *MisfitError) Unwrap() error { return m.Err }

// Walk visits the tree of a space in preorder, from the input x to the output, and computes with an algebra. It asks decide about every
// decision with several options. That is what a space means: networks, shapes, lists of operators and checks of architectures are
// all walks with different algebras. The error is that of the algebra, as a *[MisfitError], or that of decide.
func Walk[V any](s *Space, a Algebra[V], x V, decide Decide[V]) (V, error) {
	w := walk[V]{a, decide}
	return w.visit(s.root, x, Env{}, nil)
}

type walk[V any] struct {
	algebra Algebra[V]
	decide  Decide[V]
}

func (w *walk[V]) visit(n Node, x V, env Env, at *Path) (V, error) {
	switch n := n.(type) {
	case *Leaf:
		out, err := w.algebra.Leaf(at, n, env, x)
		return out, misfit(at, err)
	case *Case:
		i, err := n.index(env)
		if err != nil {
			return x, err
		}
		return w.parts(PartsOf(n, i), x, env, at)
	case *Seq, *Scope:
		return w.parts(PartsOf(n, 0), x, env, at)
	case *Choice, *Let, *Repeat:
		return w.opened(n, x, env, at)
	case *Parallel:
		return w.parallel(n, x, env, at)
	case *Residual:
		y, err := w.visit(n.Body, x, env, at)
		if err != nil || w.algebra.Shape(x) != w.algebra.Shape(y) {
			return y, err
		}
		return w.join(Add, []V{y, x}, at)
	case *Dag:
		return w.dag(n, x, env, at)
	case *Skips:
		return w.skips(n, x, env, at)
	case *Cells:
		return w.cells(n, x, env, at)
	}
	return x, fmt.Errorf("%T is no node of a space", n)
}

// misfit wraps an error of the algebra, if it is one, with where it came from.
func misfit(at *Path, err error) error {
	if err != nil {
		err = &MisfitError{at.String(), err}
	}
	return err
}

// opened visits a node that may begin with a decision.
func (w *walk[V]) opened(n Node, x V, env Env, at *Path) (V, error) {
	p, ok := PointOf(n, at)
	if !ok {
		return w.under(n, 0, x, env, at)
	}
	return w.decide(p, func(i int) (V, error) {
		if err := p.check(i); err != nil {
			return x, err
		}
		return w.under(n, i, x, env, at)
	})
}

// under visits the parts of a node under an option.
func (w *walk[V]) under(n Node, option int, x V, env Env, at *Path) (V, error) {
	if let, ok := n.(*Let); ok {
		env = let.Bind(env, option)
	}
	return w.parts(PartsOf(n, option), x, env, at)
}

func (w *walk[V]) parts(p Parts, x V, env Env, at *Path) (V, error) {
	for i := range p.Len() {
		n, inside := p.At(i, at)
		var err error
		if x, err = w.visit(n, x, env, inside); err != nil {
			return x, err
		}
	}
	return x, nil
}

func (w *walk[V]) join(j Join, in []V, at *Path) (V, error) {
	if len(in) == 1 {
		return in[0], nil
	}
	out, err := w.algebra.Join(at, j, in)
	return out, misfit(at, err)
}

func (w *walk[V]) parallel(n *Parallel, x V, env Env, at *Path) (V, error) {
	outs := make([]V, len(n.Branches))
	for i := range outs {
		branch, inside := n.Branch(i, at)
		var err error
		if outs[i], err = w.visit(branch, x, env, inside); err != nil {
			return x, err
		}
	}
	return w.join(n.Join, outs, at)
}

func (w *walk[V]) dag(n *Dag, x V, env Env, at *Path) (V, error) {
	nodes := []V{x}
	for k, edges := range n.Nodes {
		out, err := w.sum(edges, nodes, env, toPath(k+1, at))
		if err != nil {
			return x, err
		}
		nodes = append(nodes, out)
	}
	outs := make([]V, 0, len(n.Outputs()))
	for _, k := range n.Outputs() {
		outs = append(outs, nodes[k])
	}
	return w.join(n.Join, outs, at)
}

// sum adds up the edges that lead to one node of a cell, whose scope is the innermost one of at.
func (w *walk[V]) sum(edges []Edge, nodes []V, env Env, at *Path) (V, error) {
	sum := make([]V, len(edges))
	for i, e := range edges {
		var err error
		if sum[i], err = w.visit(e.Node, nodes[e.From], env, fromPath(e.From, at)); err != nil {
			return sum[i], err
		}
	}
	return w.join(Add, sum, at)
}

func (w *walk[V]) skips(n *Skips, x V, env Env, at *Path) (V, error) {
	var outs []V
	for k, layer := range n.Layers {
		inside := at.In(n.LayerName(k))
		y, err := w.visit(layer, x, env, inside)
		if err == nil && k > 0 {
			y, err = w.links(n, outs, []V{y}, inside)
		}
		if err != nil {
			return y, err
		}
		outs, x = append(outs, y), y
	}
	return x, nil
}

// links decides which of the layers before it feed a layer, and returns its output. sum is what it gives itself, and then what those links
// give that were taken so far; each walk on from here writes only behind that.
func (w *walk[V]) links(n *Skips, before, sum []V, at *Path) (V, error) {
	var from func(j int, sum []V) (V, error)
	from = func(j int, sum []V) (V, error) {
		if j == len(before) {
			y, err := w.join(Add, sum, at)
			if err != nil {
				return y, err
			}
			y, err = w.algebra.Norm(at, y)
			return y, misfit(at, err)
		}
		p := n.Link(j, at)
		return w.decide(p, func(on int) (V, error) {
			if err := p.check(on); err != nil {
				return sum[0], err
			}
			if on == 0 {
				return from(j+1, sum)
			}
			link, err := w.algebra.Adapt(at, before[j], w.algebra.Shape(sum[0]))
			if err != nil {
				return link, misfit(at, err)
			}
			return from(j+1, append(sum, link))
		})
	}
	return from(0, sum)
}
