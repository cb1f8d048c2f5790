package lattice_test

import (
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// A front is thinned at every item, where a limit on another metric tells points apart, and once more at the root, where it does not: the
// slack is shared among all of these. Option c loses as much to b, and b to a, as a slack of 1 allows; c would lose twice as much to a.
func TestTheSlackOfAFrontIsSharedWithTheLastThinning(t *testing.T) {
	choice := &space.Choice{Name: "choice"}
	costs := map[string][2]float64{"a": {1, 5}, "b": {2, 4}, "c": {3, 4}, "beyond": {4, 9}}
	scores := map[string]float64{"a": 0, "b": 1, "c": 2, "beyond": 0}
	for _, label := range []string{"a", "b", "c", "beyond"} {
		choice.Options = append(choice.Options, space.Option{Label: label, Node: space.LeafOf(&space.Identity{})})
	}
	s, err := space.New("one choice", network.Shape{H: 4, W: 4, C: 3}, choice)
	l := compiled(t, must(t, s, err))
	for i, m := range []lattice.Metric{"ms", "mJ"} {
		if l, err = l.WithCosts(lattice.CostModel{Metric: m, Unit: string(m), Bin: 1, Of: func(s lattice.Step) float64 { return costs[s.Option][i] }}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := l.Within(lattice.AtMost("mJ", 5))
	if err != nil {
		t.Fatal(err)
	}
	front, err := r.FrontNear("ms", func(s lattice.Step) float64 { return scores[s.Option] }, 1)
	if err != nil {
		t.Fatal(err)
	}
	if last := front[len(front)-1]; last.Score < 1 {
		t.Errorf("the best point of the front has a score of %v, which is less by more than 1 than 2", last.Score)
	}
}
