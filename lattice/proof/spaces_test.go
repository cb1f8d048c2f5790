package proof_test

import (
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

func must(t testing.TB, s *space.Space, err error) *space.Space {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func nb201(t testing.TB) *space.Space {
	s, err := space.NB201(space.NB201Options{})
	return must(t, s, err)
}

func nbMacro(t testing.TB) *space.Space {
	s, err := space.NBMacro(space.NBMacroOptions{})
	return must(t, s, err)
}

// smallMobile has all kinds of decisions of mobile, and can be enumerated.
func smallMobile(t testing.TB) *space.Space {
	s, err := space.Mobile(space.MobileOptions{
		Input: network.Shape{H: 16, W: 16, C: 1},
		Stages: []space.MobileStage{
			{Width: []int{8, 12}, Depth: []int{1, 2}, Kernel: []int{3}, SE: []float64{0}},
			{Width: []int{16, 24}, Depth: []int{1, 2}, Stride: 2, SE: []float64{0, 0.25}},
		},
		SE: []float64{0}, Expand: []float64{3, 6},
	})
	return must(t, s, err)
}

func ofa(t testing.TB, o space.OFAOptions) *space.Space {
	s, err := space.OFA(o)
	return must(t, s, err)
}

func darts(t testing.TB, o space.DARTSOptions) *space.Space {
	s, err := space.DARTS(o)
	return must(t, s, err)
}

func enas(t testing.TB, o space.ENASOptions) *space.Space {
	s, err := space.ENASMacro(o)
	return must(t, s, err)
}

func resNet(t testing.TB, o space.ResNetOptions) *space.Space {
	s, err := space.ResNet(o)
	return must(t, s, err)
}

func efficientNet(t testing.TB, o space.EfficientNetOptions) *space.Space {
	s, err := space.EfficientNetStages(o)
	return must(t, s, err)
}

// oneCell is a single cell of a kind, as a space of its own.
func oneCell(t testing.TB, of *space.Space, kind int) *space.Space {
	for _, n := range of.Root().(*space.Let).Body.(*space.Seq).Nodes {
		if cells, ok := n.(*space.Cells); ok {
			through := space.LeafOf(&space.Conv{Out: space.Of(4), Kernel: space.Of(1), Pre: space.Of(true)})
			s, err := space.New("one cell", network.Shape{H: 8, W: 8, C: 3}, &space.Cells{
				Kinds: []space.CellKind{cells.Kinds[kind]}, Chain: []space.Cell{{Older: through, Last: through}},
			})
			return must(t, s, err)
		}
	}
	t.Fatal("there are no cells")
	return nil
}
