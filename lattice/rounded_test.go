package lattice_test

import (
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"pgregory.net/rapid"
)

func TestWhatIsWithinARoundedLimitIsWithinTheLimitAndLittleIsLeftOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 300)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		m := rapid.SampledFrom([]lattice.Metric{lattice.Params, lattice.MACs}).Draw(t, "metric")
		most := e.value(rapid.IntRange(0, len(e.archs)-1).Draw(t, "at"), m)
		unit := rapid.Int64Range(1, 1+most/4).Draw(t, "unit")
		rounded, name, err := l.Rounded(m, unit)
		if err != nil {
			t.Fatal(err)
		}
		r, err := rounded.Within(lattice.AtMost(name, most/unit))
		for i, a := range e.archs {
			inside := err == nil && r.Contains(a)
			cost, steps := e.value(i, m), int64(1+len(e.space.Decisions(a)))
			if inside && cost > most {
				t.Fatalf("%v is within %d in units of %d, and costs %d", a, most, unit, cost)
			}
			if !inside && cost <= most/unit*unit-steps*unit {
				t.Fatalf("%v of %d steps is not within %d in units of %d, and costs %d", a, steps, most, unit, cost)
			}
			if n, err := rounded.Cost(a, name); err != nil || n*unit < cost {
				t.Fatalf("%v costs %d, and %d units of %d (%v)", a, cost, n, unit, err)
			}
		}
	})
}

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
