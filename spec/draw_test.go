package spec_test

import (
	"math/rand/v2"
	"testing"

	"github.com/trellis-nas/trellis/spec"
)

// Published figures of a study hold as long as its seed draws what it drew. What is drawn within limits follows from where the tables of
// the lattice meet, so a faster table may change it unseen; whoever means to says so in CHANGELOG and measures the studies again.
func TestTheSeedOfTheQuickstartDrawsWhatItAlwaysDrew(t *testing.T) {
	file, err := spec.Open("../examples/quickstart.yaml")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := file.Plan("")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i, want := range []string{
		"hswish w12 d2 k3 e3 se0.25 k3 e2 se0 w16 d3 k3 e1 se0 k3 e1 se0.25 k3 e3 se0.25 w24 d2 k3 e3 se0.25 k3 e3 se0",
		"hswish w8 d2 k5 e1 se0.25 k3 e1 se0.25 w16 d3 k3 e1 se0.25 k3 e2 se0.25 k3 e3 se0 w24 d2 k3 e1 se0.25 k5 e1 se0",
		"hswish w12 d2 k5 e1 se0 k3 e2 se0.25 w32 d3 k3 e1 se0.25 k3 e3 se0 k3 e2 se0.25 w32 d2 k3 e3 se0 k5 e2 se0.25",
	} {
		if got := plan.Space.Format(plan.Region.Sample(random)); got != want {
			t.Errorf("draw %d is %q, and was %q", i, got, want)
		}
	}
}
