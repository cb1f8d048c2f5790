package multifidelity_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/pareto"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

func TestRungsAreTheFullAmountDividedByPowersOfEta(t *testing.T) {
	for _, c := range []struct {
		full, min, eta int
		want           []int
	}{
		{81, 0, 0, []int{1, 3, 9, 27, 81}},
		{81, 3, 3, []int{3, 9, 27, 81}},
		{81, 4, 3, []int{9, 27, 81}},
		{200, 3, 3, []int{7, 22, 67, 200}},
		{200, 1, 4, []int{3, 13, 50, 200}},
		{10, 6, 2, []int{10}},
		{1, 1, 3, []int{1}},
		{3, 1, 2, []int{2, 3}},
	} {
		f := trial.Fidelity{Amount: c.full, Data: 0.5, Resolution: 1, Width: 1}
		rungs, err := multifidelity.Config{Full: f, Min: c.min, Eta: c.eta}.Rungs()
		var got []int
		for _, r := range rungs {
			got = append(got, r.Amount)
			if r.At(c.full) != f {
				t.Errorf("rung %v is not a fidelity like %v", r, f)
			}
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("full %d, min %d, eta %d: %v, not %v (%v)", c.full, c.min, c.eta, got, c.want, err)
		}
	}
}

func TestSettingsOutOfRangeAreErrors(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 1), nil)
	for _, c := range []multifidelity.Config{{}, {Full: trial.Full(9), Min: 10}, {Full: trial.Full(9), Min: -1}, {Full: trial.Full(9), Eta: 1}} {
		each(t, func(t *testing.T, s scheduler) {
			if _, err := s.make(problem(region, 1), random, c); err == nil {
				t.Errorf("%+v is no error", c)
			}
		})
	}
}

// TestHyperbandRunsTheBracketsOfItsPaper checks the table of the paper for R = 81 and η = 3.
func TestHyperbandRunsTheBracketsOfItsPaper(t *testing.T) {
	table := [][][2]int{ // n_i, r_i
		{{81, 1}, {27, 3}, {9, 9}, {3, 27}, {1, 81}},
		{{34, 3}, {11, 9}, {3, 27}, {1, 81}},
		{{15, 9}, {5, 27}, {1, 81}},
		{{8, 27}, {2, 81}},
		{{5, 81}},
	}
	region := conform.Enumerate(conform.Space(t, 6), nil)
	var want, got [][2]int
	total, afresh := 0, 0
	for range 2 { // rounds
		for _, bracket := range table {
			want = append(want, bracket...)
			from := 0
			for _, level := range bracket {
				total += level[0]
				afresh += level[0] * (level[1] - from)
				from = level[1]
			}
		}
	}
	r := drive{trials: total, window: 1}.play(t, region, must[search.Strategy](t)(multifidelity.NewHyperband(problem(region, 4), random, upTo81)))
	for i, p := range r.proposals {
		fresh := p.Origin != multifidelity.OriginPromotion
		if n := len(got); n > 0 && got[n-1][1] == p.Fidelity.Amount && fresh == (r.proposals[i-1].Origin != multifidelity.OriginPromotion) {
			got[n-1][0]++
		} else {
			got = append(got, [2]int{1, p.Fidelity.Amount})
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the brackets (n, r) are %v, not %v", got, want)
	}
	if r.spent > afresh {
		t.Errorf("%d were spent, and continuing costs %d", r.spent, afresh)
	}
}

func TestPromotionsAreTheBestOfTheirRung(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 4), nil)
	both := trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "cost"}}
	for name, c := range map[string]struct {
		objectives  trial.Objectives
		constraints trial.Constraints
		scalar      func([]float64) float64
		less        func(a, b trial.Result) int // nil: by fronts
	}{
		"one objective": {objectives: both[:1], less: func(a, b trial.Result) int { return cmp.Compare(value(b, "accuracy"), value(a, "accuracy")) }},
		"constraint": {objectives: both[:1], constraints: trial.Constraints{{Metric: "cost", Bound: 10}}, less: func(a, b trial.Result) int {
			va, vb := max(0, value(a, "cost")-10), max(0, value(b, "cost")-10)
			return cmp.Or(cmp.Compare(va, vb), cmp.Compare(value(b, "accuracy"), value(a, "accuracy")))
		}},
		"scalarization": {objectives: both, scalar: func(x []float64) float64 { return x[0] - x[1]/10 }, less: func(a, b trial.Result) int {
			return cmp.Compare(value(b, "accuracy")-value(b, "cost")/10, value(a, "accuracy")-value(a, "cost")/10)
		}},
		"two objectives": {objectives: both},
	} {
		t.Run(name, func(t *testing.T) {
			p := problem(region, 11)
			p.Objectives, p.Constraints = c.objectives, c.constraints
			config := upTo81
			config.Scalarization = c.scalar
			s := must[search.Strategy](t)(multifidelity.NewSuccessiveHalving(p, random, multifidelity.HalvingConfig{Config: config, Count: 100}))
			r := drive{trials: 100 + 33 + 11 + 3 + 1, window: 1, failEvery: 4}.play(t, region, s)
			from := 0
			for _, n := range []int{100, 33, 11, 3} {
				rung, next := r.results[from:from+n], r.results[from+n:from+n+n/3]
				var good []trial.Result
				for _, x := range rung {
					if x.Status == trial.OK {
						good = append(good, x)
					}
				}
				taken := map[space.Arch]bool{}
				for _, x := range next {
					taken[x.Arch] = true
				}
				if len(taken) != n/3 {
					t.Fatalf("%d of %d were promoted", len(taken), n)
				}
				if c.less != nil {
					slices.SortStableFunc(good, c.less)
					for i, x := range good {
						if taken[x.Arch] != (i < n/3) {
							t.Fatalf("number %d of %d is promoted: %v", i, n, taken[x.Arch])
						}
					}
				} else {
					var points [][]float64
					for _, x := range good {
						points = append(points, []float64{-value(x, "accuracy"), value(x, "cost")})
					}
					ranks := pareto.Ranks(points)
					for i := range good {
						for j := range good {
							if ranks[i] < ranks[j] && !taken[good[i].Arch] && taken[good[j].Arch] {
								t.Fatalf("one of front %d is promoted and one of front %d is not", ranks[j], ranks[i])
							}
						}
					}
				}
				from += n
			}
		})
	}
}

func value(r trial.Result, metric string) float64 {
	x, _ := r.Metrics.Get(metric)
	return x
}

// TestASHADecidesAsItsPaperDoes compares every decision with a transcription of algorithm 2, which looks at all results each time.
func TestASHADecidesAsItsPaperDoes(t *testing.T) {
	region := conform.Enumerate(conform.Space(t, 5), nil)
	amounts := []int{1, 3, 9, 27, 81}
	for _, window := range []int{1, 4, 25} {
		s := must[search.Strategy](t)(multifidelity.NewASHA(problem(region, 2), random, upTo81))
		var proposals []trial.Proposal
		var results []trial.Result
		promoted := map[string]bool{}
		getJob := func() string {
			for k := len(amounts) - 2; k >= 0; k-- {
				var rung []trial.Result
				for _, r := range results {
					if r.Fidelity.Amount == amounts[k] {
						rung = append(rung, r)
					}
				}
				slices.SortStableFunc(rung, func(a, b trial.Result) int { return cmp.Compare(value(b, "accuracy"), value(a, "accuracy")) })
				for _, r := range rung[:len(rung)/3] {
					if id := fmt.Sprint(r.Arch, k); !promoted[id] {
						promoted[id] = true
						return fmt.Sprint(r.Arch, amounts[k+1])
					}
				}
			}
			return "new"
		}
		for len(proposals) < 800 {
			for len(proposals)-len(results) < window {
				all, state := s.Ask(1)
				if state != search.Ready {
					t.Fatal(state)
				}
				got := fmt.Sprint(all[0].Arch, all[0].Fidelity.Amount)
				if all[0].Origin != multifidelity.OriginPromotion {
					got = "new"
				}
				if want := getJob(); got != want {
					t.Fatalf("window %d, proposal %d: %s, and the paper's algorithm gives %s", window, len(proposals), got, want)
				}
				proposals = append(proposals, all[0])
			}
			r, _ := drive{}.judge(proposals[len(results)])
			results = append(results, r)
			s.Tell([]trial.Result{r})
		}
		if len(promoted) < 200 {
			t.Errorf("only %d promotions", len(promoted))
		}
	}
}
