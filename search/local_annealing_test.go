package search_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// downhill counts the proposals that step from a parent which was worse than what the walk had before it: steps that were
// accepted to something worse.
func downhill(t *testing.T, c search.AnnealingConfig) (steps int) {
	t.Helper()
	region := conform.Enumerate(conform.Space(t, 5), nil)
	s, err := search.NewAnnealing(search.Problem{Region: region, Objectives: accuracy, Seed: 3}, c)
	if err != nil {
		t.Fatal(err)
	}
	values := map[trial.ID]float64{}
	at, starts := trial.ID(-1), map[trial.ID]bool{}
	for id := range trial.ID(150) {
		p := step(t, s, id, func(_ trial.ID, a space.Arch) float64 { return conform.Score(a) })
		values[id] = conform.Score(p.Arch)
		if len(p.Parents) != 1 {
			starts[id] = true
			continue
		}
		if at >= 0 && !starts[parent(p)] && values[parent(p)] < values[at] {
			steps++
		}
		at = parent(p)
	}
	return steps
}

func TestAColdWalkNeverStepsDownAndAHotOneDoes(t *testing.T) {
	if n := downhill(t, search.AnnealingConfig{Temperature: 1e-9, HalfLife: 1}); n != 0 {
		t.Errorf("a cold walk steps down %d times", n)
	}
	if n := downhill(t, search.AnnealingConfig{Temperature: 10, HalfLife: 1e6}); n < 20 {
		t.Errorf("a hot walk steps down %d times of 140", n)
	}
}

func TestTheWalkDoesNotDependOnTheUnitOfTheObjective(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 5), nil)
	var runs [2][]space.Arch
	for i, unit := range []float64{1, 1024} {
		s, err := search.NewAnnealing(search.Problem{Region: region, Objectives: accuracy, Seed: 3}, search.AnnealingConfig{})
		if err != nil {
			t.Fatal(err)
		}
		for id := range trial.ID(100) {
			runs[i] = append(runs[i], step(t, s, id, func(_ trial.ID, a space.Arch) float64 { return unit * conform.Score(a) }).Arch)
		}
	}
	for i := range runs[0] {
		if runs[0][i] != runs[1][i] {
			t.Fatalf("proposal %d differs when the objective is in another unit", i)
		}
	}
}

func TestSettingsOfAnAnnealingOutOfRangeAreRefused(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 0), nil)
	for _, c := range []search.AnnealingConfig{{Initial: -1}, {Temperature: -1}, {HalfLife: -1}} {
		if _, err := search.NewAnnealing(search.Problem{Region: region, Objectives: accuracy}, c); err == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
}
