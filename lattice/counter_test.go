package lattice_test

import (
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
		lattice.Count("", "k33"):           `count(k33): no such decision of space "mobile" has an option "k33"; the nearest is`,
		lattice.Count("stage9.width", "w"): `count(stage9.width=w): space "mobile" has no decision "stage9.width"; the nearest is`,
		"watts":                            `"watts" is no metric of the lattice of space "mobile"; there are params, macs, depth and count(OPTION)`,
	} {
		if _, err := l.Within(lattice.AtMost(m, 1)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", m, err, want)
		}
	}
	if _, err := compiled(t, nb201(t)).Within(lattice.AtLeast(lattice.Depth, 1)); err == nil || !strings.Contains(err.Error(), "no part of free depth") {
		t.Errorf("the depth of nb201: %v", err)
	}
}
