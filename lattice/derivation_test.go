package lattice_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// After every beginning of every architecture the open options are those with which an architecture within the limits goes on, and the counts
// say how many do.
func TestADerivationKnowsWhichOptionsLeadToArchitecturesWithinTheLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 400)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			limits := e.budgets(t)
			inside := e.within(limits)
			if len(inside) == 0 {
				continue
			}
			r, err := l.Within(limits...)
			if err != nil {
				t.Fatal(err)
			}
			checkDerivations(t, e, r, inside)
			forward, err := l.WithinForward(limits...)
			if err != nil {
				t.Fatal(err)
			}
			checkDerivations(t, e, forward, inside)
		}
	})
}

// checkDerivations takes every architecture inside through a derivation.
func checkDerivations(t failer, e enumerated, r *lattice.Region, inside []int) {
	t.Helper()
	goesOn := map[string]map[int]int64{} // by beginning: how many inside take each option next
	for _, i := range inside {
		choices := e.archs[i].Choices()
		for at, option := range choices {
			beginning := space.NewArch(choices[:at]...).String()
			if goesOn[beginning] == nil {
				goesOn[beginning] = map[int]int64{}
			}
			goesOn[beginning][option]++
		}
	}
	for _, i := range inside {
		a := e.archs[i]
		d, taken := r.Derive(), a.Choices()
		for at, met := range e.space.Decisions(a) {
			decision, more := d.Decision()
			if !more || r.Lattice().Decisions()[decision].Name != met.Name {
				t.Fatalf("decision %d of %v is %d (%t), want %s", at, a, decision, more, met.Name)
			}
			want := goesOn[space.NewArch(taken[:at]...).String()]
			for option, count := range d.Counts() {
				if !count.IsInt64() || count.Int64() != want[option] {
					t.Fatalf("after %v, %v go on with option %d, want %d", taken[:at], count, option, want[option])
				}
				if slices.Contains(d.Open(), option) != (want[option] > 0) {
					t.Fatalf("after %v, open are %v, want %v", taken[:at], d.Open(), want)
				}
			}
			d.Take(taken[at])
		}
		if _, more := d.Decision(); more || d.Open() != nil || d.Counts() != nil || d.Arch() != a {
			t.Fatalf("the derivation of %v ends in %v", a, d.Arch())
		}
	}
}

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

func whole(t *testing.T, l *lattice.Lattice) *lattice.Region {
	t.Helper()
	r, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	return r
}
