package conform

import (
	"fmt"
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Space returns a space for tests of the search side: a chain of so many layers, each with a choice of four, a choice of depth,
// so that architectures differ in length, and a head: 4^layers · (4 + 16) architectures with networks of a few hundred parameters.
func Space(t testing.TB, layers int) *space.Space {
	t.Helper()
	layer := func(name string) space.Node {
		return &space.Choice{Name: name, Options: []space.Option{
			{Label: "conv3", Node: &space.Leaf{Block: &space.Conv{Out: space.Of(4), Kernel: space.Of(3)}}},
			{Label: "conv5", Node: &space.Leaf{Block: &space.Conv{Out: space.Of(4), Kernel: space.Of(5)}}},
			{Label: "conv1", Node: &space.Leaf{Block: &space.Conv{Out: space.Of(4), Kernel: space.Of(1)}}},
			{Label: "depthwise", Node: &space.Leaf{Block: &space.Depthwise{Kernel: space.Of(3)}}},
		}}
	}
	nodes := []space.Node{&space.Leaf{Block: &space.Conv{Out: space.Of(4), Kernel: space.Of(3)}}}
	for i := range layers {
		nodes = append(nodes, layer(fmt.Sprintf("layer%d", i+1)))
	}
	nodes = append(nodes,
		&space.Repeat{Name: "tail", Counts: []int{1, 2}, Body: layer("op")},
		&space.Leaf{Block: &space.Head{Classes: space.Of(2)}},
	)
	s, err := space.New("chain-for-tests", network.Shape{H: 4, W: 4, C: 1}, &space.Seq{Nodes: nodes})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
