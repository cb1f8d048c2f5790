package lattice_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Where cells take their inputs as they are, an input is a tensor that the next cell reads too, and counts once.
func TestPeakMemoryOfCellsThatTakeTheirInputsAsTheyAre(t *testing.T) {
	asItIs := space.LeafOf(&space.Identity{})
	cell := space.Cell{Older: asItIs, Last: asItIs}
	s, err := space.New("as they are", network.Shape{H: 4, W: 4, C: 3}, &space.Cells{
		Kinds: []space.CellKind{{Name: "cell", Nodes: 1, Operations: []space.Option{
			{Label: "dw", Node: space.LeafOf(&space.Depthwise{Kernel: space.Of(3)})},
			{Label: "skip", Node: space.LeafOf(&space.Identity{})},
		}}},
		Chain: []space.Cell{cell, cell, cell},
	})
	memoryIsThatOfNetworks(t, must(t, s, err))
}

// A branch that passes its input on gives no tensor of its own, so that two of three branches may wait as one tensor or as two.
func TestPeakMemoryOfBranchesThatMayPassTheirInputOn(t *testing.T) {
	either := func(name string) space.Node {
		return &space.Choice{Name: name, Options: []space.Option{
			{Label: "skip", Node: space.LeafOf(&space.Identity{})},
			{Label: "dw", Node: space.LeafOf(&space.Depthwise{Kernel: space.Of(3)})},
		}}
	}
	wide := space.LeafOf(&space.MBConv{Kernel: space.Of(3), Expand: space.Of(4), SE: space.Of(0.5)})
	s, err := space.New("branches", network.Shape{H: 4, W: 4, C: 4}, &space.Parallel{
		Join: space.Add, Branches: []space.Node{either("one"), either("two"), wide},
	})
	memoryIsThatOfNetworks(t, must(t, s, err))
}

// While the first edge of a node runs, the node that its second edge comes from waits.
func TestPeakMemoryOfANodeWhoseEdgesRunOneAfterAnother(t *testing.T) {
	expanding := func(name string, by ...int) space.Node {
		c := &space.Choice{Name: name}
		for _, n := range by {
			block := &space.MBConv{Kernel: space.Of(3), Expand: space.Of(n), SE: space.Of(0.5)}
			c.Options = append(c.Options, space.Option{Label: fmt.Sprint("e", n), Node: space.LeafOf(block)})
		}
		return c
	}
	s, err := space.New("edges", network.Shape{H: 4, W: 4, C: 4}, &space.Dag{Join: space.Add, Nodes: [][]space.Edge{
		{{From: 0, Node: expanding("one", 1, 2)}},
		{{From: 0, Node: expanding("two", 3, 6)}, {From: 1, Node: expanding("three", 1, 5)}},
	}})
	memoryIsThatOfNetworks(t, must(t, s, err))
}

// memoryIsThatOfNetworks compares the counts within every limit on memory that tells architectures apart.
func memoryIsThatOfNetworks(t *testing.T, s *space.Space) {
	t.Helper()
	l := compiled(t, s)
	var needs []int64
	for a := range s.Each() {
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		needs = append(needs, g.PeakMemory())
	}
	slices.Sort(needs)
	for i, need := range needs {
		if i+1 < len(needs) && needs[i+1] == need {
			continue
		}
		r, err := l.Within(lattice.AtMost(lattice.Memory, need))
		if err != nil {
			t.Fatal(err)
		}
		if r.Count().Int64() != int64(i+1) {
			t.Errorf("%v of %d architectures need at most %d bytes, want %d", r.Count(), len(needs), need, i+1)
		}
	}
	if needs[0] == needs[len(needs)-1] {
		t.Error("all architectures need as much")
	}
}
