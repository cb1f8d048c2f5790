package space_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// costs is the algebra that adds up the costs of everything an architecture applies.
type costs struct {
	space.Shapes
	sum *network.Cost
}

func (c costs) add(cost network.Cost) { *c.sum = c.sum.Plus(cost) }

func (c costs) Leaf(_ *space.Path, l *space.Leaf, env space.Env, x network.Shape) (network.Shape, error) {
	out, cost, err := l.Apply(env, x)
	c.add(cost)
	return out, err
}

func (c costs) Adapt(_ *space.Path, x, to network.Shape) (network.Shape, error) {
	cost, err := space.AdaptCost(x, to)
	c.add(cost)
	return to, err
}

func (c costs) Norm(_ *space.Path, x network.Shape) (network.Shape, error) {
	c.add(space.NormCost(x))
	return x, nil
}

// operators is the algebra that notes at which places which operators stand.
type operators struct {
	space.Shapes
	found map[string]bool
}

func (o operators) Leaf(at *space.Path, l *space.Leaf, env space.Env, x network.Shape) (network.Shape, error) {
	op, err := l.Operator(env, x)
	o.found[at.String()+" "+op.Key()] = true
	return op.Out, err
}

// picking takes the options of an architecture.
func picking(a space.Arch) space.Decide[network.Shape] {
	choices := a.Choices()
	return space.Pick[network.Shape](func(space.Point) (int, error) {
		c := choices[0]
		choices = choices[1:]
		return c, nil
	})
}

func TestTheCostsOfAWalkAreThoseOfItsNetwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, ok := drawSpace(t)
		if !ok {
			return
		}
		for a := range s.Each() {
			var sum network.Cost
			out, err := space.Walk(s, costs{s.Shapes(), &sum}, s.Input(), picking(a))
			if err != nil {
				t.Fatal(err)
			}
			checkNetwork(t, s, a, out, sum)
		}
	})
}

// Where options differ in shape, a walk to every option goes on with one of them; where none do, it meets all that architectures have.
func TestAWalkToEveryOptionMeetsWhatArchitecturesHave(t *testing.T) {
	complete := 0
	rapid.Check(t, func(t *rapid.T) {
		s, ok := drawSpace(t)
		if !ok {
			return
		}
		every, differ := operators{s.Shapes(), map[string]bool{}}, false
		_, err := space.Walk(s, every, s.Input(), space.Every(func(_ space.Point, options []int, outs []network.Shape) (network.Shape, error) {
			differ = differ || len(slices.Compact(slices.Clone(outs))) > 1
			return outs[0], nil
		}))
		if err != nil || differ {
			return
		}
		fits := operators{s.Shapes(), map[string]bool{}}
		for a := range s.Each() {
			if _, err := space.Walk(s, fits, s.Input(), picking(a)); err != nil {
				t.Fatal(err)
			}
		}
		for op := range fits.found {
			if !every.found[op] {
				t.Fatalf("an architecture has %s, which the walk to every option has not met:\n%s", op, s.YAML())
			}
		}
		complete++
	})
	if complete < 5 {
		t.Errorf("only %d spaces were compared", complete)
	}
}
