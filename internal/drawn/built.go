package drawn

import (
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Built returns a built-in space with options.
func Built[O any](t testing.TB, build func(O) (*space.Space, error), options O) *space.Space {
	t.Helper()
	s, err := build(options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// SmallMobile has all kinds of decisions of [space.Mobile], and can be enumerated.
func SmallMobile(t testing.TB) *space.Space {
	t.Helper()
	return Built(t, space.Mobile, space.MobileOptions{
		Input: network.Shape{H: 16, W: 16, C: 1},
		Stages: []space.MobileStage{
			{Width: []int{8, 12}, Depth: []int{1, 2}, Kernel: []int{3}, SE: []float64{0}},
			{Width: []int{16, 24}, Depth: []int{1, 2}, Stride: 2, SE: []float64{0, 0.25}},
		},
		SE: []float64{0}, Expand: []float64{3, 6},
	})
}

// OneCell is a single cell of a kind of a space of cells, as a space of its own.
func OneCell(t testing.TB, of *space.Space, kind int) *space.Space {
	t.Helper()
	for _, n := range of.Root().(*space.Let).Body.(*space.Seq).Nodes {
		if cells, ok := n.(*space.Cells); ok {
			through := space.LeafOf(&space.Conv{Out: space.Of(4), Kernel: space.Of(1), Pre: space.Of(true)})
			s, err := space.New("one cell", network.Shape{H: 8, W: 8, C: 3}, &space.Cells{
				Kinds: []space.CellKind{cells.Kinds[kind]}, Chain: []space.Cell{{Older: through, Last: through}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	t.Fatal("there are no cells")
	return nil
}
