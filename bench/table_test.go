package bench_test

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/internal/published"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

func TestATableIsWhatItsDescriptionSays(t *testing.T) {
	table := smallTable(t)
	if table.Len() != 7 || table.LeftOut() != 1 || !table.Noisy() {
		t.Errorf("it has %d architectures, %d left out, noisy %v", table.Len(), table.LeftOut(), table.Noisy())
	}
	if !reflect.DeepEqual(table.Metrics(), []string{"accuracy", "params"}) {
		t.Errorf("metrics are %v", table.Metrics())
	}
	at := func(text string) int {
		a, err := table.Space().Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		i, ok := table.Row(a)
		if !ok {
			t.Fatalf("%s is not in the table", text)
		}
		return i
	}
	for _, c := range []struct {
		arch             string
		feedback, report float64
	}{
		{"x x", 2.5, 15}, // two rows, averaged column by column
		{"y z", 6.5, 60},
	} {
		i := at(c.arch)
		if x, ok := table.Feedback(i, "accuracy"); !ok || x != c.feedback {
			t.Errorf("the feedback of %s is %v, %v, want %v", c.arch, x, ok, c.feedback)
		}
		if x, ok := table.Reported(i, "accuracy"); !ok || x != c.report {
			t.Errorf("the reported value of %s is %v, %v, want %v", c.arch, x, ok, c.report)
		}
	}
	if x, ok := table.Reported(at("y z"), "params"); !ok || x != 2000 {
		t.Errorf("params are %v, %v: scaled and joined they are 2000", x, ok)
	}
	if _, ok := table.Reported(at("x x"), "params"); ok {
		t.Error("an architecture without a partner in the joined file has params")
	}
	if v := table.Vector(at("y z")); !reflect.DeepEqual(v, []float64{-60}) {
		t.Errorf("the vector is %v", v)
	}
}

func TestTheRegionOfATableIsItsRowsWithinTheLimits(t *testing.T) {
	table := smallTable(t)
	all, rows, err := table.Region()
	if err != nil {
		t.Fatal(err)
	}
	if all.Count().Int64() != 7 || len(rows) != 7 {
		t.Errorf("the region has %v architectures, %d rows", all.Count(), len(rows))
	}
	few, rows, err := table.Region(bench.Limit{Metric: "params", Max: 3000})
	if err != nil {
		t.Fatal(err)
	}
	if few.Count().Int64() != 3 || !reflect.DeepEqual(rows, []int{4, 5, 6}) {
		t.Errorf("within the limit are %v architectures, rows %v", few.Count(), rows)
	}
	if _, _, err := table.Region(bench.Limit{Metric: "params", Max: 1}); err == nil {
		t.Error("a limit that nothing keeps is accepted")
	}
	if _, _, err := table.Region(bench.Limit{Metric: "parms", Max: 1}); err == nil || !strings.Contains(err.Error(), `"params"`) {
		t.Errorf("the error of an unknown metric is %v", err)
	}
}

func TestATableIsAnEvaluator(t *testing.T) {
	table := smallTable(t)
	missing, err := table.Space().Parse("z z")
	if err != nil {
		t.Fatal(err)
	}
	conform.Evaluator(t, conform.Trials{
		Good: []trial.Trial{
			{ID: 0, Stage: store.Search, Arch: table.Arch(3), Fidelity: trial.Full(1), Seed: 5},
			{ID: 7, Stage: store.Search, Arch: table.Arch(1), Fidelity: trial.Full(1), Seed: 6},
		},
		Bad: &trial.Trial{ID: 2, Stage: store.Search, Arch: missing, Fidelity: trial.Full(1)},
	}, func(testing.TB) trial.Evaluator { return table.Evaluator() })
}

func TestASeedDrawsOneOfTheObservations(t *testing.T) {
	table := smallTable(t)
	seen := map[float64]int{}
	for seed := range uint64(100) {
		r, err := table.Evaluator().Evaluate(t.Context(), trial.Trial{Arch: table.Arch(1), Seed: seed}, trial.Silent)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := r.Metrics.Get("accuracy")
		seen[x]++
		if r.Spent.CPUSeconds != 2 {
			t.Fatalf("the trial took %v seconds, the table says 2", r.Spent.CPUSeconds)
		}
	}
	if len(seen) != 2 || seen[2] < 30 || seen[3] < 30 {
		t.Errorf("of the observations 2 and 3 were drawn %v", seen)
	}
}

func TestAnArchitectureOutsideTheTableIsAFailedTrial(t *testing.T) {
	table := smallTable(t)
	a, err := table.Space().Parse("z y")
	if err != nil {
		t.Fatal(err)
	}
	r, err := table.Evaluator().Evaluate(t.Context(), trial.Trial{ID: 4, Arch: a}, trial.Silent)
	if err != nil || r.Status != trial.Failed || r.Reason == "" {
		t.Errorf("the result is %+v, %v", r, err)
	}
}

func TestAWrongTableFileIsToldInOneSentence(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"table: 1", "table: 2", "small.yaml:1:8: this table file has format 2"},
		{"key: arch", "key: archs", `small.yaml:6:6: `},
		{"key: arch", "key: archs", `has no column "archs"; the nearest is "arch"`},
		{"maximise: accuracy", "maximise: acuracy", `maximise "acuracy" is unknown; the nearest is "accuracy"`},
		{"maximise: accuracy", "maximise: acuracy", `small.yaml:7:24`},
		{"seed1], report: test", "seed1], report: tst", `has no column "tst"; the nearest is "test"`},
		{"seconds: time", "second: time", `unknown key "second"; the nearest is "seconds"`},
		{"file: small.csv", "file: tiny.csv", "say with --data in which folder it is"},
		{"space: {input: 8x8x1,", "space: {input: 8x8x1, boby: x,", `unknown key "boby"`},
		{"key: arch", "key: {decisions: {a: arch}}", `which is no option of decision a`},
		{"key: arch", "key: {decisions: {b: arch}}", `the space decides a, which has no column`},
		{"on: arch", "on: test", "stands in line 2 already"},
		{"seconds: time", "seconds: arch", `small.csv:2: column arch is "x x", want a number`},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if _, err := bench.Open(smallFolder(t, text), ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is\n%v\nand should say\n%s", c.new, err, c.want)
		}
	}
	if _, err := bench.Open(filepath.Join(t.TempDir(), "none.yaml"), ""); err == nil {
		t.Error("a table file that is not there is opened")
	}
}

func TestPublishedTablesAreWhatIsKnownOfThem(t *testing.T) {
	for _, c := range []struct {
		name      string
		rows      int
		whole     bool
		best      float64 // reported value of the first objective
		bestCount int     // architectures that have it
	}{
		{"nb-macro", 6561, true, 93.1267, 2},
		{"nb-macro-noisy", 6561, true, 0, 0},
		{"nb201", 15625, true, 94.3733, 0},
		{"nb201-12epochs", 15625, true, 94.3733, 0},
		{"hw-nb201-raspi4", 15625, true, 94.3733, 0},
		{"accel-nasbench", 5125, false, 67.052, 1},
		{"nas-bench-graph-cora", 26206, false, 0.83133, 0},
		{"nas-bench-graph-arxiv", 26206, false, 0.72386, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := example(t, c.name)
			region, rows, err := table.Region()
			if err != nil {
				t.Fatal(err)
			}
			if table.Len() != c.rows || len(rows) != c.rows || table.LeftOut() != 0 {
				t.Errorf("it has %d architectures, %d in the region, %d left out", table.Len(), len(rows), table.LeftOut())
			}
			if _, whole := region.(*lattice.CountedRegion); whole != c.whole {
				t.Errorf("it is searched by its lattice: %v, want %v", whole, c.whole)
			}
			if _, listed := region.(*search.Listed); listed == c.whole {
				t.Errorf("it is searched by its list: %v", listed)
			}
			best, count := 0.0, 0
			for i := range table.Len() {
				x := -table.Vector(i)[0]
				if x > best {
					best, count = x, 0
				}
				if x == best {
					count++
				}
			}
			if c.best != 0 && best != c.best || c.bestCount != 0 && count != c.bestCount {
				t.Errorf("the best is %v, of %d architectures; published %v, of %d", best, count, c.best, c.bestCount)
			}
		})
	}
}

func TestTheExamplesOfTheDocumentAreTableFiles(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(published.Root(t), "docs", "formats", "table-file.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```yaml\n")[1:]
	if len(blocks) != 2 {
		t.Fatalf("the document has %d examples", len(blocks))
	}
	for i, b := range blocks {
		b, _, _ = strings.Cut(b, "```")
		dir := folder(t, map[string]string{
			"t.yaml":                                 b,
			"nb201_cifar10.csv.gz":                   zipped(t, "arch,valid_acc_200ep,test_acc_200ep,train_time_per_epoch_s,flops_naslib\n|none~0|+|none~0|none~1|+|none~0|none~1|none~2|,1,2,3,4\n"),
			"hw_nb201_cifar10_edgegpu_raspi4.csv.gz": zipped(t, "arch,raspi4_latency_ms\n|none~0|+|none~0|none~1|+|none~0|none~1|none~2|,5\n"),
			"two.csv":                                "operation,activation,score\n0,relu,1\n3,none,2\n",
		})
		table, err := bench.Open(filepath.Join(dir, "t.yaml"), "")
		if err != nil {
			t.Errorf("example %d: %v", i, err)
			continue
		}
		if table.Len() != i+1 {
			t.Errorf("example %d: %d architectures", i, table.Len())
		}
	}
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
