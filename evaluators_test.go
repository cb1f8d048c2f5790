package trellis

import (
	"context"
	"errors"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/trial"
)

var errNoNetwork = errors.New("no network of mine")

// TestEvaluatorsOfThisPackageKeepTheContract is about the function of a Study, costs of the lattice beside it, and a description around both.
func TestEvaluatorsOfThisPackageKeepTheContract(t *testing.T) {
	s := conform.Space(t, 1)
	var trials conform.Trials
	for a := range s.Each() {
		tr := trial.Trial{ID: trial.ID(len(trials.Good)), Arch: a, Fidelity: trial.Full(1), Seed: 7}
		if len(trials.Good) == 3 {
			trials.Bad = &tr
			break
		}
		trials.Good = append(trials.Good, tr)
	}
	bad := s.Format(trials.Bad.Arch)
	own := function{s, func(_ context.Context, c Candidate) (Metrics, error) {
		if c.String() == bad {
			return nil, errNoNetwork
		}
		return Metrics{"accuracy": 1 / float64(1+c.Graph.Cost().Params)}, nil
	}}
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	costs, err := CostsOf(l, []string{string(lattice.Depth)})
	if err != nil {
		t.Fatal(err)
	}
	if !costs.Has(string(lattice.Depth)) {
		t.Fatal("there is no cost to add")
	}
	for name, e := range map[string]trial.Evaluator{
		"function":  own,
		"costs":     costs.Added(own),
		"described": trial.Described{Evaluator: costs.Added(own), Description: trial.Description{Kind: "mine"}},
	} {
		t.Run(name, func(t *testing.T) { conform.Evaluator(t, trials, func(testing.TB) trial.Evaluator { return e }) })
	}
}
