package lattice_test

import (
	"strings"
	"testing"
)

func TestJointsOfNoDecisionNameThoseThereAre(t *testing.T) {
	r, err := compiled(t, nb201(t)).Within()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Gibbs(warm).Joints("kernal"); err == nil || !strings.Contains(err.Error(), `no decision "kernal"; there are `+r.Lattice().Decisions()[0].Name) {
		t.Errorf("joints of a decision that is not there: %v", err)
	}
}
