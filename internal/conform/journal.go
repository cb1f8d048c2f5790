package conform

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Journals makes the journals of one implementation.
type Journals struct {
	// New returns an empty journal, closed when the test ends.
	New func(t testing.TB) store.Journal
	// Reopen returns the journal as another process would find it, the given one still open or closed; nil for
	// journals that end with their process. Only one of the two is written.
	Reopen func(t testing.TB, j store.Journal) store.Journal
}

// Journal tests the contract of store.Journal, and of store.Spooler where it is one.
func Journal(t *testing.T, make Journals) {
	ctx := context.Background()
	all := Events(t)

	t.Run("every kind of event reads back as it was appended", func(t *testing.T) {
		j := make.New(t)
		add(t, j, all...)
		same(t, all, read(t, j, 0))
		if _, err := store.Load(ctx, j); err != nil {
			t.Error(err)
		}
	})
	t.Run("one at a time is the same as all at once", func(t *testing.T) {
		j := make.New(t)
		for _, e := range all {
			add(t, j, e)
		}
		same(t, all, read(t, j, 0))
	})
	t.Run("an empty journal has no events", func(t *testing.T) {
		j := make.New(t)
		add(t, j)
		same(t, nil, read(t, j, 0))
	})
	t.Run("reading begins where it is told to", func(t *testing.T) {
		j := make.New(t)
		add(t, j, all...)
		same(t, all[4:], read(t, j, 5))
		same(t, nil, read(t, j, int64(len(all)+1)))
		for e, err := range j.Events(ctx, 3) {
			if err != nil || e.Seq != 3 {
				t.Errorf("the first event from 3 on is %d, %v", e.Seq, err)
			}
			break
		}
	})
	t.Run("a batch with an impossible event changes nothing", func(t *testing.T) {
		j := make.New(t)
		add(t, j, all[0])
		impossible := store.Event{Body: store.TrialTested{Metrics: trial.Metrics{{Name: "loss", Value: math.NaN()}}}}
		if err := j.Append(ctx, all[1], impossible); err == nil {
			t.Error("a metric that is not a number was appended")
		}
		if err := j.Append(ctx, all[1], store.Event{}); err == nil {
			t.Error("an event without a body was appended")
		}
		add(t, j, all[1])
		same(t, all[:2], read(t, j, 0))
	})
	t.Run("appending goes on while the journal is read", func(t *testing.T) {
		j := make.New(t)
		add(t, j, all[0])
		n := 0
		for e, err := range j.Events(ctx, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; e.Seq != int64(n) {
				t.Fatalf("event %d is read after %d", e.Seq, n-1)
			}
			if n < 4 {
				add(t, j, all[n])
			}
		}
		same(t, all[:4], read(t, j, 0))
	})
	t.Run("who follows reads what is appended later, to the end of the study", func(t *testing.T) {
		j := make.New(t)
		if _, ok := j.(store.Follower); !ok {
			t.Skip("this journal cannot be followed")
		}
		add(t, j, all[:3]...)
		followed := j
		if make.Reopen != nil {
			followed = make.Reopen(t, j)
		}
		read := signal()
		var got []store.Event
		done := startFollowing(t, followed, 2, func(e store.Event) {
			got = append(got, e)
			if len(got) == 2 {
				close(read)
			}
		})
		<-read // what was there is read before more is appended
		add(t, j, all[3:7]...)
		add(t, j, all[7:]...)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		same(t, all[1:], got)
	})
	t.Run("following ends with its context", func(t *testing.T) {
		j := make.New(t)
		if _, ok := j.(store.Follower); !ok {
			t.Skip("this journal cannot be followed")
		}
		add(t, j, all[:2]...)
		following, cancel := context.WithCancel(ctx)
		defer cancel()
		n := 0
		for _, err := range store.Follow(following, j, 0) {
			if n++; n == 2 {
				cancel()
			}
			if n == 3 && !errors.Is(err, context.Canceled) {
				t.Errorf("after it was cancelled, the error is %v", err)
			}
		}
		if n != 3 {
			t.Errorf("%d pairs instead of two events and an error", n)
		}
	})
	t.Run("readers see whole batches in order while a writer goes on", func(t *testing.T) {
		concurrent(t, make.New(t), nil)
	})
	t.Run("a cancelled append changes nothing", func(t *testing.T) {
		j := make.New(t)
		add(t, j, all[0])
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if err := j.Append(cancelled, all[1]); err == nil {
			t.Error("appended with a cancelled context")
		}
		same(t, all[:1], read(t, j, 0))
	})
	t.Run("a closed journal refuses, and can be closed again", func(t *testing.T) {
		j := make.New(t)
		for range 2 {
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Append(ctx, all[0]); err == nil {
			t.Error("a closed journal takes events")
		}
		for _, err := range j.Events(ctx, 0) {
			if err == nil {
				t.Error("a closed journal has events")
			}
		}
	})
	t.Run("results wait in the spool until they are appended", func(t *testing.T) {
		j := make.New(t)
		sp, ok := j.(store.Spooler)
		if !ok {
			t.Skip("this journal has no spool")
		}
		spool(t, sp, make, j)
	})
	if make.Reopen == nil {
		return
	}
	t.Run("another process reads all that was appended", func(t *testing.T) {
		j := make.New(t)
		for i := range all {
			add(t, j, all[i])
			if i%3 == 0 {
				same(t, all[:i+1], read(t, make.Reopen(t, j), 0))
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		same(t, all, read(t, make.Reopen(t, j), 0))
	})
	t.Run("another process sees whole batches in order while a writer goes on", func(t *testing.T) {
		j := make.New(t)
		concurrent(t, j, func() store.Journal { return make.Reopen(t, j) })
	})
}

func signal() chan struct{} { return make(chan struct{}) }

// startFollowing hands every event from a number on to a function, in a goroutine; what it returns gives the error at the end.
func startFollowing(t *testing.T, j store.Journal, from int64, each func(store.Event)) <-chan error {
	done := make(chan error, 1)
	go func() {
		for e, err := range store.Follow(t.Context(), j, from) {
			if err != nil {
				done <- err
				return
			}
			each(e)
		}
		done <- nil
	}()
	return done
}

// concurrent reads with several readers while batches of three are appended.
func concurrent(t *testing.T, j store.Journal, reader func() store.Journal) {
	const batches = 40
	all := Events(t)
	written := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		r := j
		if reader != nil {
			r = reader()
		}
		wg.Go(func() {
			for finished := false; !finished; {
				select {
				case <-written:
					finished = true
				default:
				}
				n := int64(0)
				for e, err := range r.Events(context.Background(), 0) {
					if err != nil {
						t.Error(err)
						return
					}
					if n++; e.Seq != n {
						t.Errorf("event %d is read after %d", e.Seq, n-1)
						return
					}
				}
				if finished && n != 3*batches {
					t.Errorf("%d of %d events are read in the end", n, 3*batches)
				}
			}
		})
	}
	for range batches {
		add(t, j, all[0], all[1], all[2])
	}
	close(written)
	wg.Wait()
}

func spool(t *testing.T, sp store.Spooler, make Journals, j store.Journal) {
	ctx := context.Background()
	finished := func(id trial.ID, reason string) store.Event {
		r := trial.Fail(trial.Trial{ID: id, Arch: space.NewArch(int(id))}, reason)
		return store.Event{At: time.Unix(int64(id), 0).UTC(), Body: store.TrialFinished{Result: r}}
	}
	waiting := func(want ...store.Event) {
		t.Helper()
		spoolers := []store.Spooler{sp}
		if make.Reopen != nil {
			spoolers = append(spoolers, make.Reopen(t, j).(store.Spooler))
		}
		for _, s := range spoolers {
			got, err := s.Spooled(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("in the spool are\n%+v\nand should be\n%+v", got, want)
			}
		}
	}
	three, two := finished(3, "first of 3"), finished(2, "of 2")
	if err := sp.Spool(ctx, three, two); err != nil {
		t.Fatal(err)
	}
	waiting(two, three)
	three = finished(3, "second of 3")
	if err := sp.Spool(ctx, three); err != nil {
		t.Fatal(err)
	}
	waiting(two, three)
	if err := sp.Spool(ctx, store.Event{Body: store.StudyEnded{}}); err == nil {
		t.Error("the end of a study was spooled")
	}
	add(t, j, finished(1, "of 1"), two)
	waiting(three)
	add(t, j, three)
	waiting()
	if n := len(read(t, j, 0)); n != 3 {
		t.Errorf("the sequence has %d events instead of 3", n)
	}
}

func add(t *testing.T, j store.Journal, events ...store.Event) {
	t.Helper()
	if err := j.Append(context.Background(), events...); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, j store.Journal, from int64) []store.Event {
	t.Helper()
	var all []store.Event
	for e, err := range j.Events(context.Background(), from) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// same compares events field by field; networks, which are read back anew, by their text.
func same(t *testing.T, want, got []store.Event) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%d events instead of %d", len(got), len(want))
	}
	for i := range want {
		w, g := plain(t, want[i]), plain(t, got[i])
		if !reflect.DeepEqual(w, g) {
			t.Errorf("event %d is\n%+v\nand should be\n%+v", i+1, g, w)
		}
	}
}

func plain(t *testing.T, e store.Event) [2]any {
	t.Helper()
	text := ""
	if p, ok := e.Body.(store.TrialProposed); ok && p.Trial.Network != nil {
		text = p.Trial.Network.Text()
		p.Trial.Network = nil
		e.Body = p
	}
	return [2]any{e, text}
}

// Events returns the events of a small complete study, of every kind, as a journal gives them back.
func Events(t testing.TB) []store.Event {
	t.Helper()
	b := network.NewBuilder(network.Shape{H: 4, W: 4, C: 1})
	net, err := b.Build(b.Add(network.Dense{Out: 2}, b.Add(network.GlobalAvgPool{}, b.Input())))
	if err != nil {
		t.Fatal(err)
	}
	short, long := trial.Full(2), trial.Fidelity{Amount: 9, Data: 0.5, Resolution: 1, Width: 0.25}
	arch, bar := space.NewArch(2, 0, 300), 0.5
	metrics := trial.NewMetrics(
		trial.Metric{Name: "accuracy", Value: 0.1 + 0.2}, trial.Metric{Name: "macs", Value: 1e15}, trial.Metric{Name: "tiny", Value: 5e-324},
	)
	good := trial.Result{
		Trial: 0, Arch: arch, Fidelity: short, Status: trial.OK, Metrics: metrics,
		Curve:   []trial.Point{{Amount: 1, Metrics: metrics[:1]}, {Amount: 2, Metrics: metrics}},
		Spent:   trial.Spent{MACs: 1 << 60, Amount: 2, CPUSeconds: 1.25, GPUSeconds: 0.5, WallSeconds: 2},
		Stopped: &trial.Stop{Rule: "median", Amount: 2, Value: 0.25, Bar: &bar},
		Worker:  "höst", Attempt: 2,
	}
	checkpoint := trial.Artifact{Name: "checkpoint", Kind: trial.CheckpointKind, Path: "checkpoints/0.safetensors", Size: 3, SHA256: "abc"}
	final := good
	final.Trial, final.Fidelity, final.Stopped, final.Curve = 2, long, nil, nil
	final.Artifacts = []trial.Artifact{{Name: "weights", Kind: trial.WeightsKind, Path: "weights/2.safetensors", Size: 1 << 40, SHA256: "00ff"}}
	found := space.NewArch(1, 1, 1)
	final.Derived = &found
	base := final
	base.Trial, base.Arch, base.Derived = 3, space.Arch{}, nil
	bodies := []store.Body{
		store.StudyStarted{
			Name: "täst \"1\"", Version: "v0.1.0", Study: "trellis: 1\nname: x # é\n", Space: "chain", SpaceHash: "00ff", SpaceFile: "trellis-space: 1\n",
			Data: store.Dataset{Hash: "ff00", Input: "4x4x1", Classes: []string{"a", "b"}, Train: 8, Validation: 2, Test: 2}, Seed: math.MaxUint64,
			Stages: []string{store.Search, store.Finalists, store.Baselines}, Metrics: trial.CostInfos(),
			Objectives:  trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "macs"}},
			Constraints: trial.Constraints{{Metric: "memory", Bound: 1e6}}, Rates: trial.Rates{CPUHour: 0.05, Currency: "EUR"},
			Prior: []store.PriorStudy{{Study: "old", Fidelity: short, Resource: "epochs", Trials: 1, Results: []trial.Result{{Arch: arch, Fidelity: short, Status: trial.OK}}}},
		},
		store.StageOpened{
			Stage: store.Search, Source: "strategy random", Evaluator: "train", Resource: trial.Resource{Name: "epochs", Full: 2}, Fidelity: short, Window: 2, Trials: 2,
		},
		store.TrialProposed{Trial: trial.Trial{ID: 0, Stage: store.Search, Arch: arch, Fidelity: short, Seed: math.MaxUint64 - 1, Checkpoint: true}, Key: 1, Origin: "random"},
		store.TrialProposed{
			Trial: trial.Trial{
				ID: 1, Stage: store.Search, Arch: space.NewArch(0), Fidelity: short, Seed: 1,
				Stop: trial.StoppingRule{Metric: "accuracy", Maximise: true, Name: "median", Bars: []trial.Bar{{Amount: 1, Value: 0.5}}, Patience: 3},
			},
			Key: 2, Origin: "mutation", Parents: []trial.ID{0},
		},
		store.TrialFinished{Result: good},
		store.StageClosed{Stage: store.Search, Reason: store.TrialLimit, Trials: 2},
		store.TrialFinished{Result: trial.Result{Trial: 1, Arch: space.NewArch(0), Fidelity: short, Status: trial.Failed, Reason: "diverged: loss was NaN"}},
		store.StageOpened{Stage: store.Finalists, Source: "best 1 of search", Fidelity: long, Window: 2, Chosen: []trial.ID{0}, Rule: "best"},
		store.StageOpened{Stage: store.Baselines, Source: "networks", Fidelity: long, Window: 2},
		store.TrialProposed{
			Trial: trial.Trial{
				ID: 2, Stage: store.Finalists, Arch: arch, Fidelity: long, Seed: 7, Keep: true,
				From: &trial.Checkpoint{Trial: 0, Fidelity: short, Artifact: checkpoint},
			},
			Origin: "finalist", Parents: []trial.ID{0},
		},
		store.StageClosed{Stage: store.Finalists, Reason: store.Exhausted, Trials: 1},
		store.TrialProposed{Trial: trial.Trial{ID: 3, Stage: store.Baselines, Name: "pool", Fidelity: long, Seed: 7, Network: net, Keep: true}, Origin: "baseline"},
		store.TrialFinished{Result: final},
		store.TrialFinished{Result: base},
		store.TestOpened{Trials: []trial.ID{2, 3}},
		store.TrialTested{Trial: 2, Metrics: metrics, Detail: json.RawMessage(`{"confusion":[[1,2],[0,4]]}`)},
		store.TrialTested{Trial: 3, Metrics: metrics},
		store.StudyEnded{},
	}
	events := make([]store.Event, len(bodies))
	for i, body := range bodies {
		events[i] = store.Event{
			Seq: int64(i + 1), At: time.UnixMicro(1_700_000_000_000_000 + int64(i)).UTC(), Elapsed: time.Duration(i) * time.Millisecond, Body: body,
		}
	}
	return events
}
