package lattice_test

import (
	"strings"
	"testing"
)

func TestJointsOfNoDecisionNameTheNearest(t *testing.T) {
	r, err := compiled(t, nb201(t)).Within()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Gibbs(tempered).Joints("node3_fron1"); err == nil || !strings.Contains(err.Error(), `no decision "node3_fron1"; the nearest is "node3_from1"`) {
		t.Errorf("joints of a decision that is not there: %v", err)
	}
}
