package multifidelity_test

import (
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

func median(t *testing.T, p search.Problem, inner search.Strategy, c multifidelity.MedianConfig) search.Strategy {
	t.Helper()
	return must[search.Strategy](t)(multifidelity.NewMedianRule(p, inner, c))
}

// TestTheMedianRuleSetsTheMediansOfRunningAverages computes each bar anew from all completed curves.
func TestTheMedianRuleSetsTheMediansOfRunningAverages(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	p := problem(region, 1)
	s := median(t, p, search.NewRandom(p), multifidelity.MedianConfig{Warmup: 4, Least: 3, Every: 2})
	d := drive{full: 30, failEvery: 5}
	var told []trial.Result
	stopped := 0
	for range 80 {
		all, _ := s.Ask(1)
		var want []trial.Bar
		for amount := 6; amount < 30; amount += 2 {
			var averages []float64
			for _, r := range told {
				if r.Status != trial.OK || r.Stopped != nil {
					continue
				}
				sum := 0.0
				for _, point := range r.Curve[:amount] {
					x, _ := point.Metrics.Get("accuracy")
					sum += x
				}
				averages = append(averages, sum/float64(amount))
			}
			if n := len(averages); n >= 3 {
				slices.Sort(averages)
				want = append(want, trial.Bar{Amount: amount, Value: (averages[(n-1)/2] + averages[n/2]) / 2})
			}
		}
		if got := all[0].Stop.Bars; !slices.Equal(got, want) {
			t.Fatalf("the bars are %v, not %v", got, want)
		}
		r, _ := d.judge(all[0])
		if r.Stopped != nil {
			stopped++
		}
		told = append(told, r)
		s.Tell([]trial.Result{r})
	}
	if stopped < 10 || stopped > 60 {
		t.Errorf("%d of 80 trials were stopped", stopped)
	}
}

func TestStoppingRulesComposeWithSchedulersInsideAndOutside(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	p := problem(region, 1)
	rules := func(s search.Strategy) search.Strategy {
		s = must[search.Strategy](t)(multifidelity.NewPatience(p, s, multifidelity.PatienceConfig{Points: 6}))
		return median(t, p, s, multifidelity.MedianConfig{Warmup: 2})
	}
	each(t, func(t *testing.T, s scheduler) {
		for _, outside := range []bool{true, false} {
			for _, window := range []int{1, 10} {
				inner := func(p search.Problem) (search.Strategy, error) {
					if outside {
						return search.NewRandom(p), nil
					}
					return rules(search.NewRandom(p)), nil
				}
				c := upTo81
				c.Min = 9
				strategy := must[search.Strategy](t)(s.make(p, inner, c))
				if outside {
					strategy = rules(strategy)
				}
				if _, ok := strategy.(search.WarmStarter); !ok {
					t.Error("the strategy does not observe any more")
				}
				r := drive{trials: 400, window: window}.play(t, region, strategy)
				promoted, bars, patient := 0, 0, 0
				for i, q := range r.proposals {
					if q.Origin == multifidelity.OriginPromotion {
						promoted++
					}
					for j, b := range q.Stop.Bars {
						if b.Amount >= q.Fidelity.Amount && q.From == 0 || j > 0 && b.Amount <= q.Stop.Bars[j-1].Amount {
							t.Fatalf("bars %v of a trial of %v", q.Stop.Bars, q.Fidelity)
						}
					}
					if len(q.Stop.Bars) > 0 {
						bars++
					}
					if q.Stop.Patience == 6 && q.Stop.Metric == "accuracy" && q.Stop.Maximise {
						patient++
					}
					if stop := r.results[i].Stopped; stop != nil && stop.Rule != "median" && stop.Rule != "patience" {
						t.Errorf("stopped by %q", stop.Rule)
					}
				}
				origins := map[string]int{}
				for _, q := range r.proposals {
					origins[q.Origin]++
				}
				if s.name != "dehb" && promoted == 0 || bars == 0 && s.name != "bohb" || patient == 0 {
					t.Errorf("outside %v, window %d: %d promotions, %d with bars, %d with patience", outside, window, promoted, bars, patient)
				}
			}
		}
	})
}

func TestThePatienceRuleKeepsBars(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	p := problem(region, 1)
	s := must[search.Strategy](t)(multifidelity.NewPatience(p, median(t, p, search.NewRandom(p), multifidelity.MedianConfig{}), multifidelity.PatienceConfig{Points: 3}))
	r := drive{trials: 60, window: 2, full: 40}.play(t, region, s)
	last := r.proposals[59].Stop
	if last.Patience != 3 || len(last.Bars) == 0 || last.Name != "median" || last.Metric != "accuracy" || !last.Maximise {
		t.Errorf("the rule is %+v", last)
	}
}

func TestSettingsOfStoppingRulesOutOfRangeAreErrors(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 1), nil)
	p := problem(region, 1)
	for _, c := range []multifidelity.MedianConfig{{Warmup: -1}, {Least: -1}, {Every: -1}, {Metric: "speed"}} {
		if _, err := multifidelity.NewMedianRule(p, search.NewRandom(p), c); err == nil {
			t.Errorf("%+v is no error", c)
		}
	}
	for _, c := range []multifidelity.PatienceConfig{{Points: -1}, {Metric: "speed"}} {
		if _, err := multifidelity.NewPatience(p, search.NewRandom(p), c); err == nil {
			t.Errorf("%+v is no error", c)
		}
	}
}
