package score_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/space"
)

func open(t testing.TB, name string, p space.Params) *space.Space {
	t.Helper()
	s, err := space.Open(name, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compiled(t testing.TB, s *space.Space) *lattice.Lattice {
	t.Helper()
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAMissingRowIsNamedWithTheNearest(t *testing.T) {
	s := open(t, "nb-macro", nil)
	_, err := score.ParseCosts("cost.yaml", []byte("trellis-cost: 1\noperators:\n  rows:\n    - {block: mbconv, kernel: 3, mean: 1}\n    - {block: conv, mean: 2}\n"), compiled(t, s))
	var missing *device.MissingError
	if !errors.As(err, &missing) || len(missing.Missing) == 0 {
		t.Fatalf("got %v, want the rows that are missing", err)
	}
	for _, m := range missing.Missing {
		if m.Operator.Block == "conv" || !strings.Contains(err.Error(), m.Operator.Key()) || m.Operator.Block == "mbconv" && m.Nearest != "block=mbconv kernel=3" {
			t.Errorf("%s is said to be missing, the nearest row to be %s", m.Operator, m.Nearest)
		}
	}
}
