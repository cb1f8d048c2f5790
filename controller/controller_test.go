package controller_test

import (
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/controller"
	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

type open func(search.Problem, controller.Config) (*search.PolicyGradient, error)

// both are the ways to train a controller.
var both = map[string]open{"reinforce": controller.NewReinforce, "ppo": controller.NewPPO}

var accuracy = trial.Objectives{{Metric: "accuracy", Maximise: true}}

// few units make the tests quick.
var few = controller.Config{Units: 12, Epochs: 2}

func strategy(t *testing.T, make open, p search.Problem, c controller.Config) *search.PolicyGradient {
	t.Helper()
	s, err := make(p, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAControllerIsAStrategy(t *testing.T) {
	for name, make := range both {
		t.Run(name, func(t *testing.T) {
			conform.Strategy(t, func(p search.Problem) search.Strategy { return strategy(t, make, p, few) })
		})
	}
	t.Run("for two objectives within a constraint", func(t *testing.T) {
		conform.Strategy(t, func(p search.Problem) search.Strategy {
			p.Objectives = append(p.Objectives, trial.Objective{Metric: "cost"})
			p.Constraints = trial.Constraints{{Metric: "cost", Bound: 3}}
			return strategy(t, controller.NewReinforce, p, few)
		})
	})
}

// within returns the region of a test space in which params are at most a part of the way from least to most.
func within(t *testing.T, layers int, share float64) *lattice.CountedRegion {
	t.Helper()
	l, err := lattice.Compile(conform.Space(t, layers))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	low, high := whole.Range(lattice.Params)
	r, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: low + int64(share*float64(high-low))})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A tight limit leaves one architecture in twenty: a controller without a mask would hardly ever draw one of them. The space
// has a choice of depth, which opens further decisions.
func TestAControllerNeverDrawsWhatIsOverTheLimit(t *testing.T) {
	region := within(t, 6, 0.12)
	whole := region.Lattice().Count().Int64()
	if share := float64(region.Count().Int64()) / float64(whole); share > 0.06 {
		t.Fatalf("%.1f%% of the space are within the limit", 100*share)
	}
	for name, make := range both {
		s := strategy(t, make, search.Problem{Region: region, Objectives: accuracy, Seed: 3}, few)
		lengths := map[int]int{}
		for id := range trial.ID(150) {
			all, _ := s.Ask(1)
			a := all[0].Arch
			if !region.Contains(a) {
				t.Fatalf("%s: proposal %d is over the limit", name, id)
			}
			lengths[a.Len()]++
			s.Tell([]trial.Result{told(id, a, conform.Score(a))})
		}
		if len(lengths) != 2 {
			t.Errorf("%s: the lengths of what is proposed are %v", name, lengths)
		}
	}
}

func told(id trial.ID, a space.Arch, score float64) trial.Result {
	return trial.Result{Key: trial.Key(id + 1), Arch: a, Status: trial.OK, Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: score})}
}

func TestAControllerFindsBetterArchitecturesThanChance(t *testing.T) {
	region := within(t, 8, 0.6)
	const trials, seeds = 200, 4
	for name, make := range both {
		wins := 0
		for seed := range uint64(seeds) {
			p := search.Problem{Region: region, Objectives: accuracy, Seed: seed}
			if late(t, strategy(t, make, p, controller.Config{Units: 32}), trials) > late(t, search.NewRandom(p), trials)+0.05 {
				wins++
			}
		}
		if wins < seeds {
			t.Errorf("%s: after %d trials the proposals are better than random ones with %d of %d seeds", name, trials, wins, seeds)
		}
	}
}

// late returns the mean score of the last quarter of the proposals.
func late(t *testing.T, s search.Strategy, trials int) (mean float64) {
	t.Helper()
	for id := range trial.ID(trials) {
		all, _ := s.Ask(1)
		score := conform.Score(all[0].Arch)
		s.Tell([]trial.Result{told(id, all[0].Arch, score)})
		if int(id) >= trials*3/4 {
			mean += score * 4 / float64(trials)
		}
	}
	return mean
}

// With a single good architecture and hardly any bonus a controller collapses; it must go on proposing new ones, say so, and its
// entropy must come back.
func TestACollapsedControllerIsSeenAndAnswered(t *testing.T) {
	region := within(t, 2, 1)
	n := int(region.Count().Int64())
	s := strategy(t, controller.NewReinforce, search.Problem{Region: region, Objectives: accuracy, Seed: 1},
		controller.Config{Units: 16, Rate: 0.1, PolicyGradientConfig: search.PolicyGradientConfig{Batch: 2, Bonus: 1e-4, Redraws: 5}})
	begin, low := 0.0, 100.0
	for id := range trial.ID(n) {
		all, _ := s.Ask(1)
		if len(all) != 1 {
			t.Fatalf("%d of %d architectures were proposed", id, n)
		}
		s.Tell([]trial.Result{told(id, all[0].Arch, conform.Score(all[0].Arch))})
		h := s.Health().Entropy
		if id == 0 {
			begin = h
		}
		low = min(low, h)
	}
	d := s.Health()
	if d.Collapses < 20 || d.Restarts == 0 {
		t.Errorf("the health is %+v", d)
	}
	if low > begin/3 || d.Entropy < low+0.1 {
		t.Errorf("the entropy is %.2f in the beginning, %.2f at its lowest and %.2f in the end", begin, low, d.Entropy)
	}
}

func TestARegionOfOneArchitectureWithoutDecisionsIsDesigned(t *testing.T) {
	s, err := space.New("fixed", conform.Space(t, 0).Input(), &space.Seq{Nodes: []space.Node{&space.Leaf{Block: &space.Head{Classes: space.Of(2)}}}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	region, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	for name, make := range both {
		c := strategy(t, make, search.Problem{Region: region, Objectives: accuracy}, controller.Config{})
		all, _ := c.Ask(1)
		if len(all) != 1 {
			t.Fatalf("%s: %d proposals", name, len(all))
		}
		for range 20 {
			c.Tell([]trial.Result{told(0, all[0].Arch, 1)})
		}
		if more, state := c.Ask(1); len(more) > 0 || state != search.Done {
			t.Errorf("%s: after all, %d proposals and %v", name, len(more), state)
		}
	}
}

func TestSettingsOfAControllerOutOfRangeAreRefused(t *testing.T) {
	p := search.Problem{Region: within(t, 1, 1), Objectives: accuracy}
	for message, c := range map[string]controller.Config{
		"batch of -1": {PolicyGradientConfig: search.PolicyGradientConfig{Batch: -1}},
		"-3 units":    {Units: -3},
		"rate of -1":  {Rate: -1},
		"blend of 2":  {Blend: 2},
		"-1 epochs":   {Epochs: -1},
		"clip of 1":   {Clip: 1},
	} {
		if _, err := controller.NewPPO(p, c); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("the error is %v and should say %q", err, message)
		}
	}
	if _, err := controller.NewReinforce(search.Problem{Region: p.Region}, few); err == nil {
		t.Error("a controller without an objective is made")
	}
}

// BenchmarkAskTell measures a proposal, its result, and the share of an update that comes with it, on NAS-Bench-201.
func BenchmarkAskTell(b *testing.B) {
	s, err := space.Open("nb201", nil)
	if err != nil {
		b.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		b.Fatal(err)
	}
	region, err := l.Within()
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"reinforce", "ppo"} {
		b.Run(name, func(b *testing.B) {
			var s *search.PolicyGradient
			r := stream.New(1, "scores")
			for i := range b.N {
				if i%500 == 0 {
					if s, err = both[name](search.Problem{Region: region, Objectives: accuracy}, controller.Config{}); err != nil {
						b.Fatal(err)
					}
				}
				all, _ := s.Ask(1)
				s.Tell([]trial.Result{told(trial.ID(i%500), all[0].Arch, r.Float64())})
			}
		})
	}
}
