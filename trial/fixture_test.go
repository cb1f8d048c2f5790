package trial_test

import (
	"context"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/trial"
)

// landscapeTrials returns trials for the conformance suite on conform.Landscape{FailEvery: 5}.
func landscapeTrials(t testing.TB) conform.Trials {
	t.Helper()
	out := conform.Trials{Stops: true}
	id := trial.ID(0)
	for a := range conform.Space(t, 1).Each() {
		tr := trial.Trial{ID: id, Stage: "search", Arch: a, Fidelity: trial.Full(3), Seed: uint64(id)}
		r, err := landscape.Evaluate(context.Background(), tr, trial.Silent)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status == trial.OK && len(out.Good) < 4 {
			out.Good = append(out.Good, tr)
		} else if r.Status != trial.OK {
			out.Bad = &tr
		}
		id++
	}
	for _, long := range out.Good {
		short := long
		short.ID, short.Fidelity = long.ID+1000, long.Fidelity.At(1)
		out.Pairs = append(out.Pairs, [2]trial.Trial{short, long})
	}
	return out
}

var landscape = conform.Landscape{FailEvery: 5}

// good returns a trial that succeeds on the landscape.
func good(t testing.TB) trial.Trial { return landscapeTrials(t).Good[0] }

// scripted answers the n-th call with the n-th of its answers, and the last one from then on. It is not for concurrent use.
type scripted struct {
	answers []answer
	seeds   []uint64
}

type answer struct {
	result trial.Result
	err    error
}

func (s *scripted) Evaluate(_ context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	a := s.answers[min(len(s.seeds), len(s.answers)-1)]
	s.seeds = append(s.seeds, t.Seed)
	report(trial.Progress{Share: 0.5})
	a.result.Trial, a.result.Arch = t.ID, t.Arch
	return a.result, a.err
}

// estimating adds the ability to estimate.
type estimating struct {
	trial.Evaluator
	spent trial.Spent
}

func (e estimating) Estimate(trial.Trial) (trial.Spent, error) { return e.spent, nil }
