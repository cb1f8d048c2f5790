package trial_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/trial"
)

func TestARepeatedEvaluatorIsAnEvaluator(t *testing.T) {
	trials := landscapeTrials(t)
	trials.Repeats, trials.Stops = 3, false // a mean of curves does not end where each of them does
	conform.Evaluator(t, trials, func(testing.TB) trial.Evaluator { return trial.NewRepeated(landscape, 3) })
}

func point(amount int, accuracy float64) trial.Point {
	return trial.Point{Amount: amount, Metrics: trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy})}
}

func TestRepeatsAreAveragedWithTheirSpread(t *testing.T) {
	run := func(accuracy float64, weights string, curve ...trial.Point) answer {
		return answer{result: trial.Result{
			Status:    trial.OK,
			Metrics:   trial.NewMetrics(trial.Metric{Name: "accuracy", Value: accuracy}, trial.Metric{Name: "params", Value: 100}),
			Curve:     curve,
			Spent:     trial.Spent{MACs: 10, Amount: len(curve), CPUSeconds: 1},
			Artifacts: []trial.Artifact{{Name: "weights", Kind: trial.WeightsKind, Path: weights}},
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
	if r.Spent != (trial.Spent{MACs: 30, Amount: 5, CPUSeconds: 3}) {
		t.Errorf("spent %+v", r.Spent)
	}
	if len(r.Artifacts) != 0 {
		t.Errorf("the mean of three networks left the artifacts %v", r.Artifacts)
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
	inner := estimating{landscape, trial.Spent{MACs: 5, Amount: 2}}
	e, ok := trial.As[trial.Estimator](trial.NewTimeLimited(trial.NewRepeated(trial.NewRetried(inner, 2, 0), 3), time.Hour))
	if !ok {
		t.Fatal("the ability to estimate is lost under decorators")
	}
	if s, err := e.Estimate(good(t)); err != nil || s != (trial.Spent{MACs: 15, Amount: 6}) {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := trial.NewRepeated(landscape, 3).Estimate(good(t)); !errors.Is(err, trial.ErrNoEstimate) {
		t.Errorf("the error is %v", err)
	}
}

func TestAnAbilityThatNobodyHasIsNotFound(t *testing.T) {
	if _, ok := trial.As[trial.Estimator](trial.NewRetried(trial.NewTimeLimited(landscape, 1), 2, 0)); ok {
		t.Error("a landscape estimates")
	}
}
