package conform

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// warmStarter tests the contract of search.WarmStarter.
func warmStarter(t *testing.T, wide, tiny *Enumerated, rungs bool, make func(region search.Region, seed uint64) search.Strategy) {
	fresh := func(region search.Region, seed uint64) search.WarmStarter {
		return make(region, seed).(search.WarmStarter)
	}
	earlier := func(region *Enumerated, n int, failEvery uint64) (all []trial.Result) {
		step := len(region.archs) / n
		for i := range n {
			r, err := Landscape{FailEvery: failEvery}.Evaluate(t.Context(), trial.Trial{ID: trial.ID(i), Arch: region.archs[i*step]}, trial.Silent)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, r)
		}
		return all
	}
	t.Run("results observed in two parts are observed as in one", func(t *testing.T) {
		all := earlier(wide, 30, 5)
		one, two := fresh(wide, 4), fresh(wide, 4)
		one.Observe(all)
		two.Observe(all[:11])
		two.Observe(all[11:])
		equal(t, play(t, one, plan{trials: 60, window: 3}), play(t, two, plan{trials: 60, window: 3}))
	})
	t.Run("what was observed is not proposed, failed or not, and is no parent", func(t *testing.T) {
		all := earlier(tiny, 12, 3)
		for _, window := range []int{1, 6} {
			s := fresh(tiny, 4)
			s.Observe(all)
			proposals := play(t, s, plan{trials: math.MaxInt, window: window})
			distinct(t, tiny, proposals)
			for _, p := range proposals {
				for _, r := range all {
					if p.Arch == r.Arch && (!rungs || p.Fidelity == r.Fidelity) {
						t.Fatalf("%v is proposed, and was observed", p.Arch)
					}
				}
			}
			if !rungs && len(proposals) != len(tiny.archs)-len(all) {
				t.Errorf("%d of %d architectures were proposed, and %d were observed", len(proposals), len(tiny.archs), len(all))
			}
		}
	})
	t.Run("keys and trials of observed results mean nothing, at any time", func(t *testing.T) {
		all := earlier(wide, 25, 7)
		driven := plan{trials: 80, window: 5}
		when := map[int]bool{0: true, 15: true, 40: true}
		observed := func(disguise func(i int, r *trial.Result, outstanding []trial.Key)) []trial.Proposal {
			s, next := fresh(wide, 6), 0
			proposals := play(t, &interrupted{Strategy: s, during: func(asked int, outstanding []trial.Key) {
				if !when[asked] {
					return
				}
				part := all[next : next+8]
				next += 8
				for i := range part {
					r := part[i]
					disguise(i, &r, outstanding)
					s.Observe([]trial.Result{r})
				}
			}}, driven)
			distinct(t, wide, proposals)
			return proposals
		}
		plain := observed(func(int, *trial.Result, []trial.Key) {})
		equal(t, plain, observed(func(i int, r *trial.Result, outstanding []trial.Key) { // those of outstanding proposals
			if len(outstanding) > 0 {
				r.Key = outstanding[i%len(outstanding)]
				r.Trial = trial.ID(r.Key)
			}
		}))
		equal(t, plain, observed(func(i int, r *trial.Result, outstanding []trial.Key) { // those of the next proposals, and of told ones
			r.Key, r.Trial = trial.Key(i+1), trial.ID(i)
			if len(outstanding) > 0 {
				r.Key += outstanding[len(outstanding)-1]
			}
		}))
	})
}

// interrupted calls during before each proposal, with the number of those before and the keys of those under way.
type interrupted struct {
	search.Strategy
	during      func(asked int, outstanding []trial.Key)
	asked       int
	outstanding []trial.Key
}

func (s *interrupted) Ask(n int) (all []trial.Proposal, state search.State) {
	for range n {
		s.during(s.asked, s.outstanding)
		one, state := s.Strategy.Ask(1)
		for _, p := range one {
			s.asked++
			s.outstanding = append(s.outstanding, p.Key)
			all = append(all, p)
		}
		if state != search.Ready {
			return all, state
		}
	}
	return all, search.Ready
}

func (s *interrupted) Tell(results []trial.Result) {
	for _, r := range results {
		for i, k := range s.outstanding {
			if k == r.Key {
				s.outstanding = append(s.outstanding[:i:i], s.outstanding[i+1:]...)
				break
			}
		}
	}
	s.Strategy.Tell(results)
}
