package search_test

import (
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func local(t *testing.T, region search.Region, best bool, seed uint64) *search.Local {
	t.Helper()
	s, err := search.NewLocal(search.Problem{Region: region, Objectives: accuracy, Seed: seed}, search.LocalConfig{Best: best})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// summit reports whether steps to better known neighbours lead from a to an architecture beside which all is known and nothing
// better.
func summit(sp *space.Space, values map[space.Arch]float64, a space.Arch) bool {
	up, complete := false, true
	for b := range sp.Neighbours(a) {
		v, known := values[b]
		complete = complete && known
		if known && v > values[a] {
			up = true
			if summit(sp, values, b) {
				return true
			}
		}
	}
	return complete && !up
}

// climbed tells results one by one and checks where the search goes.
func climbed(t *testing.T, sp *space.Space, s search.Strategy, trials int) {
	t.Helper()
	values := map[space.Arch]float64{}
	var archs []space.Arch
	var at space.Arch // where the climb began, or was when it last tried a neighbour
	for id := range trial.ID(trials) {
		p := step(t, s, id, func(_ trial.ID, a space.Arch) float64 { return conform.Score(a) })
		switch {
		case p.Origin == search.OriginInitial:
			if id > 0 && !summit(sp, values, at) {
				t.Fatalf("proposal %d begins anew, and the climb from %v has not ended", id, at)
			}
			at = p.Arch
		case !slices.Contains(slices.Collect(sp.Neighbours(archs[parent(p)])), p.Arch):
			t.Fatalf("proposal %d, %v, is no neighbour of its parent %v", id, p.Arch, archs[parent(p)])
		default:
			if to := archs[parent(p)]; to != at && values[to] <= values[at] {
				t.Fatalf("proposal %d is a step down to %v", id, to)
			} else {
				at = to
			}
		}
		archs = append(archs, p.Arch)
		values[p.Arch] = conform.Score(p.Arch)
	}
}

func TestLocalSearchRestartsOnlyAtALocalOptimum(t *testing.T) {
	sp := conform.Space(t, 4)
	region := conform.Enumerate(sp, nil)
	for seed := range uint64(5) {
		climbed(t, sp, local(t, region, false, seed), 150)
		climbed(t, sp, local(t, region, true, seed), 150)
	}
}

func TestFirstImprovementIsAheadEarlyAndBestImprovementClimbsSteeper(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 5), nil)
	var first, steep float64
	for seed := range uint64(20) {
		first += best(t, local(t, region, false, seed), 30)
		steep += best(t, local(t, region, true, seed), 30)
	}
	if first <= steep {
		t.Errorf("after 30 trials first improvement has %.3f, best improvement %.3f", first/20, steep/20)
	}
}

func TestAWarmLocalSearchClimbsFromTheBestThatIsKnown(t *testing.T) {
	sp := conform.Space(t, 5)
	all := slices.Collect(sp.Each())
	var known []trial.Result
	top := all[0]
	for i := 0; i < len(all); i += 997 {
		known = append(known, trial.Result{Arch: all[i], Status: trial.OK,
			Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: conform.Score(all[i])})})
		if conform.Score(all[i]) > conform.Score(top) {
			top = all[i]
		}
	}
	s := local(t, conform.Enumerate(sp, nil), false, 1)
	s.Observe(known)
	p, _ := s.Ask(1)
	if !slices.Contains(slices.Collect(sp.Neighbours(top)), p[0].Arch) || p[0].Parents != nil {
		t.Errorf("the first proposal is %+v, which is no neighbour of %v", p[0], top)
	}
}
