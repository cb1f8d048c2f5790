package study_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// leaving is a landscape whose trials leave the checkpoints that they are asked for.
type leaving struct {
	conform.Landscape
	mu   sync.Mutex
	from map[trial.ID]*trial.Checkpoint // of trials that went on
}

func (e *leaving) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	r, err := e.Landscape.Evaluate(ctx, t, report)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.from == nil {
		e.from = map[trial.ID]*trial.Checkpoint{}
	}
	if t.From != nil {
		e.from[t.ID] = t.From
	}
	if t.Checkpoint && r.Status == trial.OK {
		name := fmt.Sprintf("trial%d", t.ID)
		r.Artifacts = []trial.Artifact{{Name: name, Kind: trial.CheckpointKind, Path: name, Size: 1, SHA256: "00"}}
	}
	return r, err
}

// halving is a study of two stages: ASHA over evolution, and the best of it at more than the full amount.
func halving(t testing.TB) study.Config {
	strategy, err := multifidelity.NewASHA(
		search.Problem{Region: region(), Objectives: objectives, Seed: 11},
		func(p search.Problem) (search.Strategy, error) {
			return search.NewEvolution(p, search.EvolutionConfig{Population: 6, Sample: 3})
		},
		multifidelity.Config{Full: trial.Full(9)})
	if err != nil {
		t.Fatal(err)
	}
	evaluator := restless{&leaving{Landscape: conform.Landscape{FailEvery: 7, Full: 27}}}
	return study.Config{
		Name: "halving", Version: "test", Space: region().Space(), SpaceHash: "abc", Seed: 11, Objectives: objectives, Journal: new(store.Memory),
		Stages: []study.Stage{
			{
				Name: "search", Source: study.FromStrategy("asha over evolution", strategy), Evaluator: evaluator, Fidelity: trial.Full(9), Window: 4,
				Stop: study.StopConditions{Trials: 40}, Checkpoints: true,
			},
			{Name: "longer", Source: study.BestOf{Stage: "search", Count: 4, Resume: true}, Evaluator: evaluator, Fidelity: trial.Full(27), Window: 4},
		},
	}
}

func runConfig(t testing.TB, c study.Config) *store.History {
	t.Helper()
	s, err := study.New(c)
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAPromotionGoesOnFromItsCheckpointWithItsSeed(t *testing.T) {
	c := halving(t)
	evaluator := c.Stages[0].Evaluator.(restless).Evaluator.(*leaving)
	h := runConfig(t, c)
	promoted := map[string]int{}
	seeds := map[uint64]space.Arch{}
	for _, e := range h.Entries {
		amount := e.Trial.Fidelity.Amount
		if e.Trial.Stage == "search" != (amount <= 9) || e.Trial.Checkpoint != (amount < 27) {
			t.Errorf("trial %d of stage %s has an amount of %d, and leaves a checkpoint: %v", e.Trial.ID, e.Trial.Stage, amount, e.Trial.Checkpoint)
		}
		if given := evaluator.from[e.Trial.ID]; (given == nil) != (e.Trial.From == nil) || given != nil && *given != *e.Trial.From {
			t.Errorf("the evaluator of trial %d was given the checkpoint %+v, and the journal has %+v", e.Trial.ID, given, e.Trial.From)
		}
		if e.Trial.From == nil {
			if other, taken := seeds[e.Trial.Seed]; taken {
				t.Errorf("trial %d of %v has the seed of %v", e.Trial.ID, e.Trial.Arch, other)
			}
			seeds[e.Trial.Seed] = e.Trial.Arch
			continue
		}
		promoted[e.Trial.Stage]++
		from := h.Entries[e.Trial.From.Trial]
		artifact, _ := from.Result.Artifact(fmt.Sprintf("trial%d", from.Trial.ID))
		switch {
		case from.Trial.Arch != e.Trial.Arch || from.Trial.Seed != e.Trial.Seed || from.Result.Fidelity != e.Trial.From.Fidelity || !from.OK():
			t.Errorf("trial %d, %+v, goes on from %+v", e.Trial.ID, e.Trial, from.Trial)
		case e.Trial.From.Artifact != artifact || artifact.Path == "":
			t.Errorf("trial %d goes on from the artifact %+v, and trial %d left %+v", e.Trial.ID, e.Trial.From.Artifact, from.Trial.ID, artifact)
		case from.Trial.Fidelity.Amount >= amount:
			t.Errorf("trial %d goes on from %d to %d", e.Trial.ID, from.Trial.Fidelity.Amount, amount)
		case e.OK() && e.Result.Spent.Amount != amount-from.Trial.Fidelity.Amount:
			t.Errorf("trial %d spent %d from %d to %d", e.Trial.ID, e.Result.Spent.Amount, from.Trial.Fidelity.Amount, amount)
		}
	}
	if promoted["search"] < 5 || promoted["longer"] != 4 {
		t.Errorf("promoted were %v", promoted)
	}
}

func TestEveryPrefixOfAMultiFidelityStudyIsResumedToTheSameJournal(t *testing.T) {
	c := halving(t)
	runConfig(t, c)
	all := events(t, c.Journal)
	want := contents(t, all)
	for cut := range len(all) + 1 {
		d := halving(t)
		d.Workers = 1 + cut%4
		if err := d.Journal.Append(context.Background(), all[:cut]...); err != nil {
			t.Fatal(err)
		}
		runConfig(t, d)
		equal(t, want, contents(t, events(t, d.Journal)))
	}
}

func TestWithoutAStageThatResumesNoCheckpointOfTheFullAmountIsLeft(t *testing.T) {
	for _, checkpoints := range []bool{true, false} {
		c := halving(t)
		c.Stages[0].Checkpoints = checkpoints
		c.Stages[1].Source = study.BestOf{Stage: "search", Count: 4}
		for _, e := range runConfig(t, c).Entries {
			if e.Trial.Checkpoint != (checkpoints && e.Trial.Fidelity.Amount < 9) || e.Trial.Stage == "longer" && e.Trial.From != nil {
				t.Errorf("trial %d of %v leaves a checkpoint: %v, and goes on from %v", e.Trial.ID, e.Trial.Fidelity, e.Trial.Checkpoint, e.Trial.From)
			}
		}
	}
}

func TestTheBestGoOnOnlyFromWhatTheyCanGoOnFrom(t *testing.T) {
	other := space.NewArch(0, 0, 0, 0)
	for name, change := range map[string]func(*study.Config){
		"the same amount": func(c *study.Config) { c.Stages[1].Fidelity = trial.Full(3) },
		"a lower amount":  func(c *study.Config) { c.Stages[1].Fidelity = trial.Full(2) },
		"another reduction": func(c *study.Config) {
			c.Stages[1].Fidelity = trial.Fidelity{Amount: 9, Data: 0.5, Resolution: 1, Width: 1}
		},
		"another architecture": func(c *study.Config) { c.Stages[0].Evaluator = deriving{c.Stages[0].Evaluator, other} },
	} {
		c := halving(t)
		first := region().Sample(conformRand())
		c.Stages[0].Source, c.Stages[0].Fidelity = study.FromList(first), trial.Full(3)
		c.Stages[0].Evaluator, c.Stages[1].Evaluator = conform.Landscape{}, conform.Landscape{}
		change(&c)
		h := runConfig(t, c)
		if len(h.Entries) != 2 || h.Entries[1].Trial.From != nil || h.Entries[1].Trial.Seed != h.Entries[0].Trial.Seed {
			t.Errorf("%s: trial 1 of %d is %+v", name, len(h.Entries), h.Entries[1].Trial)
		}
	}
	c := halving(t)
	c.Stages[1].Source = study.BestOf{Stage: "search", Count: 4, Resume: true, Repeats: 2}
	if err := failing(t, c); !strings.Contains(err.Error(), "stage longer: 2 repeats of trials that go on from their checkpoints would all be the same") {
		t.Errorf("the error is %v", err)
	}
}

// deriving recommends another architecture than it tries.
type deriving struct {
	trial.Evaluator
	arch space.Arch
}

func (d deriving) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	r, err := d.Evaluator.Evaluate(ctx, t, report)
	r.Derived = &d.arch
	return r, err
}

// failing runs a study that must end with an error.
func failing(t testing.TB, c study.Config) error {
	t.Helper()
	s, err := study.New(c)
	if err != nil {
		return err
	}
	h, err := s.Run(context.Background())
	if err == nil {
		t.Fatal("the study ends without an error")
	}
	if h != nil && h.Ended {
		t.Error("a study that ends with an error has ended")
	}
	return err
}

// scripted proposes what it is given, one by one, and waits for the result of each.
type scripted struct {
	proposals []trial.Proposal
	told      []trial.Result
}

func (s *scripted) Ask(int) ([]trial.Proposal, search.State) {
	if len(s.proposals) == 0 {
		return nil, search.Done
	}
	p := s.proposals[:1]
	s.proposals = s.proposals[1:]
	return p, search.Ready
}

func (s *scripted) Tell(results []trial.Result) { s.told = append(s.told, results...) }

func TestAStrategyThatBreaksTheContractOfKeysAndPromotionsIsNamed(t *testing.T) {
	random := conformRand()
	a, b := region().Sample(random), region().Sample(random)
	low := trial.Full(3)
	for _, c := range []struct {
		message   string
		fail      uint64
		window    int
		proposals []trial.Proposal
	}{
		{"the key 0, which is below 1", 0, 1, []trial.Proposal{{Arch: a}}},
		{"the key -1, which is below 1", 0, 1, []trial.Proposal{{Key: -1, Arch: a}}},
		{"the key 7, which is below 1 or was given before", 0, 1, []trial.Proposal{{Key: 7, Arch: a}, {Key: 7, Arch: b}}},
		{"names proposal 9 as a parent", 0, 1, []trial.Proposal{{Key: 1, Arch: a}, {Key: 2, Arch: b, Parents: []trial.Key{1, 9}}}},
		{"goes on from proposal 5, which has no result", 0, 1, []trial.Proposal{{Key: 1, Arch: a, From: 5}}},
		{"goes on from proposal 1, which has no result", 0, 2, []trial.Proposal{{Key: 1, Arch: a, Fidelity: low}, {Key: 2, Arch: a, From: 1}}},
		{"failed", 1, 1, []trial.Proposal{{Key: 1, Arch: a, Fidelity: low}, {Key: 2, Arch: a, From: 1}}},
		{"of another architecture", 0, 1, []trial.Proposal{{Key: 1, Arch: a, Fidelity: low}, {Key: 2, Arch: b, From: 1}}},
		{"which reached 9, and asks for 9", 0, 1, []trial.Proposal{{Key: 1, Arch: a}, {Key: 2, Arch: a, From: 1}}},
		{"which reached 3, and asks for 2", 0, 1, []trial.Proposal{{Key: 1, Arch: a, Fidelity: low}, {Key: 2, Arch: a, From: 1, Fidelity: trial.Full(2)}}},
		{"a promotion has a larger amount and the same reductions", 0, 1, []trial.Proposal{
			{Key: 1, Arch: a, Fidelity: low}, {Key: 2, Arch: a, From: 1, Fidelity: trial.Fidelity{Amount: 9, Data: 0.5, Resolution: 1, Width: 1}},
		}},
		{"a fidelity of amount -1 is impossible", 0, 1, []trial.Proposal{{Key: 1, Arch: a, Fidelity: trial.Full(-1)}}},
		{"data 2 is out of range", 0, 1, []trial.Proposal{{Key: 1, Arch: a, Fidelity: trial.Fidelity{Amount: 1, Data: 2, Resolution: 1, Width: 1}}}},
	} {
		cfg := halving(t)
		cfg.Stages = cfg.Stages[:1]
		cfg.Stages[0].Source, cfg.Stages[0].Window = study.FromStrategy("scripted", &scripted{proposals: c.proposals}), c.window
		cfg.Stages[0].Evaluator = conform.Landscape{FailEvery: c.fail}
		if err := failing(t, cfg); !strings.Contains(err.Error(), c.message) {
			t.Errorf("the error is %v and should say %q", err, c.message)
		}
	}
}

func TestTheKeysOfAStrategyComeBackWithItsResults(t *testing.T) {
	random := conformRand()
	s := &scripted{}
	var keys []trial.Key
	for _, key := range []trial.Key{1 << 40, 3, 1, 2, 99} {
		keys = append(keys, key)
		s.proposals = append(s.proposals, trial.Proposal{Key: key, Arch: region().Sample(random)})
	}
	c := halving(t)
	c.Stages[0].Source, c.Stages[0].Checkpoints = study.FromStrategy("scripted", s), false
	h := runConfig(t, c)
	var told []trial.Key
	for i, r := range s.told {
		told = append(told, r.Key)
		if r.Arch != h.Entries[i].Trial.Arch || h.Entries[i].Key != r.Key {
			t.Errorf("result %d is of key %d and %v, and trial %d of key %d and %v", i, r.Key, r.Arch, i, h.Entries[i].Key, h.Entries[i].Trial.Arch)
		}
	}
	if !slices.Equal(told, keys) {
		t.Errorf("the keys are %v, and came back as %v", keys, told)
	}
}
