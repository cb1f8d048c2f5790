package conform

import (
	"context"
	"encoding/json"
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
	budget, long := trial.Budget{Epochs: 2}, trial.Budget{Epochs: 9}
	arch := space.NewArch(2, 0, 300)
	metrics := trial.NewMetrics(
		trial.Metric{Name: "accuracy", Value: 0.1 + 0.2}, trial.Metric{Name: "macs", Value: 1e15}, trial.Metric{Name: "tiny", Value: 5e-324},
	)
	good := trial.Result{
		Trial: 0, Arch: arch, Status: trial.OK, Metrics: metrics,
		Curve: []trial.Point{{Epoch: 1, Metrics: metrics[:1]}, {Epoch: 2, Metrics: metrics}},
		Spent: trial.Spent{MACs: 1 << 60, Epochs: 2, CPUSeconds: 1.25, GPUSeconds: 0.5, WallSeconds: 2},
	}
	final := good
	final.Trial, final.Curve, final.Artifacts = 2, nil, []trial.Artifact{{Name: "weights", Path: "weights/2.safetensors"}}
	base := final
	base.Trial, base.Arch = 3, space.Arch{}
	bodies := []store.Body{
		store.StudyStarted{
			Name: "täst \"1\"", Version: "v0.1.0", Study: "trellis: 1\nname: x # é\n", Space: "chain", SpaceHash: "00ff", SpaceFile: "trellis-space: 1\n",
			Data: store.Dataset{Hash: "ff00", Input: "4x4x1", Classes: []string{"a", "b"}, Train: 8, Validation: 2, Test: 2}, Seed: math.MaxUint64,
			Window: 2, Trials: 2, Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "macs"}},
			Constraints: trial.Constraints{{Metric: "memory", Bound: 1e6}}, Price: trial.Price{CPUHour: 0.05, Currency: "EUR"},
		},
		store.TrialProposed{Trial: trial.Trial{ID: 0, Phase: trial.Search, Arch: arch, Budget: budget, Seed: math.MaxUint64 - 1}, Origin: "random"},
		store.TrialProposed{
			Trial:  trial.Trial{ID: 1, Phase: trial.Search, Arch: space.NewArch(0), Budget: budget, Seed: 1},
			Origin: "mutation", Parents: []trial.ID{0},
		},
		store.TrialFinished{Result: good},
		store.SearchClosed{Reason: store.TrialLimit, Trials: 2},
		store.TrialFinished{Result: trial.Result{Trial: 1, Arch: space.NewArch(0), Status: trial.Failed, Reason: "diverged: loss was NaN"}},
		store.FinalistsChosen{Trials: []trial.ID{0}},
		store.TrialProposed{
			Trial:  trial.Trial{ID: 2, Phase: trial.Finalist, Arch: arch, Budget: long, Seed: 7},
			Origin: "finalist", Parents: []trial.ID{0},
		},
		store.TrialProposed{Trial: trial.Trial{ID: 3, Phase: trial.Baseline, Name: "pool", Budget: long, Seed: 7, Network: net}, Origin: "baseline"},
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
		if _, ok := body.(store.TrialFinished); ok {
			events[i].Machine = "höst"
		}
	}
	return events
}
