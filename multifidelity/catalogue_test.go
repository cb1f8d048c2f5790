package multifidelity_test

import (
	"strconv"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// TestDefaultsOfTheCatalogueAreThoseOfTheConstructors plays each entry without settings and with all defaults written out.
func TestDefaultsOfTheCatalogueAreThoseOfTheConstructors(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	defaults := func(settings []multifidelity.Setting) multifidelity.Values {
		v := multifidelity.Values{}
		for _, s := range settings {
			if s.Doc == "" || s.Least > s.Most {
				t.Errorf("setting %+v", s)
			}
			if s.Default == "" {
				continue
			}
			x, err := strconv.ParseFloat(s.Default, 64)
			if err != nil {
				t.Fatal(err)
			}
			v[s.Name] = x
		}
		return v
	}
	twice := func(t *testing.T, make func(multifidelity.Values) (search.Strategy, error), settings []multifidelity.Setting) {
		play := func(v multifidelity.Values) run {
			return drive{trials: 200, window: 3, full: 30}.play(t, region, must[search.Strategy](t)(make(v)))
		}
		same(t, play(nil), play(defaults(settings)))
		if _, err := make(multifidelity.Values{"colour": 3}); err == nil {
			t.Error("an unknown setting is no error")
		}
		for _, s := range settings {
			if _, err := make(multifidelity.Values{s.Name: s.Most + 1}); err == nil {
				t.Errorf("%s above its range is no error", s.Name)
			}
		}
	}
	p := problem(region, 8)
	for _, s := range multifidelity.Schedulers() {
		t.Run(s.Name, func(t *testing.T) {
			twice(t, func(v multifidelity.Values) (search.Strategy, error) {
				return s.New(p, random, multifidelity.Config{Full: upTo81.Full}, v)
			}, append(multifidelity.Shared(), s.Settings...))
		})
	}
	for _, r := range multifidelity.Rules() {
		t.Run(r.Name, func(t *testing.T) {
			twice(t, func(v multifidelity.Values) (search.Strategy, error) { return r.New(p, search.NewRandom(p), v) }, r.Settings)
		})
	}
}

// TestEverySchedulerOfTheCatalogueKeepsTheContract makes each by its name, so that a new one is in it by itself.
func TestEverySchedulerOfTheCatalogueKeepsTheContract(t *testing.T) {
	for _, s := range multifidelity.Schedulers() {
		t.Run(s.Name, func(t *testing.T) {
			conform.Scheduler(t, func(p search.Problem) search.Strategy {
				return must[search.Strategy](t)(s.New(p, random, multifidelity.Config{Full: trial.Full(27)}, multifidelity.Values{"min": 3}))
			})
		})
	}
}

func TestEveryStoppingRuleOfTheCatalogueKeepsTheContract(t *testing.T) {
	for _, r := range multifidelity.Rules() {
		t.Run(r.Name, func(t *testing.T) {
			conform.Strategy(t, func(p search.Problem) search.Strategy {
				return must[search.Strategy](t)(r.New(p, search.NewRandom(p), nil))
			})
		})
	}
}
