package bench_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

func random(p search.Problem) (search.Strategy, error) { return search.NewRandom(p), nil }

func evolution(p search.Problem) (search.Strategy, error) {
	return search.NewEvolution(p, search.EvolutionConfig{Population: 4})
}

// inOrder proposes the architectures of its region in their order.
type inOrder struct {
	problem search.Problem
	next    int
	told    []trial.Result
}

func (s *inOrder) Ask(n int) (out []trial.Proposal, state search.State) {
	for range n {
		if int64(s.next) == s.problem.Region.Count().Int64() {
			return out, search.Done
		}
		a, err := s.problem.Region.Unrank(big.NewInt(int64(s.next)))
		if err != nil {
			panic(err)
		}
		s.next++
		out = append(out, trial.Proposal{Key: trial.Key(s.next), Arch: a})
	}
	return out, search.Ready
}

func (s *inOrder) Tell(r []trial.Result) { s.told = append(s.told, r...) }

// plain is a table whose feedback and reported value differ: the incumbents of the order of its rows can be written down.
const plain = `table: 1
name: plain
file: plain.csv
space: {input: 8x8x1, body: [{choice: {name: a, options: {a: identity, b: identity, c: identity, d: identity, e: identity}}}]}
key: arch
objectives: [maximise: accuracy]
metrics: {accuracy: {feedback: valid, report: test}}
seconds: time
`

const plainRows = `arch,valid,test,time
a,1,5,10
b,3,2,20
c,2,9,30
d,3,1,40
e,4,9,50
`

func plainTable(t testing.TB) *bench.Table {
	t.Helper()
	dir := folder(t, map[string]string{"t.yaml": plain, "plain.csv": plainRows})
	table, err := bench.Open(filepath.Join(dir, "t.yaml"), "")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTheIncumbentIsChosenByFeedbackAndJudgedByTheReportedValue(t *testing.T) {
	o, err := bench.Benchmark{
		Table: plainTable(t), Seeds: 1, Evaluations: 7,
		Strategies: []bench.Named{{Name: "in order", Open: func(p search.Problem) (search.Strategy, error) { return &inOrder{problem: p}, nil }}},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Incumbents: a, b, b (c has less feedback), b (d has as much, and comes later), e; then all is known.
	if want := []float64{4, 7, 7, 7, 0, 0, 0}; !reflect.DeepEqual(o.Results[0].Mean, want) {
		t.Errorf("regret is %v, want %v", o.Results[0].Mean, want)
	}
	if o.Best != 9 || o.Architectures != 5 {
		t.Errorf("the best is %v of %d", o.Best, o.Architectures)
	}
	last := o.Results[0].Checkpoints[0]
	last.Diversity = search.Diversity{}
	if last != (bench.Checkpoint{Evaluations: 7, Optimum: 1, Rank: 1, Seconds: 150}) {
		t.Errorf("at the end it is %+v", last)
	}
}

func TestRanksAreSharedByEqualRows(t *testing.T) {
	o, err := bench.Benchmark{
		Table: plainTable(t), Seeds: 1, Evaluations: 2,
		Strategies: []bench.Named{{Name: "in order", Open: func(p search.Problem) (search.Strategy, error) { return &inOrder{problem: p}, nil }}},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if rank := o.Results[0].Checkpoints[0].Rank; rank != 4 { // c and e are first, a is third, b is fourth
		t.Errorf("the rank is %v", rank)
	}
}

func TestThePlayKeepsToTheWindow(t *testing.T) {
	table := smallTable(t)
	region, _, err := table.Region()
	if err != nil {
		t.Fatal(err)
	}
	for _, window := range []int{1, 2, 5, 100} {
		var s *inOrder
		spy := func(p search.Problem) (search.Strategy, error) {
			s = &inOrder{problem: p}
			return watched{s, func() {
				if open := s.next - len(s.told); open >= window {
					t.Errorf("window %d: asked with %d under way", window, open)
				}
				if s.next >= window && s.next-len(s.told) != window-1 {
					t.Errorf("window %d: asked for proposal %d after %d results", window, s.next, len(s.told))
				}
			}}, nil
		}
		trace, err := bench.Run{Table: table, Region: region, Evaluations: 100, Window: window}.With(t.Context(), spy)
		if err != nil {
			t.Fatal(err)
		}
		if len(trace.Rows) != 7 || len(s.told) != 7 {
			t.Errorf("window %d: %d trials, %d told", window, len(trace.Rows), len(s.told))
		}
	}
}

type watched struct {
	search.Strategy
	before func()
}

func (w watched) Ask(n int) ([]trial.Proposal, search.State) {
	w.before()
	return w.Strategy.Ask(n)
}

func TestTheOutcomeDoesNotDependOnTheWorkers(t *testing.T) {
	benchmark := bench.Benchmark{
		Table: smallTable(t), Seeds: 12, Evaluations: 7, Window: 2,
		Strategies: []bench.Named{{Name: "random", Open: random}, {Name: "evolution", Open: evolution}},
	}
	var texts []string
	for _, workers := range []int{1, 3, 8} {
		benchmark.Workers = workers
		runs := 0
		benchmark.Done = func(string) { runs++ }
		o, err := benchmark.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
		if runs != 24 {
			t.Errorf("%d of 24 runs were reported", runs)
		}
	}
	if texts[0] != texts[1] || texts[0] != texts[2] {
		t.Error("outcomes differ with the number of workers")
	}
}

func TestAStrategyThatCannotBeMadeEndsTheContest(t *testing.T) {
	_, err := bench.Benchmark{
		Table: smallTable(t), Seeds: 3, Evaluations: 7, Workers: 2,
		Strategies: []bench.Named{{Name: "random", Open: random}, {Name: "broken", Open: func(search.Problem) (search.Strategy, error) {
			return nil, fmt.Errorf("it is broken")
		}}},
	}.Run(t.Context())
	if err == nil || err.Error() != "broken, seed 0: it is broken" {
		t.Errorf("the error is %v", err)
	}
}

func TestSeveralObjectivesAreJudgedByTheVolumeOfTheFront(t *testing.T) {
	text := strings.Replace(plain, "objectives: [maximise: accuracy]", "objectives: [maximise: accuracy, minimise: cost]", 1)
	text = strings.Replace(text, "report: test}}", "report: test}, cost: time}", 1)
	dir := folder(t, map[string]string{"t.yaml": text, "plain.csv": plainRows})
	table, err := bench.Open(filepath.Join(dir, "t.yaml"), "")
	if err != nil {
		t.Fatal(err)
	}
	o, err := bench.Benchmark{
		Table: table, Seeds: 1, Evaluations: 5,
		Strategies: []bench.Named{{Name: "in order", Open: func(p search.Problem) (search.Strategy, error) { return &inOrder{problem: p}, nil }}},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// The reference is (test 1, time 50). The front is a (5 at 10) and c (9 at 30): 4·40 + 4·20 = 240. a alone has 160; by
	// feedback c is dominated by b (3 at 20), whose test is poor.
	want := []float64{1 - 160./240, 1 - 160./240, 1 - 160./240, 1 - 160./240, 1 - 160./240}
	for i, x := range o.Results[0].Mean {
		if math.Abs(x-want[i]) > 1e-12 {
			t.Errorf("after %d evaluations %v is missing, want %v", i+1, x, want[i])
		}
	}
	if o.Measure != bench.Shortfall {
		t.Errorf("the measure is %v", o.Measure)
	}
}

func TestAnOutcomeIsSavedAsPicturesAPageAndNumbers(t *testing.T) {
	o, err := bench.Benchmark{
		Table: smallTable(t), Seeds: 4, Evaluations: 7, Limits: []bench.Limit{{Metric: "params", Max: 6000}},
		Strategies: []bench.Named{{Name: "random", Open: random}, {Name: "evolution <b>", Open: evolution}},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	files, err := o.Save(dir)
	if err != nil || len(files) != 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	page, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "evolution &lt;b&gt;", "params at most 6000", "Mean regret"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(string(page), "http://") && !strings.Contains(string(page), "http://www.w3.org") {
		t.Error("the page needs the network")
	}
	var back bench.Outcome
	b, err := os.ReadFile(filepath.Join(dir, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, o) {
		t.Errorf("the numbers do not read back: %v", err)
	}
}
