package trial_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/trial"
)

func TestARepeatedEvaluatorIsAnEvaluator(t *testing.T) {
	trials := landscapeTrials(t)
	for i := range trials.Good {
		trials.Good[i].Budget.Epochs *= 3 // the suite holds the sum of the epochs against the budget
	}
	third := trial.Func(func(ctx context.Context, x trial.Trial, report func(trial.Progress)) (trial.Result, error) {
		x.Budget.Epochs /= 3
		return landscape.Evaluate(ctx, x, report)
	})
	conform.Evaluator(t, trials, func(testing.TB) trial.Evaluator { return trial.NewRepeated(third, 3) })
}

func point(epoch int, accuracy float64) trial.Point {
	return trial.Point{Epoch: epoch, Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy})}
}

func TestRepeatsAreAveragedWithTheirSpread(t *testing.T) {
	run := func(accuracy float64, weights string, curve ...trial.Point) answer {
		return answer{result: trial.Result{
			Status:    trial.OK,
			Metrics:   trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy}, trial.Metric{Name: "params", Value: 100}),
			Curve:     curve,
			Spent:     trial.Spent{MACs: 10, Epochs: len(curve), CPUSeconds: 1},
			Artifacts: []trial.Artifact{{Name: "weights", Path: weights}},
		}}
	}
	inner := &scripted{answers: []answer{
		run(0.5, "a", point(1, 0.25), point(2, 0.5)),
		run(0.75, "b", point(1, 0.75)),
		run(1, "c", point(1, 0.5), point(2, 1)),
	}}
	var shares []float64
	r, err := trial.NewRepeated(inner, 3).Evaluate(context.Background(), good(t), func(p trial.Progress) { shares = append(shares, p.Share) })
	if err != nil {
		t.Fatal(err)
	}
	want := trial.NewMetrics(
		trial.Metric{Name: "accuracy", Value: 0.75}, trial.Metric{Name: "accuracy_sd", Value: 0.25},
		trial.Metric{Name: "params", Value: 100}, trial.Metric{Name: "params_sd", Value: 0},
	)
	if !reflect.DeepEqual(r.Metrics, want) {
		t.Errorf("the metrics are %v", r.Metrics)
	}
	if !reflect.DeepEqual(r.Curve, []trial.Point{point(1, 0.5)}) {
		t.Errorf("the curve is %v", r.Curve)
	}
	if r.Spent != (trial.Spent{MACs: 30, Epochs: 5, CPUSeconds: 3}) {
		t.Errorf("spent %+v", r.Spent)
	}
	if path, ok := r.Artifact("repeat1.weights"); !ok || path != "b" || len(r.Artifacts) != 3 {
		t.Errorf("the artifacts are %v", r.Artifacts)
	}
	for i, share := range []float64{1. / 6, 3. / 6, 5. / 6} {
		if math.Abs(shares[i]-share) > 1e-12 {
			t.Errorf("the reported shares are %v", shares)
		}
	}
	seeds := slices.Compact(slices.Sorted(slices.Values(inner.seeds)))
	if len(seeds) != 3 || slices.Contains(seeds, good(t).Seed) {
		t.Errorf("the seeds are %v", inner.seeds)
	}
}

func TestOneRepeatHasNoSpread(t *testing.T) {
	inner := &scripted{answers: []answer{{result: trial.Result{Status: trial.OK, Metrics: point(1, 0.5).Metrics}}}}
	r, err := trial.NewRepeated(inner, 1).Evaluate(context.Background(), good(t), trial.Silent)
	if err != nil || !reflect.DeepEqual(r.Metrics, point(1, 0.5).Metrics) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAFailedRepeatFailsTheTrial(t *testing.T) {
	inner := &scripted{answers: []answer{
		{result: trial.Result{Status: trial.OK, Spent: trial.Spent{MACs: 1}}},
		{result: trial.Result{Status: trial.Failed, Reason: "diverged", Spent: trial.Spent{MACs: 2}}},
	}}
	r, err := trial.NewRepeated(inner, 5).Evaluate(context.Background(), good(t), trial.Silent)
	if err != nil || r.Status != trial.Failed || r.Reason != "repeat 2 of 5: diverged" || r.Spent.MACs != 3 || len(inner.seeds) != 2 {
		t.Errorf("after %d repeats %+v, %v", len(inner.seeds), r, err)
	}
}

func TestTheEstimateOfRepeatsIsTheirSum(t *testing.T) {
	inner := estimating{landscape, trial.Spent{MACs: 5, Epochs: 2}}
	e, ok := trial.As[trial.Estimator](trial.NewCached(trial.NewRepeated(trial.NewRetried(inner, 2, 0), 3)))
	if !ok {
		t.Fatal("the ability to estimate is lost under decorators")
	}
	if s, err := e.Estimate(good(t)); err != nil || s != (trial.Spent{MACs: 15, Epochs: 6}) {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := trial.NewRepeated(landscape, 3).Estimate(good(t)); !errors.Is(err, trial.ErrNoEstimate) {
		t.Errorf("the error is %v", err)
	}
}

func TestAnAbilityThatNobodyHasIsNotFound(t *testing.T) {
	if _, ok := trial.As[trial.Estimator](trial.NewCached(trial.NewTimeLimited(landscape, 1))); ok {
		t.Error("a landscape estimates")
	}
}
