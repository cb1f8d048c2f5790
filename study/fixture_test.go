package study_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childJournal); path != "" {
		os.Exit(child(path))
	}
	goleak.VerifyTestMain(m)
}

var objectives = trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "cost"}}

// region is made once: its 5,120 architectures take longer to write down than a study takes to run.
var region = sync.OnceValue(func() *conform.Enumerated { return conform.Enumerate(conform.Space(panicking{}, 4), nil) })

// config returns a study of 24 trials, three finalists and a baseline, each trained twice, and a test, in memory.
func config(t testing.TB) study.Config {
	strategy, err := search.NewEvolution(
		search.Problem{Region: region(), Objectives: objectives, Budget: trial.Budget{Epochs: 2}, Seed: 11},
		search.EvolutionConfig{Population: 6, Sample: 3})
	if err != nil {
		t.Fatal(err)
	}
	return study.Config{
		Name: "synthetic", Version: "test", Text: "trellis: 1\n", Space: region().Space(), SpaceHash: "abc", Seed: 11,
		Objectives: objectives,
		Strategy:   strategy,
		Evaluator:  restless{conform.Landscape{FailEvery: 7}},
		Window:     4,
		Stop:       study.Stop{Trials: 24},
		Finalists:  study.Finalists{Count: 3, Budget: trial.Budget{Epochs: 5}, Repeats: 2},
		Baselines:  []study.Baseline{{Name: "pool", Network: pool(t)}},
		Tester:     &tester{},
		Journal:    new(store.Memory),
	}
}

// restless takes another time whenever it evaluates, as real machines do.
type restless struct{ trial.Evaluator }

func (e restless) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	r, err := e.Evaluator.Evaluate(ctx, t, report)
	r.Spent.CPUSeconds, r.Spent.GPUSeconds, r.Spent.WallSeconds = rand.Float64(), rand.Float64(), rand.Float64()
	return r, err
}

func pool(t testing.TB) *network.Graph {
	b := network.NewBuilder(network.Shape{H: 4, W: 4, C: 1})
	g, err := b.Build(b.Add(network.Dense{Out: 2}, b.Add(network.GlobalAvgPool{}, b.Input())))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// tester gives every trial a figure and counts how often each was tested.
type tester struct {
	mu    sync.Mutex
	times map[trial.ID]int
}

func (f *tester) Test(_ context.Context, t trial.Trial, r trial.Result) (trial.Metrics, json.RawMessage, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.times == nil {
		f.times = map[trial.ID]int{}
	}
	f.times[t.ID]++
	accuracy, _ := r.Metrics.Get("accuracy")
	return trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy / 2}), json.RawMessage(`{"of": "test"}`), nil
}

// counter counts how often each trial is evaluated.
type counter struct {
	trial.Evaluator
	mu    sync.Mutex
	times map[trial.ID]int
}

func counting(e trial.Evaluator) *counter { return &counter{Evaluator: e, times: map[trial.ID]int{}} }

func (c *counter) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	c.mu.Lock()
	c.times[t.ID]++
	c.mu.Unlock()
	return c.Evaluator.Evaluate(ctx, t, report)
}

// run runs a study to its end.
func run(t testing.TB, c study.Config) *store.History {
	t.Helper()
	h, err := begin(t, c).Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !h.Ended {
		t.Fatal("the study ran without an error and did not end")
	}
	return h
}

func begin(t testing.TB, c study.Config) *study.Study {
	t.Helper()
	s, err := study.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// events returns what a journal holds.
func events(t testing.TB, j store.Journal) []store.Event {
	t.Helper()
	var all []store.Event
	for e, err := range j.Events(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// contents returns the kinds and contents of events: what equal studies have in common.
func contents(t testing.TB, all []store.Event) []string {
	t.Helper()
	var lines []string
	for _, e := range all {
		c, err := store.Content(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%d %s %s", e.Seq, e.Body.Kind(), c))
	}
	return lines
}

// equal compares the contents of two journals.
func equal(t testing.TB, want, got []string) {
	t.Helper()
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			t.Fatalf("the journals differ at event %d:\n%s\n%s", i+1, want[i], got[i])
		}
	}
	if len(want) != len(got) {
		t.Fatalf("the journals have %d and %d events", len(want), len(got))
	}
}
