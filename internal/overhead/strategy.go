package overhead

import (
	"context"
	"fmt"
	"time"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Open makes a strategy for a problem.
type Open func(search.Problem) (search.Strategy, error)

// Problem returns what strategies are measured on: the mobile space, with 4·10¹¹ architectures of 17 to 33 decisions, and so many
// objectives, accuracy first and then cost.
func Problem(objectives int) (search.Problem, error) {
	s, err := space.Mobile(space.MobileOptions{})
	if err != nil {
		return search.Problem{}, err
	}
	l, err := lattice.Compile(s)
	if err != nil {
		return search.Problem{}, err
	}
	region, err := l.Within()
	if err != nil {
		return search.Problem{}, err
	}
	all := trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "cost"}}
	return search.Problem{Region: region, Objectives: all[:objectives], Seed: 1}, nil
}

// judged returns the made-up result of an architecture: every decision adds to the accuracy by its option, and every option above the first
// costs.
func judged(id trial.ID, a space.Arch) trial.Result {
	var accuracy, cost float64
	for i, c := range a.Choices() {
		accuracy += float64((c*7+i)%4) / 3
		cost += float64(min(c, 1))
	}
	return trial.Result{
		Trial: id, Arch: a, Status: trial.OK,
		Metrics: trial.Metrics{{Name: "accuracy", Value: accuracy}, {Name: "cost", Value: cost}},
	}
}

// Proposals returns the proposals and results a second over the last tenth of so many trials, each observed before the next is asked
// for. It is an error if the strategy cannot be made or has nothing to propose.
func Proposals(ctx context.Context, open Open, p search.Problem, trials int) (rate float64, err error) {
	s, err := open(p)
	if err != nil {
		return 0, err
	}
	var spent time.Duration
	for id := range trial.ID(trials) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		start := time.Now()
		all, state := s.Ask(1)
		if len(all) == 0 {
			return 0, fmt.Errorf("the strategy is %v after %d proposals", state, id)
		}
		asked := time.Since(start)
		result := judged(id, all[0].Arch)
		result.Key = all[0].Key
		start = time.Now()
		s.Tell([]trial.Result{result})
		if int(id) >= trials-trials/10 {
			spent += asked + time.Since(start)
		}
	}
	return float64(trials/10) / spent.Seconds(), nil
}
