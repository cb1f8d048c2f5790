package lattice_test

import (
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
)

func TestARoundedMetricIsWrittenInWhatItRounds(t *testing.T) {
	l, name, err := compiled(t, mobile(t)).Rounded(lattice.MACs, 10000)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Within(lattice.AtMost(name, 1000))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Limits()[0].String(), "at most 10,000,000 MACs (in units of 10,000)"; got != want {
		t.Errorf("the limit is %q, want %q", got, want)
	}
	if _, _, err := l.Rounded(name, 10); err == nil || !strings.Contains(err.Error(), "in bins already") {
		t.Errorf("rounded twice: %v", err)
	}
	if _, _, err := l.Rounded(lattice.MACs, 0); err == nil {
		t.Error("a unit of nothing")
	}
}
