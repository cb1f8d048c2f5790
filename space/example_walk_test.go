package space_test

import (
	"fmt"
	"log"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// macs adds up the multiply-accumulates of the leaves of one architecture.
type macs struct {
	space.Shapes
	sum *int64
}

func (m macs) Leaf(at *space.Path, l *space.Leaf, env space.Env, x network.Shape) (network.Shape, error) {
	out, cost, err := l.Apply(env, x)
	*m.sum += cost.MACs
	return out, err
}

// An algebra that adds up what the leaves of one architecture cost.
func ExampleWalk() {
	s, err := space.Open("nb-macro", nil)
	if err != nil {
		log.Fatal(err)
	}
	var sum int64
	last := func(p space.Point) (int, error) { return p.Count - 1, nil }
	out, err := space.Walk(s, macs{s.Shapes(), &sum}, s.Input(), space.Pick[network.Shape](last))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sum, "MACs, output", out)
	// Output: 105660928 MACs, output 1x1x10
}

// positions lists the operators that architectures have at each place of the tree.
type positions struct {
	space.Shapes
	at map[string][]string
}

func (p positions) Leaf(at *space.Path, l *space.Leaf, env space.Env, x network.Shape) (network.Shape, error) {
	o, err := l.Operator(env, x)
	if err == nil {
		kernel, _ := o.Attr("kernel")
		p.at[at.String()] = append(p.at[at.String()], fmt.Sprint(o.Block, " ", kernel))
	}
	return o.Out, err
}

// A supernet holds what any architecture has at a place. Every walks to all of it, and says of what comes out of the options of a decision
// what becomes of them; their shapes are the same here, so that the first of them stands for all.
func ExampleEvery() {
	layer := &space.Choice{Name: "op", Options: []space.Option{
		{Label: "conv", Node: space.LeafOf(&space.Conv{Kernel: space.Of(3)})},
		{Label: "mobile", Node: &space.Let{Var: "kernel", Values: space.Values(3, 5), Body: space.LeafOf(&space.MBConv{Kernel: space.Var("kernel")})}},
	}}
	s, err := space.New("two", network.Shape{H: 8, W: 8, C: 4}, &space.Repeat{Counts: []int{1, 2}, Body: layer})
	if err != nil {
		log.Fatal(err)
	}
	found := positions{s.Shapes(), map[string][]string{}}
	mix := func(p space.Point, options []int, outs []network.Shape) (network.Shape, error) {
		if p.FullName() == "block2.op" {
			fmt.Println("mixes", p.Options())
		}
		return outs[0], nil
	}
	if _, err := space.Walk(s, found, s.Input(), space.Every(mix)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.at["block2"])
	// Output:
	// mixes [conv mobile]
	// [conv 3 mbconv 3 mbconv 5]
}
