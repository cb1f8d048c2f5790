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

func TestDiversityIsTheMeanDistanceOfPairsAndTheShareOfNewOptions(t *testing.T) {
	s := conform.Space(t, 5)
	all := slices.Collect(s.Each())
	same := slices.Repeat(all[:1], search.Recent)
	if d := search.DiversityOf(s, same); d.Distance != 0 || d.New != 1 {
		t.Errorf("equal proposals without earlier ones are %+v", d)
	}
	if d := search.DiversityOf(s, append(same, same...)); d != (search.Diversity{}) {
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
	if d := search.DiversityOf(s, all[:1000+search.Recent]); math.Abs(d.Distance-sum/float64(pairs)) > 1e-12 {
		t.Errorf("the distance is %v, pair by pair %v", d.Distance, sum/float64(pairs))
	}
}

// greedy proposes what is nearest to the first architecture that it was told of, for ever.
type greedy struct {
	region *conform.Enumerated
	archs  []space.Arch
	gone   map[space.Arch]bool
	told   int
	asked  trial.Key
}

func (s *greedy) Ask(n int) (out []trial.Proposal, state search.State) {
	for len(out) < n {
		if len(s.archs) == 0 {
			return out, search.Done
		}
		a := s.archs[0]
		s.archs = s.archs[1:]
		if !s.gone[a] {
			s.asked++
			out = append(out, trial.Proposal{Key: s.asked, Arch: a})
		}
	}
	return out, search.Ready
}

func (s *greedy) Tell([]trial.Result) {}

func (s *greedy) Observe(results []trial.Result) {
	for _, r := range results {
		s.gone[r.Arch] = true
		s.told++
	}
}

func TestStagnationIsAnsweredByUniformDrawsThatTheStrategyObserves(t *testing.T) {
	s := conform.Space(t, 5)
	region := conform.Enumerate(s, nil)
	inner := &greedy{region: region, archs: slices.Collect(s.Each()), gone: map[space.Arch]bool{}}
	problem := search.Problem{Region: region, Objectives: accuracy, Seed: 1}
	v, err := search.NewRestarts(problem, inner, 7)
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for id := range trial.ID(150) {
		if p := step(t, v, id, func(id trial.ID, _ space.Arch) float64 { return 1 }); p.Origin == search.OriginRestart {
			drawn++
		}
	}
	if v.Count() != 2 || drawn != 14 || inner.told != 14 {
		t.Errorf("%d restarts, %d uniform draws, of which the strategy observed %d", v.Count(), drawn, inner.told)
	}
}

func TestAStrategyWithRestartsIsAStrategy(t *testing.T) {
	conforms(t, func(p search.Problem) (search.Strategy, error) {
		e, err := search.NewEvolution(p, search.EvolutionConfig{Population: 4, Sample: 4})
		if err != nil {
			return nil, err
		}
		return search.NewRestarts(p, e, 5)
	})
}
