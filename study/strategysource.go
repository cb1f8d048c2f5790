package study

import (
	"errors"
	"fmt"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// FromStrategy is the source of the trials that a strategy proposes. The strategy must be fresh: a study asks it everything from the beginning, on
// resume too.
func FromStrategy(name string, s search.Strategy) Source { return strategySource{name, s} }

// StrategySeed is the seed of the strategy of a study's i-th stage, from 0: that of the study in the first, and others later, so that two stages with
// the same strategy do not propose the same.
func StrategySeed(study uint64, i int) uint64 {
	if i == 0 {
		return study
	}
	return stream.Seed(study, "stage", uint64(i))
}

type strategySource struct {
	name     string
	strategy search.Strategy
}

func (s strategySource) String() string { return "strategy " + s.name }

// check implements checked.
func (s strategySource) check(_, _ []string, prior []store.PriorStudy) error {
	if _, ok := s.strategy.(search.WarmStarter); len(prior) > 0 && !ok {
		return fmt.Errorf("strategy %s cannot learn from the results of other studies", s.name)
	}
	return nil
}

// Open implements Source. A strategy that is a search.WarmStarter observes what earlier studies found out.
func (s strategySource) Open(_ *store.History, o Opening) (Feed, Choice, error) {
	if err := s.check(nil, nil, o.Prior); err != nil {
		return nil, Choice{}, err
	}
	if warm, ok := s.strategy.(search.WarmStarter); ok {
		for _, p := range o.Prior {
			warm.Observe(p.Results)
		}
	}
	return &asking{strategy: s.strategy, fidelity: o.Fidelity, seed: o.Seed, asked: map[trial.Key]promotable{}, keys: map[trial.ID]trial.Key{}}, Choice{}, nil
}

// asking turns the proposals of a strategy into trials, and hands it their results.
type asking struct {
	strategy search.Strategy
	fidelity trial.Fidelity // of proposals that ask for no other
	seed     uint64
	asked    map[trial.Key]promotable
	keys     map[trial.ID]trial.Key // of trials without a result
}

// promotable is what a promotion needs to know of an earlier proposal.
type promotable struct {
	id         trial.ID
	arch       space.Arch
	seed       uint64
	told       bool
	failed     bool
	checkpoint trial.Checkpoint
}

// Next implements Feed.
func (a *asking) Next(id trial.ID) (Candidate, search.State, error) {
	proposals, state := a.strategy.Ask(1)
	switch {
	case len(proposals) == 1:
		c, err := a.candidate(id, proposals[0])
		return c, search.Ready, err
	case len(proposals) > 1:
		return Candidate{}, search.Done, errors.New("the strategy was asked for one proposal and gave several")
	case state == search.Ready:
		return Candidate{}, search.Done, errors.New("the strategy is ready and proposes nothing: its Ask breaks the contract")
	}
	return Candidate{}, state, nil
}

func (a *asking) candidate(id trial.ID, p trial.Proposal) (Candidate, error) {
	if _, twice := a.asked[p.Key]; twice || p.Key < 1 {
		return Candidate{}, fmt.Errorf("the strategy gave a proposal the key %d, which is below 1 or was given before: its Ask breaks the contract", p.Key)
	}
	c := Candidate{
		Trial: trial.Trial{Arch: p.Arch, Fidelity: p.Fidelity, Seed: stream.Seed(a.seed, "trial", uint64(id)), Stop: p.Stop},
		Key:   p.Key, Origin: p.Origin,
	}
	for _, key := range p.Parents {
		parent, ok := a.asked[key]
		if !ok {
			return c, fmt.Errorf("the strategy names proposal %d as a parent, which it did not make: its Ask breaks the contract", key)
		}
		c.Parents = append(c.Parents, parent.id)
	}
	if p.From != 0 {
		from, ok := a.asked[p.From]
		if !ok || !from.told || from.failed || from.arch != p.Arch {
			return c, fmt.Errorf("the strategy goes on from proposal %d, which has no result, failed, or is of another architecture: its Ask breaks the contract", p.From)
		}
		if reached, wanted := from.checkpoint.Fidelity, p.Fidelity.Or(a.fidelity); !reached.Before(wanted) {
			return c, fmt.Errorf("the strategy goes on from proposal %d, which reached %v, and asks for %v: a promotion has a larger amount and the same reductions; its Ask breaks the contract",
				p.From, reached, wanted)
		}
		c.Trial.Seed = from.seed
		c.Trial.From = &from.checkpoint
	}
	a.asked[p.Key] = promotable{id: id, arch: p.Arch, seed: c.Trial.Seed}
	a.keys[id] = p.Key
	return c, nil
}

// Tell implements Feed.
func (a *asking) Tell(r trial.Result) {
	r.Key = a.keys[r.Trial]
	delete(a.keys, r.Trial)
	p := a.asked[r.Key]
	p.told, p.failed = true, r.Status != trial.OK
	p.checkpoint = checkpointOf(r)
	a.asked[r.Key] = p
	a.strategy.Tell([]trial.Result{r})
}

// checkpointOf returns the state that a trial left behind.
func checkpointOf(r trial.Result) trial.Checkpoint {
	c := trial.Checkpoint{Trial: r.Trial, Fidelity: r.Fidelity}
	for _, a := range r.Artifacts {
		if a.Kind == trial.CheckpointKind {
			c.Artifact = a
		}
	}
	return c
}
