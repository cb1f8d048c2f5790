package proof_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/drawn"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// enumerable are the built-in spaces: at their published size those that can be enumerated, and small versions of the others.
func enumerable(t testing.TB) map[string]*space.Space {
	tiny := network.Shape{H: 16, W: 16, C: 1}
	stages := []space.ChainStage{{Layers: 2, Width: 8}, {Layers: 2, Width: 12, Stride: 2}}
	chain := func(o space.ChainOptions) *space.Space {
		s, err := space.Chain(o)
		return must(t, s, err)
	}
	return map[string]*space.Space{
		"nb201":        nb201(t),
		"nb-macro":     nbMacro(t),
		"resnet":       resNet(t, space.ResNetOptions{}),
		"small mobile": drawn.SmallMobile(t),
		"small chain":  chain(space.ChainOptions{Stages: stages}),
		"skip chain":   chain(space.ChainOptions{Stages: []space.ChainStage{{Layers: 2, Width: 8}, {Layers: 1, Width: 12, Stride: 2}}, Connect: space.SkipConnected}),
		"dense chain":  chain(space.ChainOptions{Stages: stages, Connect: space.DenseConnected}),
		"small ofa-mbv3": ofa(t, space.OFAOptions{
			Input: tiny, Classes: 3, Multiplier: 0.1, Depth: []int{1, 2}, Kernel: []int{3}, Expand: []float64{3, 6},
		}),
		"small darts":      darts(t, space.DARTSOptions{Input: tiny, Classes: 3, Channels: 2, Cells: 4, Nodes: 1}),
		"a cell of darts":  drawn.OneCell(t, darts(t, space.DARTSOptions{Nodes: 2}), 1),
		"small enas-macro": enas(t, space.ENASOptions{Input: tiny, Classes: 3, Channels: 2, Layers: 3}),
		"small efficientnet-stages": efficientNet(t, space.EfficientNetOptions{Input: tiny, Classes: 3, Stem: 4, Stages: []space.EfficientNetStage{
			{Width: []int{4, 6}, Depth: []int{1, 2}}, {Width: []int{8}, Depth: []int{1, 2}, Stride: 2, Kernel: []int{3, 5}},
		}}),
	}
}

// Every operation is compared on the whole of every built-in space that can be enumerated, every network of which is built. Of large
// regions ranks, members and probabilities are compared at several hundred places, and different networks are not counted.
func TestEveryOperationAgreesWithBruteForceOnEveryEnumerableBuiltInSpace(t *testing.T) {
	for name, s := range enumerable(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && name == "nb201" {
				t.Skip("building the 15,625 networks of nb201 takes seconds")
			}
			e := enumerate(stopper{}, s, 30000)
			if e == nil || len(e.archs) < 100 {
				t.Fatalf("%s is no test: it is too large or too small", name)
			}
			l, err := lattice.Compile(s)
			if err != nil {
				t.Fatal(err)
			}
			y := tally{compared: map[string]int{}}
			y.askAll(e, l, stream.New(1, "built-in "+name), true)
			y.report(t, 1)
			t.Logf("%d architectures", len(e.archs))
		})
	}
}
