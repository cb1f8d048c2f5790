package space

import (
	"strings"

	"github.com/trellis-nas/trellis/network"
)

// DARTSOptions are the options of [DARTS]. The zero value is the network that is searched with on CIFAR-10; the one that is trained in
// the end has 20 cells and 36 channels.
type DARTSOptions struct {
	Name     string        // default "darts"
	Input    network.Shape // default 32x32x3
	Classes  int           // default 10
	Channels int           // of every node in the first cells, 1 to 4096; doubled by each of two reductions; default 16
	Cells    int           // 3 to 100; default 8
	Nodes    int           // of a cell, besides its inputs, 1 to 16; default 4
	Stem     int           // channels of the first convolution as a multiple of Channels, 1 to 16; default 3
}

// dartsOps are the operations of DARTS, in the order and with the names of the authors, who also have "none", which no cell may choose.
func dartsOps(stride int) []Option {
	separable := func(kernel, times, dilation int) Node {
		return LeafOf(&Separable{Kernel: Of(kernel), Stride: Of(stride), Times: Of(times), Dilation: Of(dilation), Pre: Of(true)})
	}
	return []Option{
		{"max_pool_3x3", LeafOf(&MaxPool{Stride: Of(stride)})},
		{"avg_pool_3x3", LeafOf(&AvgPool{Stride: Of(stride)})},
		{"skip_connect", LeafOf(&Reduction{Stride: Of(stride)})},
		{"sep_conv_3x3", separable(3, 2, 1)},
		{"sep_conv_5x5", separable(5, 2, 1)},
		{"dil_conv_3x3", separable(3, 1, 2)},
		{"dil_conv_5x5", separable(5, 1, 2)},
	}
}

// DARTS returns the space of DARTS (Liu et al. 2019): a normal cell and a reduction cell of four nodes, each the sum of two of seven
// operations on two different ones of the two inputs and the nodes before it. By default each has 1·3·6·10 · 7⁸ = 1,037,664,180 forms,
// and the space their square. A cell takes the outputs of the last two, each through an activation, a pointwise convolution and a
// normalisation, or a factorised reduction (see [Reduction]) where a reduction cell lies between; cells of the second kind stand at one and
// two thirds of the depth.
//
// The text form gives for every node its inputs, 0 and 1 being those of the cell, and the operations on them, as
// "normal 0,1:sep_conv_3x3+skip_connect 0,2:max_pool_3x3+dil_conv_5x5 … reduce 0,1:…".
func DARTS(o DARTSOptions) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	const normal, reduce = 0, 1
	cells := &Cells{Kinds: []CellKind{
		{Name: "normal", Nodes: o.Nodes, Operations: dartsOps(1)},
		{Name: "reduce", Nodes: o.Nodes, Operations: dartsOps(1), Entering: dartsOps(2)},
	}}
	channels, reduced := o.Channels, false
	for i := range o.Cells {
		kind := normal
		if i == o.Cells/3 || i == 2*o.Cells/3 {
			kind = reduce
			channels *= 2
		}
		last := LeafOf(&Conv{Out: Of(channels), Kernel: Of(1), Pre: Of(true)})
		older := last
		if reduced {
			older = LeafOf(&Reduction{Out: Of(channels)})
		}
		cells.Chain = append(cells.Chain, Cell{kind, older, last})
		reduced = kind == reduce
	}
	return New(o.Name, o.Input, SeqOf(
		&Scope{"stem", LeafOf(&Conv{Out: Of(o.Stem * o.Channels), Act: Of("none")})},
		cells,
		&Scope{"head", LeafOf(&Head{})},
	), Classes(o.Classes), Template(cells.text()))
}

// text is the template of cells in which a node may choose: the name of every kind before its nodes, a space before each.
func (n *Cells) text() string {
	var words []string
	for i := range n.Kinds {
		words = append(words, n.Kinds[i].Name)
		for k := range n.Kinds[i].Nodes {
			inputs := "{}"
			if k == 0 {
				inputs = Pair{0, 1}.String()
			}
			words = append(words, inputs+":{}+{}")
		}
	}
	return strings.Join(words, " ")
}

func (o *DARTSOptions) schema() schema {
	return common(&o.Name, "darts", &o.Input, &o.Classes,
		wholeOption("channels", &o.Channels, 1, 4096, 16, "channels of every node in the first cells; each of two reductions doubles them"),
		wholeOption("cells", &o.Cells, 3, 100, 8, "cells in the chain"),
		wholeOption("nodes", &o.Nodes, 1, maxCellNodes, 4, "nodes of a cell, besides its inputs"),
		wholeOption("stem", &o.Stem, 1, 16, 3, "channels of the first convolution as a multiple of channels"),
	)
}
