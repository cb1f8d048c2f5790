package search_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func genetic(t *testing.T, c search.GeneticConfig, seed uint64) *search.Genetic {
	t.Helper()
	region := conform.Enumerate(conform.Space(t, 5), nil)
	s, err := search.NewGenetic(search.Problem{Region: region, Objectives: accuracy, Seed: seed}, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Parents are of the generation before, told whole, or of the elite of one before that.
func TestAGenerationIsBredOfTheOneBeforeAndItsElite(t *testing.T) {
	const population, elite = 10, 2
	s := genetic(t, search.GeneticConfig{Population: population, Elite: elite}, 4)
	var values []float64
	crossed := 0
	for id := range trial.ID(100) {
		p := step(t, s, id, func(_ trial.ID, a space.Arch) float64 { return conform.Score(a) })
		values = append(values, conform.Score(p.Arch))
		if id < population {
			if p.Origin != search.OriginRandom {
				t.Fatalf("proposal %d of the first generation is a %s", id, p.Origin)
			}
			continue
		}
		if p.Origin == search.OriginCrossover {
			crossed++
		}
		begin := id / population * population // of the generation of p
		older := slices.Clone(values[:begin-population])
		slices.Sort(older)
		for _, key := range p.Parents {
			parent := trial.ID(key - 1)
			if parent >= begin {
				t.Errorf("proposal %d has a parent of its own generation, %d", id, parent)
			}
			if parent < begin-population && values[parent] < older[len(older)-elite] {
				t.Errorf("proposal %d has the parent %d, which is of no elite", id, parent)
			}
		}
	}
	if crossed < 30 {
		t.Errorf("%d of 90 children have two parents", crossed)
	}
}

func TestSettingsOfAGeneticAlgorithmOutOfRangeAreRefused(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 0), nil)
	for message, c := range map[string]search.GeneticConfig{
		"an elite of 8":         {Population: 8, Elite: 8},
		"a sample of 9":         {Population: 8, Sample: 9},
		"a population of 1":     {Population: 1},
		"crossover probability": {Crossover: 2},
	} {
		if _, err := search.NewGenetic(search.Problem{Region: region, Objectives: accuracy}, c); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("the error is %v and should say %q", err, message)
		}
	}
}
