package lattice_test

import (
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Two parts of a space may decide something of one name, with options of the same labels in another order: a neighbour keeps the label and
// not its place.
func TestANeighbourKeepsTheLabelsOfDecisionsOfTheSameName(t *testing.T) {
	kernel := func(sizes ...string) space.Node {
		c := &space.Choice{Name: "kernel"}
		for _, label := range sizes {
			c.Options = append(c.Options, space.Option{Label: label, Node: space.LeafOf(&space.Identity{})})
		}
		return c
	}
	s, err := space.New("one name", network.Shape{H: 4, W: 4, C: 3}, &space.Choice{Name: "way", Options: []space.Option{
		{Label: "there", Node: kernel("k3", "k5", "k7")}, {Label: "back", Node: kernel("k7", "k5", "k3", "k9")},
	}})
	l := compiled(t, must(t, s, err))
	for a := range s.Each() {
		if got, want := slices.Collect(l.Neighbours(a)), slices.Collect(s.Neighbours(a)); !slices.Equal(got, want) {
			t.Errorf("the neighbours of %v are %v, want %v", a, got, want)
		}
	}
}
