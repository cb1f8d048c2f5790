package main

import (
	"context"
	"fmt"
	"log"
	"math"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/space"
)

// entropy says how expressive a network is: the sum over its layers of the logarithm of the inputs of a neuron. Train the network here instead.
func entropy(_ context.Context, c trellis.Candidate) (trellis.Metrics, error) {
	sum := 0.0
	for i, node := range c.Graph.Nodes {
		sum += math.Log(max(1, float64(c.Graph.NodeCost(i).MACs)/float64(node.Shape.Elements())))
	}
	return trellis.Metrics{"entropy": sum}, nil // params, macs and memory are added
}

func main() {
	body := space.SeqOf(
		&space.Let{Var: "width", Values: space.Values(8, 16, 24, 32), Body: space.LeafOf(&space.Conv{Out: space.Var("width"), Stride: space.Of(2)})},
		&space.Let{Var: "kernel", Values: space.Values(3, 5, 7), Body: &space.Let{Var: "expand", Values: space.Values(1, 2, 3, 6), Body: &space.Repeat{
			Counts: []int{1, 2, 3, 4, 5, 6}, Body: space.LeafOf(&space.MBConv{Kernel: space.Var("kernel"), Expand: space.Var("expand")})}}},
		space.LeafOf(&space.Head{}))
	own, err := space.New("own", trellis.Shape{H: 32, W: 32, C: 3}, body, space.Classes(10))
	if err != nil {
		log.Fatal(err)
	}
	history, err := trellis.Study{
		Space: own, Limits: []trellis.Limit{trellis.AtMost("macs", 4_000_000)}, Evaluate: entropy, Trials: 50, Seed: 1,
		Objectives: trellis.Objectives{trellis.Maximise("entropy"), trellis.Minimise("params")},
	}.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(history)
}
