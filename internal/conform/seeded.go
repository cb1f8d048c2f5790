package conform

import (
	"math"
	"testing"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// seeded tests the contract of search.Seeded.
func seeded(t *testing.T, wide, tiny *Enumerated, make func(region search.Region, seed uint64) search.Strategy) {
	fresh := func(region search.Region, seed uint64) search.Seeded { return make(region, seed).(search.Seeded) }
	known := func(region *Enumerated, n int, failEvery uint64) (all []trial.Result) {
		step := len(region.archs) / n
		for i := range n {
			r, err := Landscape{FailEvery: failEvery}.Evaluate(t.Context(), trial.Trial{ID: trial.ID(1000 + i), Arch: region.archs[i*step]}, trial.Silent)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, r)
		}
		return all
	}
	t.Run("what is known in two parts is known as in one", func(t *testing.T) {
		all := known(wide, 30, 5)
		one, two := fresh(wide, 4), fresh(wide, 4)
		one.Known(all)
		two.Known(all[:11])
		two.Known(all[11:])
		equal(t, play(t, one, plan{trials: 60, window: 3}), play(t, two, plan{trials: 60, window: 3}))
	})
	t.Run("what is known is not proposed, failed or not, and is no parent", func(t *testing.T) {
		all := known(tiny, 12, 3)
		for _, window := range []int{1, 6} {
			s := fresh(tiny, 4)
			s.Known(all)
			proposals := play(t, s, plan{trials: math.MaxInt, window: window})
			distinct(t, tiny, proposals)
			for _, p := range proposals {
				for _, r := range all {
					if p.Arch == r.Arch {
						t.Fatalf("%v is proposed, and is known", p.Arch)
					}
				}
			}
			if len(proposals) != len(tiny.archs)-len(all) {
				t.Errorf("%d of %d architectures were proposed, and %d are known", len(proposals), len(tiny.archs), len(all))
			}
		}
	})
	t.Run("it may become known at any time", func(t *testing.T) {
		s := fresh(wide, 6)
		all := known(wide, 25, 0)
		proposals := play(t, interrupted{s, func(asked int) {
			if asked == 15 {
				s.Known(all)
			}
		}, new(int)}, plan{trials: 80, window: 3})
		distinct(t, wide, proposals)
	})
}

// interrupted calls during before each proposal, with the number of those before.
type interrupted struct {
	search.Strategy
	during func(asked int)
	asked  *int
}

func (s interrupted) Ask(n int) ([]trial.Proposal, search.State) {
	s.during(*s.asked)
	*s.asked += n
	return s.Strategy.Ask(n)
}
