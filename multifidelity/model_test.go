package multifidelity_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// witness is a model that remembers what it observed.
type witness struct {
	*search.Random
	observed []trial.Result
}

func (w *witness) Ask(n int) ([]trial.Proposal, search.State) {
	all, state := w.Random.Ask(n)
	for i := range all {
		all[i].Origin = "witness"
	}
	return all, state
}

func (w *witness) Tell([]trial.Result) { panic("a model of BOHB is told nothing") }

func (w *witness) Observe(results []trial.Result) {
	w.observed = append(w.observed, results...)
	w.Random.Observe(results)
}

// TestTheModelOfBOHBObservesTheHighestRungWithEnoughResults compares each model with the results told when it was made.
func TestTheModelOfBOHBObservesTheHighestRungWithEnoughResults(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 5), nil)
	var made []*witness
	inner := func(p search.Problem) (search.Strategy, error) {
		w := &witness{Random: search.NewRandom(p)}
		made = append(made, w)
		return w, nil
	}
	s := must[*multifidelity.BOHB](t)(multifidelity.NewBOHB(problem(region, 3), inner, multifidelity.BOHBConfig{Config: upTo81, Least: 8}))
	d := drive{failEvery: 6}
	told := map[int][]trial.Result{} // by amount
	models, uniform := 0, 0
	for range 500 {
		before := len(made)
		all, _ := s.Ask(1)
		p := all[0]
		switch p.Origin {
		case "witness":
			models++
		case search.OriginRandom:
			uniform++
		}
		highest := 0
		for amount, results := range told {
			good := 0
			for _, r := range results {
				if r.Status == trial.OK {
					good++
				}
			}
			if good >= 8 {
				highest = max(highest, amount)
			}
		}
		if p.Origin == "witness" {
			model := made[len(made)-1].observed
			want := told[highest]
			if len(model) != len(want) {
				t.Fatalf("the model knows %d results; there are %d at %d", len(model), len(want), highest)
			}
			for i := range want {
				if model[i].Arch != want[i].Arch || model[i].Fidelity.Amount != highest {
					t.Fatalf("the model knows %v at %v, not %v", model[i].Arch, model[i].Fidelity, want[i].Arch)
				}
			}
		} else if len(made) > before {
			t.Fatal("a model is made and not used")
		}
		r, _ := d.judge(p)
		told[p.Fidelity.Amount] = append(told[p.Fidelity.Amount], r)
		s.Tell([]trial.Result{r})
	}
	if share := float64(uniform) / float64(models+uniform); share < 0.28 || share > 0.48 {
		t.Errorf("%d uniform draws and %d of models", uniform, models)
	}
}

func TestBOHBNeedsAModelThatObserves(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 1), nil)
	inner := func(p search.Problem) (search.Strategy, error) { return &shy{}, nil }
	if _, err := multifidelity.NewBOHB(problem(region, 1), inner, multifidelity.BOHBConfig{Config: upTo81}); err == nil {
		t.Error("a strategy that observes nothing is taken")
	}
}

// TestDEHBBreedsFromTheRungBelow looks at where parents were evaluated, and at what children inherit.
func TestDEHBBreedsFromTheRungBelow(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 5), nil)
	s := must[*multifidelity.DEHB](t)(multifidelity.NewDEHB(problem(region, 3), nil, multifidelity.DEHBConfig{Config: upTo81}))
	r := drive{trials: 600, window: 1}.play(t, region, s)
	bred, below := 0, 0
	for _, p := range r.proposals {
		if p.Origin != multifidelity.OriginDifferential {
			continue
		}
		bred++
		if len(p.Parents) < 3 {
			t.Errorf("%v has parents %v", p.Arch, p.Parents)
		}
		for _, k := range p.Parents {
			parent := r.proposals[k-1]
			if f := parent.Fidelity.Amount; f != p.Fidelity.Amount && 3*f != p.Fidelity.Amount {
				t.Errorf("a child at %v has a parent at %v", p.Fidelity, parent.Fidelity)
			} else if f < p.Fidelity.Amount {
				below++
			}
		}
	}
	if bred < 200 || below < 50 {
		t.Errorf("%d children, %d parents of the rung below", bred, below)
	}
}
