package lattice_test

import (
	"math"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"pgregory.net/rapid"
)

func TestPairwiseMarginalsAreSumsOverAllArchitectures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 300)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		limits := e.budgets(t)
		inside := e.within(limits)
		if len(inside) == 0 || len(l.Decisions()) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		total, want := 0.0, map[[2]string]float64{}
		for _, i := range inside {
			total += math.Exp(e.scoreOf(e.archs[i])/7 + 3)
		}
		for _, i := range inside {
			p := math.Exp(e.scoreOf(e.archs[i])/7+3) / total
			decisions := e.space.Decisions(e.archs[i])
			for _, a := range decisions {
				for _, b := range decisions {
					want[[2]string{a.Name + "=" + a.Options[a.Chosen], b.Name + "=" + b.Options[b.Chosen]}] += p
				}
			}
		}
		of := rapid.SampledFrom(l.Decisions()).Draw(t, "decision").Name
		joints, err := r.Gibbs(warm).Joints(of)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range joints {
			for _, m := range j.With {
				for k, p := range m.Probability {
					pair := [2]string{of + "=" + j.Option, m.Decision + "=" + m.Options[k]}
					if !(math.Abs(p-want[pair]) <= 1e-9) {
						t.Fatalf("within %v: %v has probability %v, want %v", limits, pair, p, want[pair])
					}
				}
			}
		}
	})
}

func TestJointsOfNoDecisionNameThoseThereAre(t *testing.T) {
	r, err := compiled(t, nb201(t)).Within()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Gibbs(warm).Joints("kernal"); err == nil || !strings.Contains(err.Error(), `no decision "kernal"; there are `+r.Lattice().Decisions()[0].Name) {
		t.Errorf("joints of a decision that is not there: %v", err)
	}
}
