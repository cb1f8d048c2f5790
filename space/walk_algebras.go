package space

import "github.com/trellis-nas/trellis/network"

// Shapes is the [Algebra] that computes shapes and nothing else, and remembers what leaves do to them. An algebra that embeds it only has to
// add what else it computes.
type Shapes struct{ space *Space }

// Shapes returns the algebra of shapes.
func (s *Space) Shapes() Shapes { return Shapes{s} }

// Shape returns x.
func (Shapes) Shape(x network.Shape) network.Shape { return x }

// Leaf returns the shape that comes out of a leaf.
func (s Shapes) Leaf(_ *Path, l *Leaf, env Env, x network.Shape) (network.Shape, error) {
	out, _, err := s.space.apply(l, env, x)
	return out, err
}

// Join returns the shape of tensors joined.
func (Shapes) Join(_ *Path, j Join, in []network.Shape) (network.Shape, error) { return j.Shape(in...) }

// Adapt returns the shape to if x can be brought to it.
func (Shapes) Adapt(_ *Path, x, to network.Shape) (network.Shape, error) {
	_, err := AdaptCost(x, to)
	return to, err
}

// Norm returns x.
func (Shapes) Norm(_ *Path, x network.Shape) (network.Shape, error) { return x, nil }

// builder is the algebra that builds the network.
type builder struct{ b *network.Builder }

func (g builder) Shape(x network.Ref) network.Shape { return g.b.Shape(x) }

func (g builder) Leaf(at *Path, l *Leaf, env Env, x network.Ref) (network.Ref, error) {
	return g.add(at, func() network.Ref { return l.Block.Build(g.b, x, env) })
}

func (g builder) Join(at *Path, j Join, in []network.Ref) (network.Ref, error) {
	return g.add(at, func() network.Ref { return g.b.Add(j.op(), in...) })
}

func (g builder) Adapt(at *Path, x network.Ref, to network.Shape) (network.Ref, error) {
	return g.add(at, func() network.Ref { return adapt(g.b, x, to) })
}

func (g builder) Norm(at *Path, x network.Ref) (network.Ref, error) {
	return g.add(at, func() network.Ref { return g.b.Add(network.BatchNorm{}, x) })
}

// add adds operators in the scopes of a path.
func (g builder) add(at *Path, operators func() network.Ref) (network.Ref, error) {
	defer g.b.Scope(at.String())()
	return operators(), g.b.Err()
}

// lister is the algebra that keeps the operators.
type lister struct {
	Shapes
	out *[]Operator
}

func (l lister) Leaf(_ *Path, n *Leaf, env Env, x network.Shape) (network.Shape, error) {
	return l.keep(n.Operator(env, x))
}

func (l lister) Adapt(_ *Path, x, to network.Shape) (network.Shape, error) {
	return l.keep(AdaptOperator(x, to))
}

func (l lister) Norm(_ *Path, x network.Shape) (network.Shape, error) { return l.keep(NormOperator(x)) }

func (l lister) keep(o Operator, err error) (network.Shape, error) {
	if err == nil {
		*l.out = append(*l.out, o)
	}
	return o.Out, err
}
