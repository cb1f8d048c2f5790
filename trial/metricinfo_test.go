package trial_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/trial"
)

func TestAMetricIsWrittenAsPeopleReadIt(t *testing.T) {
	for _, c := range []struct {
		info trial.MetricInfo
		x    float64
		want string
	}{
		{trial.MetricInfo{}, 0.54213, "0.5421"},
		{trial.MetricInfo{Unit: "ms"}, 12.3456, "12.35 ms"},
		{trial.MetricInfo{Show: trial.ShowPercent}, 0.9689, "96.89%"},
		{trial.MetricInfo{Show: trial.ShowPercent}, -0.001, "-0.10%"},
		{trial.MetricInfo{Show: trial.ShowCount}, 0, "0"},
		{trial.MetricInfo{Show: trial.ShowCount}, 999, "999"},
		{trial.MetricInfo{Show: trial.ShowCount}, 534_000, "534k"},
		{trial.MetricInfo{Show: trial.ShowCount}, 1_473_000, "1.47M"},
		{trial.MetricInfo{Show: trial.ShowCount}, -20_100_000_000, "-20.1G"},
		{trial.MetricInfo{Show: trial.ShowBytes}, 512, "512 B"},
		{trial.MetricInfo{Show: trial.ShowBytes}, 65_536, "64 KiB"},
		{trial.MetricInfo{Show: trial.ShowBytes, Unit: "B"}, 1_572_864, "1.5 MiB"},
	} {
		if got := c.info.Format(c.x); got != c.want {
			t.Errorf("%v shown as %q is %q, want %q", c.x, c.info.Show, got, c.want)
		}
	}
}

func TestMetricsOfSeveralSourcesAgreeOrAreRefused(t *testing.T) {
	accuracy := trial.MetricInfo{Name: "accuracy", Direction: trial.Maximise, Show: trial.ShowPercent}
	all, err := trial.CostInfos().With(accuracy, accuracy)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"params", "macs", "memory", "accuracy"}; !slices.Equal(all.Names(), want) {
		t.Errorf("the names are %v", all.Names())
	}
	if all.Of("accuracy") != accuracy || all.Of("unheard") != (trial.MetricInfo{Name: "unheard"}) || all.Has("unheard") {
		t.Errorf("what is known is %+v", all)
	}
	other := accuracy
	other.Direction = trial.Minimise
	if _, err := all.With(other); err == nil || !strings.Contains(err.Error(), "accuracy is described in two ways") {
		t.Errorf("the error is %v", err)
	}
}

func TestADescriptionIsSeenThroughDecorators(t *testing.T) {
	want := landscape.Describe()
	if want.Kind != "landscape" || !want.Resumes || !want.Metrics.Has("accuracy") {
		t.Errorf("the landscape describes itself as %+v", want)
	}
	wrapped := trial.NewRetried(trial.NewTimeLimited(landscape, time.Hour), 2, 0)
	if got := trial.Describe(wrapped); !reflect.DeepEqual(got, want) {
		t.Errorf("under decorators it is %+v", got)
	}
	own := trial.Description{Kind: "own", Resource: trial.Resource{Name: "steps", Full: 600}}
	named := trial.Described{Evaluator: wrapped, Description: own}
	if got := trial.Describe(trial.NewRetried(named, 2, 0)); !reflect.DeepEqual(got, own) {
		t.Errorf("described from outside it is %+v", got)
	}
	if _, ok := trial.As[trial.Estimator](named); ok {
		t.Error("a description makes an evaluator estimate")
	}
	if got := trial.Describe(trial.Func(landscape.Evaluate)); !reflect.DeepEqual(got, trial.Description{}) {
		t.Errorf("a function describes itself as %+v", got)
	}
}
