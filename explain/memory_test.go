package explain_test

import (
	"errors"
	"math"
	"testing"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Within the limit only one network is left, which does not decide about a kernel.
func TestADecisionThatALimitOnMemoryLeavesOutHasProbabilityZeroAndExplainsWhatIsBeyondIt(t *testing.T) {
	conv := func(kernel int) space.Node {
		return space.LeafOf(&space.Conv{Out: space.Of(64), Kernel: space.Of(kernel)})
	}
	s, err := space.New("large", network.Shape{H: 8, W: 8, C: 2}, &space.Choice{Name: "width", Options: []space.Option{
		{Label: "narrow", Node: space.LeafOf(&space.Identity{})},
		{Label: "wide", Node: space.SeqOf(conv(1), &space.Choice{Name: "kernel", Options: []space.Option{{Label: "k1", Node: conv(1)}, {Label: "k3", Node: conv(3)}}})},
	}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Within(lattice.AtMost(lattice.Memory, 2000))
	if err != nil || r.Count().Int64() != 1 || len(r.Lattice().Decisions()) != 1 {
		t.Fatalf("%v networks of %d decisions take 2,000 bytes (%v), want 1 of 1", r.Count(), len(r.Lattice().Decisions()), err)
	}
	score := func(s lattice.Step) float64 { return map[string]float64{"narrow": 1, "wide": 4, "k3": 7}[s.Option] }
	joints, err := r.Gibbs(score).Joints("kernel")
	if err != nil || len(joints) != 2 {
		t.Fatalf("%d joints of a decision of two options: %v", len(joints), err)
	}
	for _, j := range joints {
		for _, m := range j.With {
			if m.Met() != 0 {
				t.Errorf("%s with %s has probability %v", j.Option, m.Decision, m.Met())
			}
		}
	}
	got, err := explain.Effects(r, score).Contributions(space.NewArch(1, 1))
	if err != nil || len(got) != 2 {
		t.Fatalf("%v: %v", got, err)
	}
	for i, want := range []explain.Contribution{{"kernel", "k3", 7}, {"width", "wide", 4 - 1}} {
		if got[i].Decision != want.Decision || got[i].Option != want.Option || math.Abs(got[i].Shapley-want.Shapley) > 1e-12 {
			t.Errorf("number %d is %v, want %v", i, got[i], want)
		}
	}
	if _, err := explain.Effects(r, score).Contributions(space.NewArch(1, 2)); err == nil {
		t.Error("an architecture that is not of the space is explained")
	}
}

func TestNumbersThatTakeMoreRoomThanThereIsAreRefusedWithWhatTheyTake(t *testing.T) {
	s, err := space.Open("mobile", nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	weight := func(s lattice.Step) float64 { return float64(s.Choice) }
	ask := func(limit int) error {
		r, err := l.WithMemoryLimit(limit).Within(lattice.AtMost(lattice.MACs, 6_000_000))
		if err != nil {
			t.Fatal(err)
		}
		_, err = explain.Numbers(r, lattice.Depth, weight)
		return err
	}
	var large *lattice.TooLargeError
	if err := ask(4 << 20); !errors.As(err, &large) || large.MemoryLimit <= 4<<20 {
		t.Fatalf("in 4 MiB the error is %v", err)
	}
	if err := ask(int(large.MemoryLimit)); err != nil {
		t.Errorf("the memory limit that is asked for does not suffice: %v", err)
	}
}
