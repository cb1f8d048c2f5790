package search_test

import (
	"math"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func TestVarietyIsTheMeanDistanceOfPairsAndTheShareOfNewOptions(t *testing.T) {
	s := conform.Space(t, 5)
	all := slices.Collect(s.Each())
	same := slices.Repeat(all[:1], search.Recent)
	if d := search.VarietyOf(s, same); d.Distance != 0 || d.New != 1 {
		t.Errorf("equal proposals without earlier ones are %+v", d)
	}
	if d := search.VarietyOf(s, append(same, same...)); d != (search.Variety{}) {
		t.Errorf("proposals that are the same for long are %+v", d)
	}
	var sum float64
	recent := all[1000 : 1000+search.Recent]
	pairs := 0
	for i, a := range recent {
		for _, b := range recent[:i] {
			other := map[string]string{}
			names := map[string]bool{}
			for _, d := range s.Decisions(b) {
				other[d.Name], names[d.Name] = d.Options[d.Chosen], true
			}
			differ, shared := 0, 0
			for _, d := range s.Decisions(a) {
				names[d.Name] = true
				if label, both := other[d.Name]; both {
					shared++
					if label != d.Options[d.Chosen] {
						differ++
					}
				}
			}
			sum += float64(differ+len(names)-shared) / float64(len(names))
			pairs++
		}
	}
	if d := search.VarietyOf(s, all[:1000+search.Recent]); math.Abs(d.Distance-sum/float64(pairs)) > 1e-12 {
		t.Errorf("the distance is %v, pair by pair %v", d.Distance, sum/float64(pairs))
	}
}

func TestALullEndsWithWhatNothingBeforeWasAsGoodAs(t *testing.T) {
	var l search.Lull
	for i, c := range []struct {
		vector    []float64
		violation float64
		since     int
	}{
		{[]float64{5, 5}, 1, 0},
		{[]float64{4, 6}, 1, 0}, // better in one
		{[]float64{5, 5}, 1, 1}, // as good
		{nil, 0, 2},             // failed
		{[]float64{9, 9}, 0, 0}, // keeps the constraints
		{[]float64{1, 1}, 1, 1}, // breaks them
		{[]float64{9, 9}, 0, 2},
		{[]float64{8, 9}, 0, 0},
	} {
		l.Hear(c.vector, c.violation)
		if l.Since() != c.since {
			t.Errorf("after result %d it has been %d, want %d", i, l.Since(), c.since)
		}
	}
}

// wooden proposes what is nearest to the first architecture that it was told of, for ever.
type wooden struct {
	region *conform.Enumerated
	archs  []space.Arch
	gone   map[space.Arch]bool
	known  int
}

func (s *wooden) Ask(n int) (out []trial.Proposal, state search.State) {
	for len(out) < n {
		if len(s.archs) == 0 {
			return out, search.Done
		}
		a := s.archs[0]
		s.archs = s.archs[1:]
		if !s.gone[a] {
			out = append(out, trial.Proposal{Arch: a, Budget: budget})
		}
	}
	return out, search.Ready
}

func (s *wooden) Tell([]trial.Result) {}

func (s *wooden) Known(results []trial.Result) {
	for _, r := range results {
		s.gone[r.Arch] = true
		s.known++
	}
}

func TestACollapseIsAnsweredByUniformDrawsThatTheStrategyLearns(t *testing.T) {
	s := conform.Space(t, 5)
	region := conform.Enumerate(s, nil)
	inner := &wooden{region: region, archs: slices.Collect(s.Each()), gone: map[space.Arch]bool{}}
	problem := search.Problem{Region: region, Objectives: accuracy, Budget: budget, Seed: 1}
	v, err := search.NewVigilant(problem, inner, 7)
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for id := range trial.ID(150) {
		if p := step(t, v, id, func(id trial.ID, _ space.Arch) float64 { return 1 }); p.Origin == search.OriginBurst {
			drawn++
		}
	}
	if v.Bursts() != 2 || drawn != 14 || inner.known != 14 {
		t.Errorf("%d bursts, %d uniform draws, of which the strategy knows %d", v.Bursts(), drawn, inner.known)
	}
}

func TestAVigilantStrategyIsAStrategy(t *testing.T) {
	conforms(t, func(p search.Problem) (search.Strategy, error) {
		e, err := search.NewEvolution(p, search.EvolutionConfig{Population: 4, Sample: 4})
		if err != nil {
			return nil, err
		}
		return search.NewVigilant(p, e, 5)
	})
}
