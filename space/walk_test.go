package space_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// derived is one derivation as the meaning of nodes in the package comment has it: choices, shape that comes out, and sum of costs.
type derived struct {
	choices []int
	out     network.Shape
	cost    network.Cost
}

// meaning computes all derivations of an item by composing those of the nodes below: an oracle that shares no code with the walk of
// package space and uses only what the lattice uses.
func meaning(n space.Node, env space.Env, in network.Shape) []derived {
	switch n := n.(type) {
	case *space.Leaf:
		out, cost, err := n.Apply(env, in)
		if err != nil {
			return nil
		}
		return []derived{{nil, out, cost}}
	case *space.Seq:
		return inSequence(n.Nodes, env, in)
	case *space.Scope:
		return meaning(n.Body, env, in)
	case *space.Residual:
		return meaning(n.Body, env, in)
	case *space.Case:
		picked, err := n.Pick(env)
		if err != nil {
			panic(err)
		}
		return meaning(picked, env, in)
	case *space.Choice:
		var all []derived
		for i, o := range n.Options {
			all = append(all, deciding(i, len(n.Options), meaning(o.Node, env, in))...)
		}
		return all
	case *space.Let:
		var all []derived
		for i := range n.Values {
			all = append(all, deciding(i, len(n.Values), meaning(n.Body, n.Bind(env, i), in))...)
		}
		return all
	case *space.Repeat:
		var all []derived
		for i, count := range n.Counts {
			copies := make([]space.Node, count)
			for c := range copies {
				copies[c] = n.Copy(c)
			}
			all = append(all, deciding(i, len(n.Counts), inSequence(copies, env, in))...)
		}
		return all
	case *space.Parallel:
		tuples := []tuple{{}}
		for _, b := range n.Branches {
			tuples = extend(tuples, func(tuple) []derived { return meaning(b, env, in) })
		}
		return joined(tuples, n.Join, func(t tuple) []network.Shape { return t.outs })
	case *space.Dag:
		return ofDag(n, env, in)
	case *space.Skips:
		return ofSkips(n, env, in)
	case *space.Cells:
		return ofCells(n, env, in)
	}
	panic(fmt.Sprintf("%T", n))
}

func deciding(i, count int, all []derived) []derived {
	if count == 1 {
		return all
	}
	out := make([]derived, len(all))
	for k, d := range all {
		out[k] = derived{append([]int{i}, d.choices...), d.out, d.cost}
	}
	return out
}

func inSequence(nodes []space.Node, env space.Env, in network.Shape) []derived {
	all := []derived{{out: in}}
	for _, n := range nodes {
		var next []derived
		for _, d := range all {
			for _, e := range meaning(n, env, d.out) {
				next = append(next, derived{slices.Concat(d.choices, e.choices), e.out, d.cost.Plus(e.cost)})
			}
		}
		all = next
	}
	return all
}

// tuple is several derivations side by side.
type tuple struct {
	choices []int
	outs    []network.Shape
	cost    network.Cost
}

func extend(tuples []tuple, by func(tuple) []derived) []tuple {
	var out []tuple
	for _, t := range tuples {
		for _, d := range by(t) {
			out = append(out, tuple{slices.Concat(t.choices, d.choices), append(slices.Clip(t.outs), d.out), t.cost.Plus(d.cost)})
		}
	}
	return out
}

func joined(tuples []tuple, j space.Join, of func(tuple) []network.Shape) []derived {
	var out []derived
	for _, t := range tuples {
		if shape, err := j.Shape(of(t)...); err == nil {
			out = append(out, derived{t.choices, shape, t.cost})
		}
	}
	return out
}

func ofDag(n *space.Dag, env space.Env, in network.Shape) []derived {
	states := []tuple{{outs: []network.Shape{in}}}
	for _, edges := range n.Nodes {
		var next []tuple
		for _, state := range states {
			sums := []tuple{{}}
			for _, e := range edges {
				sums = extend(sums, func(tuple) []derived { return meaning(e.Node, env, state.outs[e.From]) })
			}
			next = append(next, extend([]tuple{state}, func(tuple) []derived {
				return joined(sums, space.Add, func(t tuple) []network.Shape { return t.outs })
			})...)
		}
		states = next
	}
	return joined(states, n.Join, func(t tuple) []network.Shape {
		var outs []network.Shape
		for _, k := range n.Outputs() {
			outs = append(outs, t.outs[k])
		}
		return outs
	})
}

func ofSkips(n *space.Skips, env space.Env, in network.Shape) []derived {
	states := []tuple{{outs: []network.Shape{in}}}
	for k, layer := range n.Layers {
		states = extend(states, func(t tuple) []derived { return meaning(layer, env, t.outs[len(t.outs)-1]) })
		if k == 0 {
			continue
		}
		for i := range states {
			states[i].cost = states[i].cost.Plus(space.NormCost(states[i].outs[k+1]))
		}
		for j := range k {
			var next []tuple
			for _, t := range states {
				cost, err := space.AdaptCost(t.outs[j+1], t.outs[k+1])
				if err != nil {
					panic(err)
				}
				next = append(next,
					tuple{append(slices.Clip(t.choices), 0), t.outs, t.cost},
					tuple{append(slices.Clip(t.choices), 1), t.outs, t.cost.Plus(cost)})
			}
			states = next
		}
	}
	return joined(states, space.Add, func(t tuple) []network.Shape { return t.outs[len(t.outs)-1:] })
}

// TestEachIsTheMeaningOfTheTree compares the enumeration, the networks' shapes and their costs with the composed meaning of the nodes, on
// random trees.
func TestEachIsTheMeaningOfTheTree(t *testing.T) {
	made, networks := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s, ok := drawSpace(t)
		if !ok {
			return
		}
		made++
		want := meaning(s.Root(), space.Env{}, s.Input())
		slices.SortFunc(want, func(a, b derived) int { return slices.Compare(a.choices, b.choices) })
		i := 0
		for a := range s.Each() {
			if i == len(want) || a != space.NewArch(want[i].choices...) {
				t.Fatalf("architecture %d is %v; the meaning has %d:\n%s", i, a, len(want), s.YAML())
			}
			checkNetwork(t, s, a, want[i].out, want[i].cost)
			networks++
			i++
		}
		if i != len(want) {
			t.Fatalf("%d architectures were enumerated, the meaning has %d:\n%s", i, len(want), s.YAML())
		}
	})
	if made < 10 || networks < 20 { // far below what is usual: the draws are random, the check must not be vacuous
		t.Errorf("only %d spaces with %d networks were drawn", made, networks)
	}
}

func TestTheShapesComputedItemByItemAreThoseOfTheNetworks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, ok := drawSpace(t)
		if !ok {
			return
		}
		want := map[network.Shape]bool{}
		for a := range s.Each() {
			g, err := s.Network(a)
			if err != nil {
				t.Fatal(err)
			}
			want[g.OutputShape()] = true
		}
		got, err := s.OutputShapes()
		if err != nil || len(got) != len(want) {
			t.Fatalf("computed are %v, the networks give %v; %v", got, want, err)
		}
		for _, shape := range got {
			if !want[shape] {
				t.Fatalf("no network gives %v; they give %v", shape, want)
			}
		}
	})
}

func TestASpaceServesSeveralGoroutines(t *testing.T) {
	s := made(t)(space.Mobile(space.MobileOptions{}))
	var all sync.WaitGroup
	for worker := range 4 {
		r := stream.New(11, "goroutines", uint64(worker))
		all.Go(func() {
			a, err := s.Derive(func(d space.Decision) int { return r.IntN(len(d.Options)) })
			for range 20 {
				if err == nil {
					a = s.Mutate(a, r)
					_, err = s.Network(a)
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func checkNetwork(t rapid.TB, s *space.Space, a space.Arch, out network.Shape, cost network.Cost) {
	t.Helper()
	if err := s.Check(a); err != nil {
		t.Fatal(err)
	}
	g, err := s.Network(a)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Validate(); err != nil {
		t.Fatalf("network of %v: %v", a, err)
	}
	if g.OutputShape() != out {
		t.Fatalf("network of %v gives %v, the derivation %v", a, g.OutputShape(), out)
	}
	if g.Cost() != cost {
		t.Fatalf("network of %v costs %v, the leaves of its derivation %v:\n%s", a, g.Cost(), cost, g.Text())
	}
}

// follow computes shape and cost of one architecture from its leaves.
func follow(n space.Node, env space.Env, in network.Shape, choices *[]int) (network.Shape, network.Cost, error) {
	next := func(count int) int {
		if count == 1 {
			return 0
		}
		c := (*choices)[0]
		*choices = (*choices)[1:]
		return c
	}
	switch n := n.(type) {
	case *space.Leaf:
		return n.Apply(env, in)
	case *space.Seq:
		return followAll(n.Nodes, env, in, choices)
	case *space.Scope:
		return follow(n.Body, env, in, choices)
	case *space.Residual:
		return follow(n.Body, env, in, choices)
	case *space.Choice:
		return follow(n.Options[next(len(n.Options))].Node, env, in, choices)
	case *space.Let:
		return follow(n.Body, n.Bind(env, next(len(n.Values))), in, choices)
	case *space.Case:
		picked, err := n.Pick(env)
		if err != nil {
			return in, network.Cost{}, err
		}
		return follow(picked, env, in, choices)
	case *space.Repeat:
		copies := make([]space.Node, n.Counts[next(len(n.Counts))])
		for c := range copies {
			copies[c] = n.Copy(c)
		}
		return followAll(copies, env, in, choices)
	case *space.Parallel:
		var outs []network.Shape
		var sum network.Cost
		for _, b := range n.Branches {
			out, cost, err := follow(b, env, in, choices)
			if err != nil {
				return out, cost, err
			}
			outs, sum = append(outs, out), sum.Plus(cost)
		}
		out, err := n.Join.Shape(outs...)
		return out, sum, err
	case *space.Dag:
		return followDag(n, env, in, choices)
	case *space.Skips:
		return followSkips(n, env, in, choices)
	case *space.Cells:
		return followCells(n, env, in, choices)
	}
	return in, network.Cost{}, fmt.Errorf("%T", n)
}

func followAll(nodes []space.Node, env space.Env, in network.Shape, choices *[]int) (network.Shape, network.Cost, error) {
	var sum network.Cost
	for _, n := range nodes {
		out, cost, err := follow(n, env, in, choices)
		if err != nil {
			return out, sum, err
		}
		in, sum = out, sum.Plus(cost)
	}
	return in, sum, nil
}

func followDag(n *space.Dag, env space.Env, in network.Shape, choices *[]int) (network.Shape, network.Cost, error) {
	nodes := []network.Shape{in}
	var sum network.Cost
	for _, edges := range n.Nodes {
		var into network.Shape
		for _, e := range edges {
			out, cost, err := follow(e.Node, env, nodes[e.From], choices)
			if err != nil {
				return out, sum, err
			}
			into, sum = out, sum.Plus(cost)
		}
		nodes = append(nodes, into)
	}
	var outs []network.Shape
	for _, k := range n.Outputs() {
		outs = append(outs, nodes[k])
	}
	out, err := n.Join.Shape(outs...)
	return out, sum, err
}

func followSkips(n *space.Skips, env space.Env, in network.Shape, choices *[]int) (network.Shape, network.Cost, error) {
	var sum network.Cost
	var before []network.Shape
	for k, layer := range n.Layers {
		out, cost, err := follow(layer, env, in, choices)
		if err != nil {
			return out, sum, err
		}
		sum = sum.Plus(cost)
		for _, from := range before {
			on := (*choices)[0]
			*choices = (*choices)[1:]
			if on == 1 {
				adapt, err := space.AdaptCost(from, out)
				if err != nil {
					return out, sum, err
				}
				sum = sum.Plus(adapt)
			}
		}
		if k > 0 {
			sum = sum.Plus(space.NormCost(out))
		}
		in, before = out, append(before, out)
	}
	return in, sum, nil
}

func TestTheCostOfANetworkIsTheSumOfItsLeavesInEverySpace(t *testing.T) {
	for name, s := range sampleSpaces(t) {
		t.Run(name, func(t *testing.T) {
			r := stream.New(1, "cost of "+name)
			for range 40 {
				a := randomArch(t, s, r)
				choices := a.Choices()
				out, cost, err := follow(s.Root(), space.Env{}, s.Input(), &choices)
				if err != nil || len(choices) > 0 {
					t.Fatalf("%v: %v, %d choices left", a, err, len(choices))
				}
				checkNetwork(t, s, a, out, cost)
			}
		})
	}
}
