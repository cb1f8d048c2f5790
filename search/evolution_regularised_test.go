package search_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func evolution(t *testing.T, region search.Region, c search.EvolutionConfig, seed uint64) *search.Evolution {
	t.Helper()
	s, err := search.NewEvolution(search.Problem{Region: region, Objectives: accuracy, Seed: seed}, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// step asks for one proposal and tells its result, with the accuracy that score gives, or failed if that is negative.
func step(t *testing.T, s search.Strategy, id trial.ID, score func(trial.ID, space.Arch) float64) trial.Proposal {
	t.Helper()
	all, state := s.Ask(1)
	if state != search.Ready || len(all) != 1 {
		t.Fatalf("proposal %d: %d proposals, %v", id, len(all), state)
	}
	x := trial.Trial{ID: id, Arch: all[0].Arch}
	r := trial.Result{Arch: x.Arch, Status: trial.OK,
		Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: score(id, x.Arch)}, trial.Metric{Name: "cost", Value: 1})}
	if score(id, x.Arch) < 0 {
		r = trial.Fail(x, "diverged")
	}
	r.Key = all[0].Key
	s.Tell([]trial.Result{r})
	return all[0]
}

// parent returns the place of the first parent of a proposal in the order of asking, of a strategy that counts its keys from 1.
func parent(p trial.Proposal) trial.ID { return trial.ID(p.Parents[0] - 1) }

func TestEvolutionBeginsUniformlyAndThenMutatesMembers(t *testing.T) {
	s := conform.Space(t, 5)
	e := evolution(t, conform.Enumerate(s, nil), search.EvolutionConfig{Population: 10, Sample: 3}, 1)
	var archs []space.Arch
	mutations, returned := 0, 0
	for id := range trial.ID(200) {
		p := step(t, e, id, func(_ trial.ID, a space.Arch) float64 { return conform.Score(a) })
		archs = append(archs, p.Arch)
		if id < 10 {
			if p.Origin != search.OriginRandom || len(p.Parents) > 0 {
				t.Errorf("proposal %d of the first ten is %+v", id, p)
			}
			continue
		}
		if p.Origin != search.OriginMutation {
			continue
		}
		mutations++
		if len(p.Parents) != 1 || parent(p) >= id {
			t.Fatalf("proposal %d has the parents %v", id, p.Parents)
		}
		if parent(p) < id-10 {
			returned++ // a mutation of a later member led back to it
		}
		if !slices.Contains(slices.Collect(s.Neighbours(archs[parent(p)])), p.Arch) {
			t.Errorf("proposal %d, %v, is no neighbour of its parent %v", id, p.Arch, archs[parent(p)])
		}
	}
	if mutations < 180 || returned > mutations/4 {
		t.Errorf("%d of 190 proposals are mutations, %d of them of members that were replaced", mutations, returned)
	}
}

func TestTheOldestDiesHoweverGoodItIs(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 5), nil)
	young, old := 0, 0
	for seed := range uint64(20) {
		e := evolution(t, region, search.EvolutionConfig{Population: 8, Sample: 8}, seed)
		for id := range trial.ID(20) {
			p := step(t, e, id, func(id trial.ID, _ space.Arch) float64 {
				if id == 3 {
					return 1
				}
				return 0.5
			})
			switch {
			case !slices.Contains(p.Parents, 4):
			case id < 12:
				young++
			default: // eight younger ones have replaced it, unless a mutation of one of them led back to it
				old++
			}
		}
	}
	if young < 60 || old > 16 {
		t.Errorf("the best member has %d of %d children while it lives, and %d of %d later", young, 20*4, old, 20*8)
	}
}

func TestFailedTrialsNeitherJoinNorReplaceAnybody(t *testing.T) {
	e := evolution(t, conform.Enumerate(conform.Space(t, 5), nil), search.EvolutionConfig{Population: 4, Sample: 4}, 3)
	for id := range trial.ID(20) {
		p := step(t, e, id, func(id trial.ID, _ space.Arch) float64 {
			if id == 2 {
				return 0.5
			}
			return -1
		})
		if id >= 4 && !slices.Equal(p.Parents, []trial.Key{3}) {
			t.Errorf("proposal %d has the parents %v and not the only one that lived", id, p.Parents)
		}
	}
}

func TestAnEvolutionWithNothingToStandOnDrawsUniformly(t *testing.T) {
	e := evolution(t, conform.Enumerate(conform.Space(t, 3), nil), search.EvolutionConfig{Population: 4}, 3)
	all, state := e.Ask(30) // nothing is told
	if len(all) != 30 || state != search.Ready {
		t.Fatalf("%d proposals, %v", len(all), state)
	}
	for i, p := range all {
		if p.Origin != search.OriginRandom {
			t.Errorf("proposal %d is a %s", i, p.Origin)
		}
	}
}

func TestAParentWithoutANewNeighbourGivesWayToAUniformDraw(t *testing.T) {
	s := conform.Space(t, 2)
	first := slices.Collect(s.Each())[0]
	near := map[space.Arch]bool{first: true}
	for a := range s.Neighbours(first) {
		near[a] = true
	}
	// The region is one architecture, one neighbour of it, and all that are no neighbours.
	one := slices.Collect(s.Neighbours(first))[0]
	region := conform.Enumerate(s, func(a space.Arch) bool { return a == first || a == one || !near[a] })
	e := evolution(t, region, search.EvolutionConfig{Population: 1}, 1)
	for id := range trial.ID(region.Count().Int64()) {
		p := step(t, e, id, func(_ trial.ID, a space.Arch) float64 { return conform.Score(a) })
		if !region.Contains(p.Arch) {
			t.Fatalf("proposal %d is outside", id)
		}
	}
	if all, state := e.Ask(1); len(all) != 0 || state != search.Done {
		t.Errorf("after all: %v, %v", all, state)
	}
}

func TestSettingsOfAnEvolutionOutOfRangeAreRefused(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 0), nil)
	for message, c := range map[string]search.EvolutionConfig{
		"a population of -1": {Population: -1},
		"a sample of 9":      {Population: 8, Sample: 9},
		"a sample of -2":     {Sample: -2},
	} {
		if _, err := search.NewEvolution(search.Problem{Region: region, Objectives: accuracy}, c); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("the error is %v and should say %q", err, message)
		}
	}
}

func TestAStrategyThatLearnsNeedsAnObjective(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 0), nil)
	if _, err := search.NewEvolution(search.Problem{Region: region}, search.EvolutionConfig{}); err == nil || !strings.Contains(err.Error(), "at least one objective") {
		t.Errorf("the error is %v", err)
	}
}

// best returns the best score that a strategy finds with so many trials.
func best(t *testing.T, s search.Strategy, trials int) float64 {
	t.Helper()
	var top float64
	for id := range trial.ID(trials) {
		step(t, s, id, func(_ trial.ID, a space.Arch) float64 { top = max(top, conform.Score(a)); return conform.Score(a) })
	}
	return top
}

func TestEvolutionBeatsRandomOnASmoothLandscape(t *testing.T) {
	l, err := lattice.Compile(conform.Space(t, 9)) // 5,242,880 architectures
	if err != nil {
		t.Fatal(err)
	}
	region, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	const seeds, trials = 20, 150
	wins := 0
	var evolved, random float64
	for seed := range uint64(seeds) {
		e := best(t, evolution(t, region, search.EvolutionConfig{}, seed), trials)
		r := best(t, search.NewRandom(search.Problem{Region: region, Seed: seed}), trials)
		evolved, random = evolved+e/seeds, random+r/seeds
		if e > r {
			wins++
		}
	}
	t.Logf("best of %d trials, mean of %d seeds: evolution %.3f, random %.3f, %d wins", trials, seeds, evolved, random, wins)
	if wins < 16 || evolved < random+0.05 {
		t.Errorf("evolution wins %d of %d times, %.3f to %.3f", wins, seeds, evolved, random)
	}
}

func TestTwoObjectivesGiveAWideFront(t *testing.T) {
	l, err := lattice.Compile(conform.Space(t, 9))
	if err != nil {
		t.Fatal(err)
	}
	region, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	front := func(s search.Strategy) (volume float64) {
		low := map[float64]float64{} // cost → best accuracy
		for id := range trial.ID(200) {
			all, _ := s.Ask(1)
			r, err := conform.Landscape{}.Evaluate(context.Background(), trial.Trial{ID: id, Arch: all[0].Arch, Fidelity: trial.Full(1)}, trial.Silent)
			if err != nil {
				t.Fatal(err)
			}
			r.Key = all[0].Key
			s.Tell([]trial.Result{r})
			cost, _ := r.Metrics.Get("cost")
			value, _ := r.Metrics.Get("accuracy")
			low[cost] = max(low[cost], value)
		}
		top := 0.0
		for cost := 0.0; cost <= 12; cost++ {
			top = max(top, low[cost])
			volume += top
		}
		return volume
	}
	wins := 0
	for seed := range uint64(10) {
		p := search.Problem{Region: region, Objectives: tradeOff, Seed: seed}
		e, err := search.NewEvolution(p, search.EvolutionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if front(e) > front(search.NewRandom(p)) {
			wins++
		}
	}
	if wins < 8 {
		t.Errorf("the front of an evolution for two objectives dominates more than that of a random search %d of 10 times", wins)
	}
}
