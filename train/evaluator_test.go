package train_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// digits returns a small task: 16x16 images of ten digits in typefaces that differ between the parts.
var digits = sync.OnceValue(func() data.Splits {
	d, err := data.Open("glyphs", data.Options{Glyphs: data.GlyphOptions{
		Classes: data.Digits, Size: 16, Train: 600, Validation: 200, Test: 200, Distortion: data.Low, Clutter: data.None, Noise: data.Low,
	}})
	if err != nil {
		panic(err)
	}
	s, err := d.Split(data.SplitOptions{})
	if err != nil {
		panic(err)
	}
	return s
})

// small returns a network of two strided convolutions, with or without batch norm, and dropout.
func small(t testing.TB, norm bool) *network.Graph {
	b := network.NewBuilder(network.Shape{H: 16, W: 16, C: 1})
	x := b.Input()
	for _, width := range []int{8, 16} {
		x = b.Add(network.Conv{Out: width, Kernel: 3, Stride: 2, Bias: !norm}, x)
		if norm {
			x = b.Add(network.BatchNorm{}, x)
		}
		x = b.Add(network.Activation{Func: network.ReLU}, x)
	}
	x = b.Add(network.Dropout{Rate: 0.1}, b.Add(network.Flatten{}, x))
	g, err := b.Build(b.Add(network.Dense{Out: 10}, x))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// evaluator returns an evaluator of digits that trains every network with s and keeps files in a folder of the test.
func evaluator(t testing.TB, s train.Settings, threads int) (*train.Evaluator, string) {
	folder := t.TempDir()
	e, err := train.New(train.Config{
		Data: digits().Training, Settings: s, Threads: threads, Artifacts: store.Folder(folder),
		Build: func(trial.Trial) (*network.Graph, error) { return small(t, true), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return e, folder
}

func evaluate(t testing.TB, e trial.Evaluator, one trial.Trial) trial.Result {
	t.Helper()
	r, err := e.Evaluate(context.Background(), one, trial.Silent)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func metric(t testing.TB, ms trial.Metrics, name string) float64 {
	t.Helper()
	v, ok := ms.Get(name)
	if !ok {
		t.Fatalf("there is no metric %s in %v", name, ms)
	}
	return v
}

func TestASmallNetworkLearnsDigitsAndAccountsForIt(t *testing.T) {
	e, folder := evaluator(t, train.Settings{Epochs: 5, Batch: 32, LabelSmoothing: 0.05, ClipNorm: 5}, 1)
	one := trial.Trial{ID: 3, Fidelity: trial.Full(5), Seed: 1}
	r := evaluate(t, e, one)
	if r.Status != trial.OK || r.Trial != 3 {
		t.Fatalf("the result is of trial %d, %s: %s", r.Trial, r.Status, r.Reason)
	}
	if a := metric(t, r.Metrics, "accuracy"); a < 0.5 {
		t.Errorf("the accuracy on ten classes is %v; want far more than the 0.1 of chance", a)
	}
	g := small(t, true)
	if got := metric(t, r.Metrics, "macs"); got != float64(g.MACs()) {
		t.Errorf("the macs are %v; want %d", got, g.MACs())
	}
	if len(r.Curve) != 5 || r.Curve[4].Amount != 5 || metric(t, r.Curve[4].Metrics, "train_loss") >= metric(t, r.Curve[0].Metrics, "train_loss") {
		t.Errorf("the curve is %v; want five epochs of falling loss", r.Curve)
	}
	estimate, err := e.Estimate(one)
	if err != nil {
		t.Fatal(err)
	}
	if want := 3 * g.MACs() * 5 * 576; r.Spent.MACs != want || estimate.MACs != want || r.Spent.Amount != 5 || estimate.Amount != 5 {
		t.Errorf("spent %+v and estimated %+v; want %d MACs (18 whole batches of 32 an epoch) in 5 epochs", r.Spent, estimate, want)
	}
	if r.Spent.WallSeconds <= 0 || r.Spent.CPUSeconds <= 0 || r.Spent.GPUSeconds != 0 {
		t.Errorf("the seconds spent are %+v", r.Spent)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 || len(r.Artifacts) > 0 {
		t.Errorf("a search trial left %v and %v behind; want nothing", left, r.Artifacts)
	}
}

func TestBothOptimisersAndAllSchedulesLearn(t *testing.T) {
	for _, s := range []train.Settings{
		{Optimiser: train.AdamW, Schedule: train.Cosine, LearningRate: 0.005, Warmup: train.Exactly(0.1)},
		{Optimiser: train.SGD, Schedule: train.Constant, LearningRate: 0.05, Augment: []data.Augment{data.Crop{Padding: 1}}},
	} {
		s.Epochs, s.Batch = 5, 32
		e, _ := evaluator(t, s, 1)
		if a := metric(t, evaluate(t, e, trial.Trial{Seed: 1}).Metrics, "accuracy"); a < 0.4 {
			t.Errorf("with %v the accuracy is %v; want far more than the 0.1 of chance", s, a)
		}
	}
}

func TestTrainingStopsWhenPatienceIsOver(t *testing.T) {
	s := train.Settings{Epochs: 10, Patience: 2, LearningRate: 1e-12, Schedule: train.Constant} // nothing is ever learned
	e, _ := evaluator(t, s, 1)
	r := evaluate(t, e, trial.Trial{Network: small(t, false), Seed: 1})
	if len(r.Curve) != 3 || r.Spent.Amount != 3 {
		t.Errorf("there were %d epochs; want 3: the first is the best, and two without a better one follow", len(r.Curve))
	}
}

func TestTheWeightsLeftBehindAreThoseOfTheBestEpoch(t *testing.T) {
	s := train.Settings{Epochs: 6, Batch: 16, LearningRate: 0.4, Schedule: train.Constant} // too fast to settle
	e, folder := evaluator(t, s, 1)
	one := trial.Trial{ID: 7, Keep: true}
	var r trial.Result
	best := 0
	for one.Seed = 1; best == len(r.Curve)-1 || one.Seed == 1; one.Seed++ { // until the last epoch is not the best
		if one.Seed > 10 {
			t.Fatal("ten runs at a rate that is too fast all end with their best epoch")
		}
		r, best = evaluate(t, e, one), 0
		for i, p := range r.Curve {
			if metric(t, p.Metrics, "accuracy") > metric(t, r.Curve[best].Metrics, "accuracy") {
				best = i
			}
		}
	}
	want := r.Curve[best].Metrics
	if metric(t, r.Metrics, "accuracy") != metric(t, want, "accuracy") || metric(t, r.Metrics, "loss") != metric(t, want, "loss") {
		t.Errorf("the metrics are %v; want those of epoch %d: %v", r.Metrics, best+1, want)
	}
	score, err := e.Test(context.Background(), one, r, digits().Validation)
	if err != nil {
		t.Fatal(err)
	}
	if score.Accuracy() != metric(t, want, "accuracy") || score.Loss != metric(t, want, "loss") {
		t.Errorf("read back, the weights score %v with loss %v; want exactly %v", score.Accuracy(), score.Loss, want)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "weights", "*")); len(left) != 1 {
		t.Errorf("the folder of weights holds %v; want one file", left)
	}
	if a, _ := r.Artifact(train.Weights); a.Path != "weights/trial-7.safetensors" {
		t.Errorf("the weights lie at %q", a.Path)
	}
}

func TestADivergedRunIsAFailedResultThatSaysWhere(t *testing.T) {
	e, folder := evaluator(t, train.Settings{LearningRate: 1e6, Schedule: train.Constant, Epochs: 4}, 1)
	r := evaluate(t, e, trial.Trial{Keep: true, Network: small(t, false), Seed: 1})
	if r.Status != trial.Failed || !strings.HasPrefix(r.Reason, "diverged in step ") || !strings.Contains(r.Reason, "not finite") {
		t.Errorf("a learning rate of a million gives %s: %q; want a failure that names the step and the place", r.Status, r.Reason)
	}
	if r.Spent.MACs == 0 {
		t.Error("the MACs spent until the failure are not accounted for")
	}
	if m, bad := r.Metrics.NotFinite(); bad {
		t.Errorf("the failed result holds %v", m)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("the failed run left %v behind", left)
	}
}

func TestCancellingEndsARunWithoutAResult(t *testing.T) {
	e, folder := evaluator(t, train.Settings{Epochs: 1000, Batch: 16}, 1)
	ctx, cancel := context.WithCancel(context.Background())
	var seen trial.Progress
	r, err := e.Evaluate(ctx, trial.Trial{Keep: true, Seed: 1}, func(p trial.Progress) {
		if ctx.Err() != nil {
			t.Error("a report follows the cancelling by more than a batch")
		}
		seen = p
		cancel()
	})
	if !errors.Is(err, context.Canceled) || !reflect.DeepEqual(r, trial.Result{}) {
		t.Errorf("a cancelled run gives %+v and %v; want no result and context.Canceled", r, err)
	}
	if seen.Share <= 0 || seen.Share >= 0.01 {
		t.Errorf("it was cancelled at a share of %v; want a little of the first of 1000 epochs", seen.Share)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("the cancelled run left %v behind", left)
	}
	if _, err := e.Evaluate(ctx, trial.Trial{}, trial.Silent); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that is cancelled before it begins gives %v", err)
	}
}

func TestProgressOnlyGrowsAndEndsAtTheWhole(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Epochs: 2, Batch: 8}, 1)
	var last trial.Progress
	reports := 0
	_, err := e.Evaluate(context.Background(), trial.Trial{Seed: 1}, func(p trial.Progress) {
		if p.Share <= last.Share || p.Amount < last.Amount {
			t.Errorf("progress went from %+v to %+v", last, p)
		}
		last = p
		reports++
	})
	if err != nil {
		t.Fatal(err)
	}
	if last.Share != 1 || last.Amount != 2 || reports < 6 {
		t.Errorf("after %d reports the last is %+v; want several within each of the 2 epochs and a share of 1", reports, last)
	}
	metric(t, last.Metrics, "accuracy")
}

func TestResultsDependNeitherOnThreadsNorOnWhatRunsBeside(t *testing.T) {
	s := train.Settings{Epochs: 2, Batch: 32, Augment: []data.Augment{data.Crop{Padding: 1}, data.Cutout{Size: 4}}}
	one := trial.Trial{Keep: true, Seed: 9}
	run := func(e *train.Evaluator, folder string) (trial.Result, string) {
		r, err := e.Evaluate(context.Background(), one, trial.Silent)
		if err != nil {
			t.Error(err)
			return r, ""
		}
		path, _ := r.Artifact(train.Weights)
		file, err := os.ReadFile(filepath.Join(folder, path.Path))
		if err != nil {
			t.Error(err)
		}
		r.Spent = r.Spent.Timeless()
		return r, string(file)
	}
	e, folder := evaluator(t, s, 1)
	want, file := run(e, folder)
	if len(file) == 0 {
		t.Fatal("there are no weights")
	}
	var beside sync.WaitGroup
	for range 2 {
		two, folder := evaluator(t, s, 2)
		beside.Go(func() {
			got, bits := run(two, folder)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("on two threads, beside another, the result is\n%+v; want\n%+v", got, want)
			}
			if bits != file {
				t.Error("on two threads, beside another, the weights differ")
			}
		})
	}
	beside.Wait()
	other := one
	other.Seed = 10
	if reflect.DeepEqual(evaluate(t, e, other).Curve, want.Curve) {
		t.Error("another seed gives the same curve")
	}
}

func TestMemoryDoesNotGrowFromTrialToTrial(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Epochs: 1, Batch: 100}, 2)
	heap := func(trials int) uint64 {
		for i := range trials {
			evaluate(t, e, trial.Trial{Keep: true, Seed: uint64(i)})
		}
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap(2)
	if after := heap(12); after > before+1<<17 {
		t.Errorf("12 trials took the heap from %d to %d bytes", before, after)
	}
}
