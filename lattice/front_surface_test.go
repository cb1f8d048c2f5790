package lattice_test

import (
	"testing"

	"github.com/trellis-nas/trellis/lattice"
)

func TestASlackThinsAFront(t *testing.T) {
	r, err := compiled(t, mobile(t)).Within()
	if err != nil {
		t.Fatal(err)
	}
	exact, err := r.FrontNear(lattice.MACs, stepScore, 0)
	if err != nil {
		t.Fatal(err)
	}
	near, err := r.FrontNear(lattice.MACs, stepScore, 150)
	if err != nil {
		t.Fatal(err)
	}
	if len(near) >= len(exact) {
		t.Errorf("a front of %d points has %d with slack", len(exact), len(near))
	}
	if _, err := r.FrontNear(lattice.MACs, stepScore, -1); err == nil {
		t.Error("a slack of -1 is taken")
	}
	if _, err := r.Surface([2]lattice.Metric{lattice.MACs, lattice.MACs}, stepScore, 0); err == nil {
		t.Error("a surface between a metric and itself is taken")
	}
}
