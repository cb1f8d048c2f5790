package trellis_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// small is a space of 84 networks: a width, and one to three blocks with a kernel each.
func small(t testing.TB) *space.Space {
	t.Helper()
	body := space.SeqOf(
		&space.Let{Var: "width", Values: space.Values(8, 16), Body: space.LeafOf(&space.Conv{Out: space.Var("width"), Stride: space.Of(2)})},
		&space.Repeat{Counts: []int{1, 2, 3}, Body: &space.Let{
			Var: "kernel", Values: space.Values(3, 5, 7), Body: space.LeafOf(&space.MBConv{Kernel: space.Var("kernel")}),
		}},
		space.LeafOf(&space.Head{}),
	)
	s, err := space.New("small", trellis.Shape{H: 16, W: 16, C: 1}, body, space.Classes(4))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// usual is a study that names what must be named and nothing else, of 12 trials.
func usual(t testing.TB) trellis.Study {
	return trellis.Study{Space: small(t), Objectives: trellis.Objectives{trellis.Maximise("entropy"), trellis.Minimise("params")}, Evaluate: entropy, Trials: 12}
}

func run(t testing.TB, s trellis.Study) *trellis.History {
	t.Helper()
	h, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// contents runs a study and returns what its journal holds, times and machines left out.
func contents(t testing.TB, s trellis.Study) []string {
	t.Helper()
	j := new(store.Memory)
	s.Journal, s.Config.Journal = "", j
	run(t, s)
	var lines []string
	for e, err := range j.Events(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		c, err := store.Content(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, e.Body.Kind()+" "+string(c))
	}
	return lines
}

func TestWhatIsLeftOutOfAStudyHasADefault(t *testing.T) {
	h := run(t, usual(t))
	if s := h.Started; s.Name != "study" || s.Space != "small" || s.Seed != 0 || !slices.Equal(s.Stages, []string{store.Search}) || s.SpaceHash != trellis.HashOf(small(t)) {
		t.Errorf("the study begins as %+v", s)
	}
	stage, _ := h.Stage(store.Search)
	if stage.Source != "strategy auto" || stage.Window != 1 || stage.Trials != 12 || stage.Closed != store.TrialLimit || stage.Fidelity != trial.Full(1) {
		t.Errorf("its stage is %+v", stage)
	}
	if len(h.Entries) != 12 || !h.Ended {
		t.Errorf("%d trials, ended %v", len(h.Entries), h.Ended)
	}
	for _, e := range h.Entries {
		for _, name := range []string{"entropy", "params", "macs", "memory"} {
			if _, ok := e.Result.Metrics.Get(name); !ok {
				t.Errorf("trial %d has no %s", e.Trial.ID, name)
			}
		}
		if e.Result.Spent.Amount != 1 {
			t.Errorf("trial %d cost %+v", e.Trial.ID, e.Result.Spent)
		}
	}
}

func TestWithoutALimitOfTrialsTheWholeSpaceIsTried(t *testing.T) {
	s := usual(t)
	s.Trials, s.Limits, s.Strategy = 0, []trellis.Limit{trellis.AtMost("params", 4000)}, "random"
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	h := run(t, s)
	if n := p.Region.Count().Int64(); int64(len(h.Entries)) != n || n == 0 || n == 78 || h.Closed() != store.Exhausted {
		t.Errorf("%d trials of %d architectures, closed by %q", len(h.Entries), n, h.Closed())
	}
	for _, e := range h.Entries {
		if params, _ := e.Result.Metrics.Get("params"); params > 4000 {
			t.Errorf("trial %d has %v params", e.Trial.ID, params)
		}
	}
}

func TestEveryWrongStudyIsOneClearSentence(t *testing.T) {
	for _, c := range []struct {
		message string
		spoil   func(*trellis.Study)
	}{
		{"a study needs a space", func(s *trellis.Study) { s.Space = nil }},
		{"a study needs at least one objective", func(s *trellis.Study) { s.Objectives = nil }},
		{"metric params is an objective twice", func(s *trellis.Study) {
			s.Objectives = trellis.Objectives{trellis.Minimise("params"), trellis.Maximise("params")}
		}},
		{"a study needs an evaluator: set Evaluate or Evaluator", func(s *trellis.Study) { s.Evaluate = nil }},
		{"both Evaluate and Evaluator are given", func(s *trellis.Study) { s.Evaluator = trial.Func(nil) }},
		{`strategy "evolutoin" is unknown; the nearest is "evolution"`, func(s *trellis.Study) { s.Strategy = "evolutoin" }},
		{`population`, func(s *trellis.Study) { s.Strategy = "evolution:popluation=5" }},
		{`both NewStrategy and Strategy ("auto") are given`, func(s *trellis.Study) {
			s.Strategy, s.NewStrategy = "auto", func(trellis.Problem) (trellis.Strategy, error) { return nil, nil }
		}},
		{"NewStrategy returned no strategy and no error", func(s *trellis.Study) {
			s.NewStrategy = func(trellis.Problem) (trellis.Strategy, error) { return nil, nil }
		}},
		{"not today", func(s *trellis.Study) {
			s.NewStrategy = func(trellis.Problem) (trellis.Strategy, error) { return nil, errors.New("not today") }
		}},
		{`"parms" is no metric of the lattice of space "small"; there are params, macs`, func(s *trellis.Study) { s.Limits = []trellis.Limit{trellis.AtMost("parms", 1000)} }},
		{`no architecture of space "small" has `, func(s *trellis.Study) {
			s.Limits = []trellis.Limit{trellis.AtMost("params", 10)}
		}},
		{"count(nothing=5)", func(s *trellis.Study) { s.Objectives = append(s.Objectives, trellis.Minimise("count(nothing=5)")) }},
		{"-1 trials", func(s *trellis.Study) { s.Trials = -1 }},
		{"-2 in parallel", func(s *trellis.Study) { s.Parallel = -2 }},
		{"strategy of the program cannot learn from the results of other studies", func(s *trellis.Study) {
			s.NewStrategy = func(p trellis.Problem) (trellis.Strategy, error) { return forgetful{trellis.NewBasis(p)}, nil }
			s.Config.Prior = []store.PriorStudy{{}}
		}},
		{`journal "postgres:host" is of an unknown kind "postgres"; the nearest is`, func(s *trellis.Study) { s.Journal = "postgres:host" }},
		{"(of sqlite, memory)", func(s *trellis.Study) { s.Journal = "postgres:host" }},
		{`an open one is given beside "sqlite:`, func(s *trellis.Study) { s.Journal, s.Config.Journal = "sqlite:"+s.Journal, new(store.Memory) }},
		{"no such file", func(s *trellis.Study) { s.Journal = filepath.Join("no", "such", "folder", "study.db") }},
		{"two stages are named a", func(s *trellis.Study) { s.Stages = []study.Stage{{Name: "a"}, {Name: "a"}} }},
		{"stage 1 (): it has no name", func(s *trellis.Study) { s.Stages = []study.Stage{{}} }},
		{"Trials is given for the strategy of the study, and no stage uses it", func(s *trellis.Study) {
			s.Stages = []study.Stage{{Name: "a", Source: study.FromList()}}
		}},
		{`stage b: there is no stage "aa" before it; the only valid one is "a"`, func(s *trellis.Study) {
			s.Stages = []study.Stage{{Name: "a"}, {Name: "b", Source: study.BestOf{Stage: "aa", Count: 1}}}
		}},
		{`stage b: the best of stage "a" are not known yet: it is open at the same time`, func(s *trellis.Study) {
			s.Stages = []study.Stage{{Name: "a"}, {Name: "b", Source: study.BestOf{Stage: "a", Count: 1}, Concurrent: true}}
		}},
		{`the best of "b" are wanted`, func(s *trellis.Study) {
			s.Stages = []study.Stage{{Name: "b", Source: study.BestOf{Stage: "b", Count: 1}}, {Name: "a"}}
		}},
	} {
		s := usual(t)
		evaluated := s.Evaluate
		s.Evaluate = func(ctx context.Context, x trellis.Candidate) (trellis.Metrics, error) {
			t.Errorf("%q is said after trial %d was evaluated", c.message, x.ID)
			return evaluated(ctx, x)
		}
		folder := t.TempDir()
		s.Journal = filepath.Join(folder, "study.db")
		c.spoil(&s)
		_, err := s.Run(context.Background())
		if files, e := os.ReadDir(folder); e != nil || len(files) != 0 {
			t.Errorf("%q leaves %v", c.message, files)
		}
		if err == nil || !strings.Contains(err.Error(), c.message) || strings.Contains(err.Error(), "\n") {
			t.Errorf("the error is\n%v\nand should say %q", err, c.message)
		}
	}
}

// forgetful is a strategy that cannot observe.
type forgetful struct{ basis *trellis.Basis }

func (f forgetful) Ask(n int) ([]trellis.Proposal, trellis.State) {
	return f.basis.Propose(n, f.basis.Sample)
}
func (f forgetful) Tell(r []trellis.Result) { f.basis.Tell(r) }

func TestALimitThatNothingMeetsNamesTheTightest(t *testing.T) {
	s := usual(t)
	s.Limits = []trellis.Limit{trellis.AtMost("macs", 1)}
	_, err := s.Run(context.Background())
	infeasible, ok := errors.AsType[*lattice.InfeasibleError](err)
	if !ok {
		t.Fatalf("the error is %v", err)
	}
	s.Limits = []trellis.Limit{trellis.AtMost("macs", infeasible.Tightest)}
	if _, err := s.Problem(); err != nil {
		t.Errorf("%v is called feasible, and gives %v", infeasible.Tightest, err)
	}
}

func TestAJournalInUseAndOneOfAnotherStudyAreRefused(t *testing.T) {
	s := usual(t)
	s.Journal = filepath.Join(t.TempDir(), "study.db")
	inner := s.Evaluate
	s.Evaluate = func(ctx context.Context, c trellis.Candidate) (trellis.Metrics, error) {
		if c.ID == 3 {
			if _, err := s.Run(ctx); !errors.Is(err, store.ErrInUse) {
				t.Errorf("a second run at the same time ends with %v", err)
			}
		}
		return inner(ctx, c)
	}
	if _, err := s.Resume(context.Background()); err == nil || !strings.Contains(err.Error(), s.Journal) {
		t.Errorf("a study that has not begun is resumed: %v", err)
	}
	run(t, s)
	for _, c := range []struct {
		message string
		change  func(*trellis.Study)
	}{
		{"its seed is 0, now it is 5", func(s *trellis.Study) { s.Seed = 5 }},
		{"its name is study, now it is other", func(s *trellis.Study) { s.Name = "other" }},
		{"its objectives is maximise entropy, minimise params, now it is maximise entropy", func(s *trellis.Study) { s.Objectives = s.Objectives[:1] }},
		{"the search stage's limit of trials is 12, now it is 13", func(s *trellis.Study) { s.Trials = 13 }},
		{"the search stage's window is 1, now it is 2", func(s *trellis.Study) { s.Parallel = 2 }},
		{"strategy auto", func(s *trellis.Study) { s.Strategy = "random" }},
	} {
		other := s
		c.change(&other)
		if _, err := other.Run(context.Background()); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("the error is %v and should say %q", err, c.message)
		}
	}
	if h, err := s.Resume(context.Background()); err != nil || !h.Ended || len(h.Entries) != 12 {
		t.Errorf("the study cannot be read any more: %v", err)
	}
}

func TestWhatAFunctionDoesBecomesAResultOrAClearError(t *testing.T) {
	at := func(id trial.ID, do func() (trellis.Metrics, error)) func(context.Context, trellis.Candidate) (trellis.Metrics, error) {
		return func(ctx context.Context, c trellis.Candidate) (trellis.Metrics, error) {
			if c.ID == id {
				return do()
			}
			return entropy(ctx, c)
		}
	}
	t.Run("an error fails the trial", func(t *testing.T) {
		s := usual(t)
		s.Evaluate = at(3, func() (trellis.Metrics, error) { return nil, errors.New("it diverged") })
		h := run(t, s)
		if r := h.Entries[3].Result; r.Status != trial.Failed || r.Reason != "it diverged" || len(h.Entries) != 12 {
			t.Errorf("trial 3 of %d is %+v", len(h.Entries), r)
		}
		if slices.ContainsFunc(h.Leaderboard(), func(f trellis.Found) bool { return f.Trial.ID == 3 }) {
			t.Error("the failed trial is on the leaderboard")
		}
	})
	t.Run("a figure that is not finite fails the trial", func(t *testing.T) {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			s := usual(t)
			s.Evaluate = at(3, func() (trellis.Metrics, error) { return trellis.Metrics{"entropy": bad}, nil })
			if r := run(t, s).Entries[3].Result; r.Status != trial.Failed || r.Reason != fmt.Sprintf("diverged: entropy was %v", bad) {
				t.Errorf("trial 3 is %+v", r)
			}
		}
	})
	for _, c := range []struct {
		name, message string
		do            func() (trellis.Metrics, error)
	}{
		{"a broken machine", "trial 3 could not be evaluated: gpu1: no memory", func() (trellis.Metrics, error) {
			return nil, fmt.Errorf("here: %w", &trial.BrokenError{Worker: "gpu1", Err: errors.New("no memory")})
		}},
		{"a missing objective", "trial 3 could not be evaluated: its evaluator reported no entropy, which the study needs", func() (trellis.Metrics, error) {
			return trellis.Metrics{"entropie": 1}, nil
		}},
		{"a panic", "trial 3 could not be evaluated: the study's function panicked at front_test.go:", func() (trellis.Metrics, error) { panic("oh no") }},
		{"a panic of the runtime", "index out of range [", func() (trellis.Metrics, error) {
			var none []float64
			return trellis.Metrics{"entropy": none[strings.Count(t.Name(), "/")+1]}, nil
		}},
		{"a panic with an error", "oh dear", func() (trellis.Metrics, error) { panic(errors.New("oh dear")) }},
		{"a goroutine that ends", "trial 3 could not be evaluated: its evaluator ended the goroutine", func() (trellis.Metrics, error) { (&testing.T{}).SkipNow(); return nil, nil }},
	} {
		t.Run(c.name+" ends the study, which goes on later", func(t *testing.T) {
			s := usual(t)
			want := contents(t, s)
			j := new(store.Memory)
			s.Config.Journal = j
			sound := s.Evaluate
			s.Evaluate = at(3, c.do)
			h, err := s.Run(context.Background())
			if err == nil || !strings.Contains(err.Error(), c.message) || h == nil || len(h.Entries) != 4 {
				t.Fatalf("the error is %v and should say %q", err, c.message)
			}
			s.Evaluate = sound
			run(t, s)
			all, err := store.Load(context.Background(), j)
			if err != nil || int(all.Last) != len(want) || !all.Ended {
				t.Errorf("it went on to event %d of %d: %v", all.Last, len(want), err)
			}
		})
	}
}

func TestCostsOfTheLatticeJoinTheResults(t *testing.T) {
	s := usual(t)
	s.Objectives = append(s.Objectives, trellis.Minimise("depth"))
	s.Constraints = trial.Constraints{{Metric: "count(*.kernel=5)", Bound: 1}}
	s.Trials = 40
	function := run(t, s)
	// The same from an evaluator, and from an evaluator of a stage.
	inner := s.Evaluate
	s.Evaluate = nil
	s.Evaluator = trial.Func(func(ctx context.Context, tr trial.Trial, _ func(trial.Progress)) (trial.Result, error) {
		g, err := s.Space.Network(tr.Arch)
		if err != nil {
			return trial.Fail(tr, err.Error()), nil
		}
		m, err := inner(ctx, trellis.Candidate{Trial: tr, Space: s.Space, Graph: g})
		return trial.Result{Status: trial.OK, Metrics: trial.Costs(g).With(trial.Metric{Name: "entropy", Value: m["entropy"]})}, err
	})
	evaluator := run(t, s)
	s.Stages, s.Evaluator = []study.Stage{{Name: "own", Evaluator: s.Evaluator}}, nil
	stage := run(t, s)
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range function.Entries {
		decisions := s.Space.Decisions(e.Trial.Arch)
		fives, blocks := 0, 0.0
		for _, d := range decisions {
			if strings.HasSuffix(d.Name, ".kernel") && d.Options[d.Chosen] == "5" {
				fives++
			}
			if strings.HasSuffix(d.Name, "kernel") {
				blocks++
			}
		}
		found := trellis.Found{Entry: e}
		if got := found.Metric("count(*.kernel=5)"); got != float64(fives) {
			t.Errorf("trial %d has %v kernels of 5, want %d", i, got, fives)
		}
		if depth := found.Metric("depth"); depth != p.Exact["depth"](e.Trial.Arch) || depth != blocks {
			t.Errorf("trial %d is %v deep", i, depth)
		}
		if !slices.Equal(e.Result.Metrics, evaluator.Entries[i].Result.Metrics) || !slices.Equal(e.Result.Metrics, stage.Entries[i].Result.Metrics) {
			t.Errorf("trial %d has the metrics %v of a function, %v of an evaluator, %v of a stage's", i,
				e.Result.Metrics, evaluator.Entries[i].Result.Metrics, stage.Entries[i].Result.Metrics)
		}
	}
	for _, f := range function.Front() {
		if f.Metric("count(*.kernel=5)") > 1 {
			t.Errorf("trial %d is on the front and breaks the constraint", f.Trial.ID)
		}
	}
}

func TestAHistoryAnswersWithNetworks(t *testing.T) {
	s := usual(t)
	s.Trials = 0
	h := run(t, s)
	board, front := h.Leaderboard(), h.Front()
	if len(board) != 78 || len(front) < 3 || len(front) >= len(board) {
		t.Fatalf("%d networks on the leaderboard, %d on the front", len(board), len(front))
	}
	for i, f := range front {
		if f.Trial.ID != board[i].Trial.ID {
			t.Errorf("place %d of the front is trial %d, and of the leaderboard %d", i, f.Trial.ID, board[i].Trial.ID)
		}
		for _, other := range board {
			if other.Metric("entropy") > f.Metric("entropy") && other.Metric("params") < f.Metric("params") {
				t.Errorf("trial %d of the front is dominated by trial %d", f.Trial.ID, other.Trial.ID)
			}
		}
		if a, err := s.Space.Parse(f.String()); err != nil || a != f.Arch {
			t.Errorf("%q reads back as %v, %v", f, a, err)
		}
		g, err := f.Graph()
		if err != nil || float64(g.Params()) != f.Metric("params") {
			t.Errorf("%s builds a network of %d params, and it has %v: %v", f, g.Params(), f.Metric("params"), err)
		}
	}
	best, ok := h.Best()
	for _, f := range board {
		if f.Metric("entropy") > best.Metric("entropy") {
			t.Errorf("the best is %s, and %s is better", best, f)
		}
	}
	if !ok || !math.IsNaN(best.Metric("accuracy")) {
		t.Errorf("there is a best: %v, of accuracy %v", ok, best.Metric("accuracy"))
	}
	text := h.String()
	if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) != len(front) || !strings.HasSuffix(lines[0], "  "+best.String()) ||
		!strings.HasPrefix(lines[0], "entropy ") || !strings.Contains(lines[0], "  params ") {
		t.Errorf("the history prints as\n%s", text)
	}
}

func TestAHistoryWithoutAResultIsEmpty(t *testing.T) {
	s := usual(t)
	s.Evaluate = func(context.Context, trellis.Candidate) (trellis.Metrics, error) { return nil, errors.New("no") }
	h := run(t, s)
	if _, ok := h.Best(); ok || len(h.Front()) != 0 || len(h.Leaderboard()) != 0 || h.String() != "" {
		t.Errorf("of failed trials alone there is %q", h)
	}
}

func TestAHistoryRecommendsWhatATrialDerived(t *testing.T) {
	s := usual(t)
	derived, err := s.Space.Parse("16 3 7 7 7")
	if err != nil {
		t.Fatal(err)
	}
	s.Evaluate = nil
	s.Objectives = trellis.Objectives{trellis.Maximise("score")}
	s.Evaluator = trial.Func(func(_ context.Context, tr trial.Trial, _ func(trial.Progress)) (trial.Result, error) {
		r := trial.Result{Status: trial.OK, Metrics: trial.NewMetrics(trial.Metric{Name: "score", Value: float64(tr.ID)})}
		if tr.ID == 11 {
			r.Derived = &derived
		}
		return r, nil
	})
	s.Stages = []study.Stage{{Name: "search"}, {Name: "again", Source: study.BestOf{Stage: "search", Count: 1}}}
	h := run(t, s)
	if best, _ := h.Best(); best.Arch != derived || best.Trial.Arch != derived || best.Trial.Stage != "again" || len(h.Of("again")) != 1 {
		t.Errorf("the best is %s of trial %d of stage %s", best, best.Trial.ID, best.Trial.Stage)
	}
	s.Stages = nil
	if best, _ := run(t, s).Best(); best.Arch != derived || best.String() != "16 3 7 7 7" || best.Trial.Arch == derived {
		t.Errorf("the best is %s, tried as %v", best, best.Trial.Arch)
	}
}

func TestTheWorkersDecideNothingAndTheStudyMayBeRunAgain(t *testing.T) {
	for _, strategy := range []string{"auto", "evolution:population=5,sample=2"} {
		s := usual(t)
		s.Strategy, s.Parallel, s.Trials, s.Seed = strategy, 4, 30, 7
		want := contents(t, s)
		for _, workers := range []int{1, 2, 4} {
			s.Workers = workers
			if got := contents(t, s); !slices.Equal(got, want) {
				t.Errorf("%s: %d workers give another journal", strategy, workers)
			}
		}
		s.Seed = 8
		if slices.Equal(contents(t, s)[2:], want[2:]) {
			t.Errorf("%s: two seeds give the same journal", strategy)
		}
	}
}

func TestAStageWithoutASourceHasTheStrategyOfTheStudyForItsObjectives(t *testing.T) {
	s := usual(t)
	var problems []search.Problem
	s.NewStrategy = func(p trellis.Problem) (trellis.Strategy, error) {
		problems = append(problems, p)
		return forgetful{trellis.NewBasis(p)}, nil
	}
	s.Parallel = 3
	s.Constraints = trial.Constraints{{Metric: "memory", Bound: 1e9}}
	s.Stages = []study.Stage{
		{Name: "screen", Objectives: trellis.Objectives{trellis.Minimise("macs"), trellis.Maximise("depth")}, Stop: study.StopConditions{Trials: 5}},
		{Name: "search", Window: 2},
		{Name: "final", Source: study.BestOf{Stage: "search", Count: 2, Repeats: 2}},
	}
	h := run(t, s)
	if len(problems) != 2 || problems[0].Objectives.String() != "minimise macs, maximise depth" || problems[0].Constraints != nil ||
		problems[1].Objectives.String() != s.Objectives.String() || len(problems[1].Constraints) != 1 || problems[0].Exact["depth"] == nil {
		t.Errorf("the strategies are made for %+v", problems)
	}
	if a, b, c := len(h.Of("screen")), len(h.Of("search")), len(h.Of("final")); a != 5 || b != 12 || c != 4 {
		t.Errorf("%d, %d and %d trials", a, b, c)
	}
	for name, window := range map[string]int{"screen": 3, "search": 2, "final": 3} {
		if stage, _ := h.Stage(name); stage.Window != window {
			t.Errorf("stage %s has a window of %d, want %d", name, stage.Window, window)
		}
	}
	if best, _ := h.Best(); best.Trial.Stage != "final" {
		t.Errorf("the best is of stage %s", best.Trial.Stage)
	}
	run(t, s) // each time with fresh strategies
}

func TestTwoStagesWithTheSameStrategyProposeDifferentNetworks(t *testing.T) {
	s := usual(t)
	s.Strategy = "random"
	s.Stages = []study.Stage{{Name: "one"}, {Name: "two"}}
	h := run(t, s)
	one, two := h.Of("one"), h.Of("two")
	same := 0
	for i := range one {
		if one[i].Trial.Arch == two[i].Trial.Arch {
			same++
		}
	}
	if len(one) != 12 || same > 3 {
		t.Errorf("%d of %d proposals are the same", same, len(one))
	}
	s.Stages = nil
	for i, e := range run(t, s).Entries {
		if e.Trial.Arch != one[i].Trial.Arch {
			t.Errorf("trial %d of the first of two stages is %v, and of a single one %v", i, one[i].Trial.Arch, e.Trial.Arch)
		}
	}
}
