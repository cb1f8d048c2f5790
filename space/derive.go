package space

import (
	"fmt"
	"strconv"

	"github.com/trellis-nas/trellis/network"
)

// algebra says what a derivation computes: V stands for the tensors of the network.
type algebra[V any] interface {
	shape(V) network.Shape
	leaf(l *Leaf, env Env, x V) (V, error)
	join(j Join, in []V) (V, error)
	adapt(x V, to network.Shape) (V, error)
	norm(x V) (V, error)
	enter(scope *path) (leave func())
}

// point is a decision as a derivation meets it.
type point struct {
	scope  *path
	name   string
	count  int // of options
	labels func(i int) string
}

func (p point) fullName() string { return p.scope.join(p.name) }

func (p point) options() []string {
	out := make([]string, p.count)
	for i := range out {
		out[i] = p.labels(i)
	}
	return out
}

// misfit is the error of a derivation that cannot be built and so is not part of the space.
type misfit struct {
	where string
	err   error
}

func (m *misfit) Error() string {
	if m.where == "" {
		return m.err.Error()
	}
	return m.where + ": " + m.err.Error()
}

func (m *misfit) Unwrap() error { return m.err }

// derivation visits a tree in preorder, asking pick for the option of every decision.
type derivation[V any] struct {
	algebra algebra[V]
	pick    func(p point) (int, error)
}

func (d *derivation[V]) decide(at *path, name string, count int, labels func(int) string) (int, error) {
	if count == 1 {
		return 0, nil
	}
	p := point{at, name, count, labels}
	i, err := d.pick(p)
	if err == nil && (i < 0 || i >= count) {
		err = fmt.Errorf("decision %s has the options 0 to %d, not %d", p.fullName(), count-1, i)
	}
	return i, err
}

// visit derives n from x. Errors that mean that the derivation cannot be built are misfits.
func (d *derivation[V]) visit(n Node, x V, env Env, at *path) (V, error) {
	switch n := n.(type) {
	case *Leaf:
		out, err := d.algebra.leaf(n, env, x)
		if err != nil {
			err = &misfit{at.String(), err}
		}
		return out, err
	case *Seq:
		return d.sequence(n.Nodes, x, env, at)
	case *Scope:
		return d.inside(n.Body, x, env, &path{outer: at, word: n.Name})
	case *Choice:
		i, err := d.decide(at, n.Name, len(n.Options), func(i int) string { return n.Options[i].Label })
		if err != nil {
			return x, err
		}
		return d.visit(n.Options[i].Node, x, env, at)
	case *Let:
		i, err := d.decide(at, n.Var, len(n.Values), n.Label)
		if err != nil {
			return x, err
		}
		return d.visit(n.Body, x, n.Bind(env, i), at)
	case *Case:
		picked, err := n.Pick(env)
		if err != nil {
			return x, err
		}
		return d.visit(picked, x, env, at)
	case *Repeat:
		return d.repeat(n, x, env, at)
	case *Parallel:
		return d.parallel(n, x, env, at)
	case *Residual:
		y, err := d.visit(n.Body, x, env, at)
		if err != nil || d.algebra.shape(x) != d.algebra.shape(y) {
			return y, err
		}
		return d.join(Add, []V{y, x}, at)
	case *Dag:
		return d.dag(n, x, env, at)
	case *Skips:
		return d.skips(n, x, env, at)
	case *Cells:
		return d.cells(n, x, env, at)
	}
	return x, fmt.Errorf("%T is no node of a space", n)
}

func (d *derivation[V]) sequence(nodes []Node, x V, env Env, at *path) (V, error) {
	for _, n := range nodes {
		var err error
		if x, err = d.visit(n, x, env, at); err != nil {
			return x, err
		}
	}
	return x, nil
}

// inside visits n in the innermost scope of at, which is not entered yet.
func (d *derivation[V]) inside(n Node, x V, env Env, at *path) (V, error) {
	leave := d.algebra.enter(at)
	out, err := d.visit(n, x, env, at)
	leave()
	return out, err
}

func (d *derivation[V]) join(j Join, in []V, at *path) (V, error) {
	if len(in) == 1 {
		return in[0], nil
	}
	out, err := d.algebra.join(j, in)
	if err != nil {
		err = &misfit{at.String(), err}
	}
	return out, err
}

func (d *derivation[V]) repeat(n *Repeat, x V, env Env, at *path) (V, error) {
	if n.Name != "" {
		at = &path{outer: at, word: n.Name}
		defer d.algebra.enter(at)()
	}
	i, err := d.decide(at, depthName, len(n.Counts), n.Label)
	if err != nil {
		return x, err
	}
	for copied := range n.Counts[i] {
		if x, err = d.inside(n.Copy(copied), x, env, &path{at, copyWord, copied + 1}); err != nil {
			return x, err
		}
	}
	return x, nil
}

func (d *derivation[V]) parallel(n *Parallel, x V, env Env, at *path) (V, error) {
	outs := make([]V, len(n.Branches))
	for i, branch := range n.Branches {
		var err error
		if outs[i], err = d.inside(branch, x, env, &path{at, branchWord, i + 1}); err != nil {
			return x, err
		}
	}
	return d.join(n.Join, outs, at)
}

func (d *derivation[V]) dag(n *Dag, x V, env Env, at *path) (V, error) {
	nodes := []V{x}
	for k, edges := range n.Nodes {
		out, err := d.dagNode(edges, nodes, env, &path{at, edgeToWord, k + 1})
		if err != nil {
			return x, err
		}
		nodes = append(nodes, out)
	}
	var outs []V
	for _, k := range n.Outputs() {
		outs = append(outs, nodes[k])
	}
	return d.join(n.Join, outs, at)
}

// dagNode sums the edges that lead to one node of a cell, the innermost scope of at.
func (d *derivation[V]) dagNode(edges []Edge, nodes []V, env Env, at *path) (V, error) {
	defer d.algebra.enter(at)()
	sum := make([]V, len(edges))
	for i, e := range edges {
		var err error
		edge := &path{outer: at, word: edgeFromWord + strconv.Itoa(e.From)}
		if sum[i], err = d.inside(e.Node, nodes[e.From], env, edge); err != nil {
			return sum[i], err
		}
	}
	return d.join(Add, sum, at)
}

func (d *derivation[V]) skips(n *Skips, x V, env Env, at *path) (V, error) {
	var outs []V
	for k := range n.Layers {
		var err error
		if x, err = d.skipLayer(n, k, x, outs, env, at); err != nil {
			return x, err
		}
		outs = append(outs, x)
	}
	return x, nil
}

func (d *derivation[V]) skipLayer(n *Skips, k int, x V, before []V, env Env, at *path) (V, error) {
	at = &path{outer: at, word: n.LayerName(k)}
	defer d.algebra.enter(at)()
	y, err := d.visit(n.Layers[k], x, env, at)
	if err != nil || k == 0 {
		return y, err
	}
	sum := []V{y}
	for j, from := range before {
		on, err := d.decide(at, skipPrefix+n.LayerName(j), 2, skipLabel)
		if err != nil {
			return y, err
		}
		if on == 1 {
			from, err = d.algebra.adapt(from, d.algebra.shape(y))
			if err != nil {
				return y, &misfit{at.String(), err}
			}
			sum = append(sum, from)
		}
	}
	y, err = d.join(Add, sum, at)
	if err != nil {
		return y, err
	}
	y, err = d.algebra.norm(y)
	if err != nil {
		err = &misfit{at.String(), err}
	}
	return y, err
}
