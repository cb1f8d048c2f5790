package lattice_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
)

func TestCountersThatThereAreNotAndDepthsOutOfReachAreNamed(t *testing.T) {
	l := compiled(t, smallMobile(t).space)
	_, err := l.Within(lattice.AtLeast(lattice.Depth, 9))
	if want := `no architecture of space "mobile" has at least 9 blocks; the largest has 4 blocks`; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	for m, want := range map[lattice.Metric]string{
		lattice.OptionCount("", "k33"):           `count(k33): no such decision of space "mobile" has an option "k33"; the nearest is`,
		lattice.OptionCount("stage9.width", "w"): `count(stage9.width=w): space "mobile" has no decision "stage9.width"; the nearest is`,
		"watts":                                  `"watts" is no metric of the lattice of space "mobile"; there are params, macs, depth and count(OPTION)`,
	} {
		if _, err := l.Within(lattice.AtMost(m, 1)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", m, err, want)
		}
	}
	if _, err := compiled(t, nb201(t)).Within(lattice.AtLeast(lattice.Depth, 1)); err == nil || !strings.Contains(err.Error(), "no part of free depth") {
		t.Errorf("the depth of nb201: %v", err)
	}
}

// Of nb201, 4,096 architectures have no edge without an operation, and all have at least none of them.
func TestABoundOfZeroIsABoundAndNotItsAbsence(t *testing.T) {
	l := compiled(t, nb201(t))
	none := lattice.OptionCount("", "none")
	for _, c := range []struct {
		limit lattice.Limit
		says  string
		want  int64
	}{
		{lattice.AtMost(none, 0), "at most 0 times none", 4096},
		{lattice.AtLeast(none, 0), "at least 0 times none", 15625},
		{lattice.AtLeast(none, 1), "at least 1 times none", 15625 - 4096},
		{lattice.Limit{Metric: none, Min: 1, Max: 1}, "at least 1 times none and at most 1 times none", 6 * 1024},
	} {
		r, err := l.Within(c.limit)
		if err != nil || r.Count().Int64() != c.want {
			t.Errorf("%v: %v architectures (%v), want %d", c.limit, r.Count(), err, c.want)
			continue
		}
		if got := r.Limits()[0].String(); got != c.says {
			t.Errorf("the limit says %q, want %q", got, c.says)
		}
	}
	var infeasible *lattice.InfeasibleError
	if _, err := l.Within(lattice.Limit{Metric: none, Min: 1, Max: 0}); !errors.As(err, &infeasible) || len(infeasible.Others) != 1 {
		t.Errorf("at least one and at most none: %v", err)
	}
	r, err := l.Within(lattice.AtLeast(lattice.Memory, 0))
	if err != nil || r.Count().Int64() != 15625 {
		t.Errorf("at least 0 bytes: %v", err)
	}
}
