package study_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

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

// scenario is a study of the usual three stages: a search, finalists and baselines.
type scenario struct {
	study.Config
	Strategy  search.Strategy
	Evaluator trial.Evaluator
	Final     trial.Evaluator // of finalists and baselines; nil: Evaluator
	Window    int
	Stop      study.StopConditions
	Finalists study.BestOf
	Baselines []study.Network
}

// study returns the configuration with its stages.
func (c scenario) study() study.Config {
	final := c.Final
	if final == nil {
		final = c.Evaluator
	}
	c.Finalists.Stage = store.Search
	c.Config.Stages = []study.Stage{
		{Name: store.Search, Evaluator: c.Evaluator, Fidelity: trial.Full(2), Window: c.Window, Stop: c.Stop},
		{Name: store.Finalists, Source: c.Finalists, Evaluator: final, Fidelity: trial.Full(5), Window: c.Window, Keep: true, Test: true},
		{
			Name: store.Baselines, Source: study.FromNetworks(c.Finalists.Repeats, c.Baselines...), Evaluator: final, Fidelity: trial.Full(5),
			Window: c.Window, Keep: true, Test: true, Concurrent: true,
		},
	}
	if c.Strategy != nil {
		c.Config.Stages[0].Source = study.FromStrategy("evolution", c.Strategy)
	}
	return c.Config
}

// config returns a study of 24 trials, three finalists and a baseline, each trained twice, and a test, in memory.
func config(t testing.TB) scenario {
	strategy, err := search.NewEvolution(
		search.Problem{Region: region(), Objectives: objectives, Seed: 11},
		search.EvolutionConfig{Population: 6, Sample: 3})
	if err != nil {
		t.Fatal(err)
	}
	return scenario{
		Config: study.Config{
			Name: "synthetic", Version: "test", Text: "trellis: 1\n", Space: region().Space(), SpaceHash: "abc", Seed: 11,
			Objectives: objectives, Tester: &tester{}, Journal: new(store.Memory), Pause: time.Nanosecond,
		},
		Strategy:  strategy,
		Evaluator: restless{conform.Landscape{FailEvery: 7}},
		Window:    4,
		Stop:      study.StopConditions{Trials: 24},
		Finalists: study.BestOf{Count: 3, Repeats: 2},
		Baselines: []study.Network{{Name: "pool", Graph: pool(t)}},
	}
}

// closed returns why a stage was closed, and chosen what it took up of an earlier one.
func closed(h *store.History, stage string) store.Reason {
	s, _ := h.Stage(stage)
	return s.Closed
}

func chosen(h *store.History) []trial.ID {
	s, _ := h.Stage(store.Finalists)
	return s.Chosen
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
func run(t testing.TB, c scenario) *store.History {
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

func begin(t testing.TB, c scenario) *study.Study {
	t.Helper()
	s, err := study.New(c.study())
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
