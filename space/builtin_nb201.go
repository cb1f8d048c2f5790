package space

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
)

// NB201Options are the options of [NB201]. The zero value is the benchmark itself, on CIFAR-10.
type NB201Options struct {
	Name     string        // default "nb201"
	Input    network.Shape // default 32x32x3
	Classes  int           // default 10
	Channels int           // of the stem and the first stage, 1 to 4096; default 16
	Cells    int           // in each of the three stages, 1 to 100; default 5
}

// nb201Ops are the operations on the edges of a cell, in the order and with the names of the benchmark.
func nb201Ops() []Option {
	return []Option{
		{"none", LeafOf(&Zero{})},
		{"skip_connect", LeafOf(&Identity{})},
		{"nor_conv_1x1", LeafOf(&Conv{Kernel: Of(1), Pre: Of(true)})},
		{"nor_conv_3x3", LeafOf(&Conv{Kernel: Of(3), Pre: Of(true)})},
		{"avg_pool_3x3", LeafOf(&AvgPool{})},
	}
}

// NB201 returns the space of NAS-Bench-201 (Dong & Yang 2020): a cell of four nodes and six edges, each with one of five operations,
// decided once and used in three stages with 1, 2 and 4 times the channels; 5⁶ = 15,625 architectures. The text form is the benchmark's
// own, as "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|".
//
// Between the stages stands a residual block with stride 2. Its shortcut pools windows of 2×2, so height and width of Input must be
// divisible by 4.
func NB201(o NB201Options) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	const nodes = 4
	ops := nb201Ops()
	labels := make([]string, len(ops))
	bodies := make([]Node, len(ops))
	for i, op := range ops {
		labels[i], bodies[i] = op.Label, op.Node
	}
	dag := &Dag{}
	var vars []string
	for to := 1; to < nodes; to++ {
		var edges []Edge
		for from := range to {
			name := fmt.Sprintf("node%d_from%d", to, from)
			vars = append(vars, name)
			edges = append(edges, Edge{from, &Case{Var: name, Labels: labels, Nodes: bodies}})
		}
		dag.Nodes = append(dag.Nodes, edges)
	}

	stage := func(name string) Node { return &Repeat{Name: name, Counts: []int{o.Cells}, Body: dag} }
	var body Node = SeqOf(
		&Scope{"stem", LeafOf(&Conv{Out: Of(o.Channels), Act: Of("none")})},
		stage("stage1"),
		&Scope{"reduce1", resNetReduction(2 * o.Channels)},
		stage("stage2"),
		&Scope{"reduce2", resNetReduction(4 * o.Channels)},
		stage("stage3"),
		&Scope{"head", SeqOf(LeafOf(&Norm{}), LeafOf(&Act{}), LeafOf(&Head{}))},
	)
	for i := len(vars) - 1; i >= 0; i-- {
		body = &Let{Var: vars[i], Values: Values(labels...), Body: body}
	}
	return New(o.Name, o.Input, body, Classes(o.Classes), Template("|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|"))
}

func (o *NB201Options) schema() schema {
	s := common(&o.Name, "nb201", &o.Input, &o.Classes,
		wholeOption("channels", &o.Channels, 1, 4096, 16, "channels of the stem and the first stage; each further stage has twice as many"),
		wholeOption("cells", &o.Cells, 1, 100, 5, "cells in each of the three stages"),
	)
	s.check = func(c *optionChecks) {
		if o.Input.H%4 != 0 || o.Input.W%4 != 0 {
			c.fail("input", "height and width of %v must be divisible by 4", o.Input)
		}
	}
	return s
}

// resNetReduction is the residual block with stride 2 of NAS-Bench-201: two convolutions beside a pooled shortcut.
func resNetReduction(out int) Node {
	return &Parallel{Join: Add, Branches: []Node{
		SeqOf(
			LeafOf(&Conv{Out: Of(out), Stride: Of(2), Pre: Of(true)}),
			LeafOf(&Conv{Pre: Of(true)}),
		),
		SeqOf(
			LeafOf(&AvgPool{Kernel: Of(2), Stride: Of(2), Valid: Of(true)}),
			LeafOf(&Conv{Out: Of(out), Kernel: Of(1), Norm: Of(false), Act: Of("none")}),
		),
	}}
}
