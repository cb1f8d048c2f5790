package lattice_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

func TestADerivationRefusesAnOptionThatLeadsNowhere(t *testing.T) {
	s, err := space.Open("nb201", nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	least, _ := whole(t, l).Range(lattice.Params)
	r, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: least})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if said, ok := recover().(string); !ok || !strings.Contains(said, "open are") {
			t.Errorf("it says %v", said)
		}
	}()
	d := r.Derive()
	for option := range 5 {
		if !slices.Contains(d.Open(), option) {
			d.Take(option)
		}
	}
	t.Error("every option leads to the smallest networks")
}

func whole(t *testing.T, l *lattice.Lattice) *lattice.CountedRegion {
	t.Helper()
	r, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	return r
}
