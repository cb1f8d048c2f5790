package study_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

func TestEveryPrefixOfAJournalIsResumedToTheSameJournal(t *testing.T) {
	c := config(t)
	run(t, c)
	all := events(t, c.Journal)
	want := contents(t, all)
	random := rand.New(rand.NewPCG(1, 2))
	for cut := range len(all) + 1 {
		d := config(t)
		evaluator, tests := counting(d.Evaluator), &tester{}
		d.Evaluator, d.Tester, d.Workers = evaluator, tests, 1+cut%4
		journal := new(store.Memory)
		d.Journal = journal
		if err := journal.Append(context.Background(), all[:cut]...); err != nil {
			t.Fatal(err)
		}
		// Some results of the window had arrived before their turn.
		known := map[trial.ID]bool{}
		next := 0
		for _, e := range all[:cut] {
			if f, ok := e.Body.(store.TrialFinished); ok {
				known[f.Result.Trial] = true
				next = int(f.Result.Trial) + 1
			}
		}
		for _, e := range all[cut:] {
			if f, ok := e.Body.(store.TrialFinished); ok && int(f.Result.Trial) < next+4 && random.IntN(2) == 0 {
				if err := journal.Spool(context.Background(), e); err != nil {
					t.Fatal(err)
				}
				known[f.Result.Trial] = true
			}
		}
		h := run(t, d)
		equal(t, want, contents(t, events(t, journal)))
		if early, err := journal.Spooled(context.Background()); err != nil || len(early) != 0 {
			t.Errorf("cut after %d events, %d results were left in the spool, %v", cut, len(early), err)
		}
		for _, e := range h.Entries {
			id := e.Trial.ID
			if times := evaluator.times[id]; known[id] && times != 0 || !known[id] && times != 1 {
				t.Errorf("cut after %d events, trial %d (result known: %v) was evaluated %d times", cut, id, known[id], times)
			}
		}
		for _, e := range all[:cut] {
			if tested, ok := e.Body.(store.TrialTested); ok && tests.times[tested.Trial] != 0 {
				t.Errorf("cut after %d events, trial %d was tested again", cut, tested.Trial)
			}
		}
	}
}

// cut is a journal that breaks at its n-th write, as if the power failed just before it.
type cut struct {
	*store.Memory
	left int
}

var errPower = errors.New("the power failed")

func (c *cut) Append(ctx context.Context, events ...store.Event) error {
	if c.left--; c.left < 0 {
		return errPower
	}
	return c.Memory.Append(ctx, events...)
}

func (c *cut) Spool(ctx context.Context, early ...store.Event) error {
	if c.left--; c.left < 0 {
		return errPower
	}
	return c.Memory.Spool(ctx, early...)
}

func TestAStudyWhoseJournalBreaksAtAnyWriteIsResumedToTheSameJournal(t *testing.T) {
	c := config(t)
	run(t, c)
	want := contents(t, events(t, c.Journal))
	for writes := range 200 {
		journal := &cut{new(store.Memory), writes}
		d := config(t)
		d.Journal = journal
		h, err := begin(t, d).Run(context.Background())
		if err == nil {
			if !h.Ended {
				t.Error("a study ended early without an error")
			}
			return
		}
		if !errors.Is(err, errPower) {
			t.Fatalf("the error is %v", err)
		}
		e := config(t)
		e.Journal = journal.Memory
		run(t, e)
		equal(t, want, contents(t, events(t, journal.Memory)))
	}
	t.Error("200 writes do not suffice for this study")
}

func TestAnInterruptedStudyKeepsWhatWasDoneAndGoesOn(t *testing.T) {
	c := config(t)
	run(t, c)
	want := contents(t, events(t, c.Journal))
	journal := new(store.Memory)
	total := 0
	for round := 0; ; round++ {
		if round > 100 {
			t.Fatal("a study that is interrupted after every third trial does not end")
		}
		ctx, cancel := context.WithCancel(context.Background())
		d := config(t)
		d.Journal = journal
		begun := 0
		inner := d.Evaluator
		d.Workers = 1
		d.Evaluator = trial.Func(func(ctx context.Context, tr trial.Trial, report func(trial.Progress)) (trial.Result, error) {
			r, err := inner.Evaluate(ctx, tr, report)
			if begun++; begun == 3 {
				cancel() // the result is whole all the same, and must not be lost
			}
			total++
			return r, err
		})
		_, err := begin(t, d).Run(ctx)
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("the error is %v", err)
		}
	}
	equal(t, want, contents(t, events(t, journal)))
	if total != 32 {
		t.Errorf("%d evaluations were begun for 32 trials", total)
	}
}

func TestAStudyCancelledBeforeItBeganChangesNothingThatMatters(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := config(t)
	evaluator := counting(c.Evaluator)
	c.Evaluator = evaluator
	if _, err := begin(t, c).Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if len(evaluator.times) != 0 {
		t.Errorf("%d trials were evaluated", len(evaluator.times))
	}
}

func TestAJournalOfAnotherStudyIsRefusedWithTheReason(t *testing.T) {
	c := config(t)
	run(t, c)
	all := events(t, c.Journal)
	for _, x := range []struct {
		message string
		change  func(*scenario)
	}{
		{"its name is synthetic, now it is other", func(c *scenario) { c.Name = "other" }},
		{"its seed is 11, now it is 12", func(c *scenario) { c.Seed = 12 }},
		{"its space hash is abc, now it is abd", func(c *scenario) { c.SpaceHash = "abd" }},
		{"the search stage's window is 4, now it is 3", func(c *scenario) { c.Window = 3 }},
		{"the search stage's limit of trials is 24, now it is 25", func(c *scenario) { c.Stop.Trials = 25 }},
		{"its objectives is maximise accuracy, minimise cost, now it is maximise accuracy", func(c *scenario) { c.Objectives = objectives[:1] }},
		{"its hash of the data is , now it is 77", func(c *scenario) { c.Data.Hash = "77" }},
		{"the text of the space file has changed", func(c *scenario) { c.SpaceFile = "other" }},
		{"the text of the study file has changed", func(c *scenario) { c.Text = "trellis: 1\n\n" }},
		{"the journal does not belong to this study: event 3 is trial-proposed", func(c *scenario) { c.Strategy = another(c) }},
	} {
		d := config(t)
		journal := new(store.Memory)
		if err := journal.Append(context.Background(), all[:20]...); err != nil {
			t.Fatal(err)
		}
		d.Journal = journal
		x.change(&d)
		if _, err := begin(t, d).Run(context.Background()); err == nil || !strings.Contains(err.Error(), x.message) {
			t.Errorf("the error is %v and should say %q", err, x.message)
		}
		equal(t, contents(t, all[:20]), contents(t, events(t, journal)))
	}
}

// another returns the configuration's kind of strategy with another seed.
func another(c *scenario) search.Strategy {
	return search.NewRandom(search.Problem{Region: region(), Seed: 99})
}

func TestAnotherVersionMayGoOnIfItProposesTheSame(t *testing.T) {
	c := config(t)
	run(t, c)
	all := events(t, c.Journal)
	d := config(t)
	d.Version, d.Journal = "newer", new(store.Memory)
	if err := d.Journal.Append(context.Background(), all[:20]...); err != nil {
		t.Fatal(err)
	}
	run(t, d)
	equal(t, contents(t, all), contents(t, events(t, d.Journal)))
}

func TestADamagedSequenceIsRefused(t *testing.T) {
	c := config(t)
	run(t, c)
	all := events(t, c.Journal)
	for _, bad := range [][]store.Event{all[1:5], append(all[:5:5], all[0]), append(all[:6:6], all[8:]...)} {
		d := config(t)
		d.Journal = new(store.Memory)
		if err := d.Journal.Append(context.Background(), bad...); err != nil {
			t.Fatal(err)
		}
		if _, err := begin(t, d).Run(context.Background()); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("the error is %v", err)
		}
	}
}
