package space

import "github.com/trellis-nas/trellis/network"

// shaper computes shapes only. Leaves are remembered in the space.
type shaper struct{ space *Space }

func (shaper) shape(x network.Shape) network.Shape { return x }

func (s shaper) leaf(l *Leaf, env Env, x network.Shape) (network.Shape, error) {
	out, _, err := s.space.apply(l, env, x)
	return out, err
}

func (shaper) join(j Join, in []network.Shape) (network.Shape, error) { return j.Shape(in...) }

func (shaper) adapt(x, to network.Shape) (network.Shape, error) {
	_, err := AdaptCost(x, to)
	return to, err
}

func (shaper) norm(x network.Shape) (network.Shape, error) { return x, nil }

func (shaper) enter(*path) (leave func()) { return stay }

func stay() {}

// grower builds the network.
type grower struct{ b *network.Builder }

func (g grower) shape(x network.Ref) network.Shape { return g.b.Shape(x) }

func (g grower) leaf(l *Leaf, env Env, x network.Ref) (network.Ref, error) {
	out := l.Block.Build(g.b, x, env)
	return out, g.b.Err()
}

func (g grower) join(j Join, in []network.Ref) (network.Ref, error) {
	out := g.b.Add(j.op(), in...)
	return out, g.b.Err()
}

func (g grower) adapt(x network.Ref, to network.Shape) (network.Ref, error) {
	out := adapt(g.b, x, to)
	return out, g.b.Err()
}

func (g grower) norm(x network.Ref) (network.Ref, error) {
	out := g.b.Add(network.BatchNorm{}, x)
	return out, g.b.Err()
}

func (g grower) enter(scope *path) (leave func()) { return g.b.Scope(scope.element()) }
