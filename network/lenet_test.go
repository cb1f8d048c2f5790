package network_test

import (
	"testing"

	"github.com/trellis-nas/trellis/network"
)

// The figures are those of the literature: 61,706 params, and 117,600 + 240,000 + 48,000 + 10,080 + 840 MACs.
func TestLeNet5HasItsKnownParamsAndMACs(t *testing.T) {
	for _, in := range []network.Shape{{H: 28, W: 28, C: 1}, {H: 32, W: 32, C: 1}} {
		g, err := network.LeNet5(in, 10)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := g.Cost(), (network.Cost{Params: 61706, MACs: 416520}); got != want {
			t.Errorf("LeNet-5 on %v costs %+v; want %+v", in, got, want)
		}
	}
}
