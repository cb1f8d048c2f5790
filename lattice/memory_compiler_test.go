package lattice_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// The networks of a large space are not enumerated, but what is drawn within a limit keeps it, and what is drawn of all is within iff it does.
func TestPeakMemoryOfTheNetworksOfDARTSIsThatOfTheLimit(t *testing.T) {
	s, err := space.DARTS(space.DARTSOptions{Cells: 5, Input: network.Shape{H: 16, W: 16, C: 3}})
	l := compiled(t, must(t, s, err))
	all, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	least, greatest, err := all.MemoryRange()
	if err != nil || least >= greatest {
		t.Fatalf("memory from %d to %d: %v", least, greatest, err)
	}
	most := greatest - 4
	r, err := l.Within(lattice.AtMost(lattice.Memory, most))
	if err != nil {
		t.Fatal(err)
	}
	random := stream.New(11, "darts")
	for i := range 100 {
		a := all.Sample(random)
		if i%2 == 0 {
			a = r.Sample(random)
		}
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		if need := g.PeakMemory(); r.Contains(a) != (need <= most) || need < least || need > greatest {
			t.Fatalf("%v needs %d bytes, of %d to %d; within %d it is %t", a, need, least, greatest, most, r.Contains(a))
		}
	}
}

func TestALimitOnMemoryStaysWithALatticeThatWasCompiledWithIt(t *testing.T) {
	l := compiled(t, mobile(t))
	r, err := l.Within(lattice.AtMost(lattice.Memory, 512<<10))
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.Lattice().Within(lattice.AtMost(lattice.Memory, 4<<20), lattice.AtMost(lattice.MACs, 1<<40))
	if err != nil || n.Count().Cmp(r.Count()) != 0 {
		t.Errorf("%v within a limit that is wider, want %v: %v", n.Count(), r.Count(), err)
	}
}

func TestALimitOnMemoryThatNothingMeetsNamesTheLeast(t *testing.T) {
	e := smallMobile(t)
	least := int64(math.MaxInt64)
	for _, a := range e.archs {
		g, err := e.space.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		least = min(least, g.PeakMemory())
	}
	_, err := compiled(t, e.space).Within(lattice.AtMost(lattice.Memory, 100))
	want := fmt.Sprintf("no architecture of space \"mobile\" has at most 100 bytes of peak memory; the smallest has %d KiB of peak memory", least/1024)
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}
