package trial_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/trial"
)

func ok(ms ...trial.Metric) trial.Result {
	return trial.Result{Status: trial.OK, Metrics: trial.NewMetrics(ms...)}
}

func TestObjectivesAreMinimised(t *testing.T) {
	os := trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "macs"}}
	both := ok(trial.Metric{Name: "macs", Value: 7}, trial.Metric{Name: "accuracy", Value: 0.9})
	if v, there := os.Vector(both); !there || !slices.Equal(v, []float64{-0.9, 7}) {
		t.Errorf("the vector is %v, %v", v, there)
	}
	one := ok(trial.Metric{Name: "accuracy", Value: 0.9})
	if _, there := os.Vector(one); there {
		t.Error("a result without a metric has a vector")
	}
	if missing := os.Missing(one.Metrics); !slices.Equal(missing, []string{"macs"}) {
		t.Errorf("missing is %v", missing)
	}
	both.Status = trial.Failed
	if _, there := os.Vector(both); there {
		t.Error("a failed result has a vector")
	}
	if s := os.String(); s != "maximise accuracy, minimise macs" {
		t.Errorf("the objectives read %q", s)
	}
}

func TestObjectivesThatMakeNoSenseAreRefused(t *testing.T) {
	for message, os := range map[string]trial.Objectives{
		"at least one":         {},
		"names no metric":      {{Metric: "a"}, {}},
		"a is an objective tw": {{Metric: "a"}, {Metric: "b"}, {Metric: "a", Maximise: true}},
	} {
		if err := os.Check(); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("the error is %v and should say %q", err, message)
		}
	}
	if err := (trial.Objectives{{Metric: "a"}}).Check(); err != nil {
		t.Error(err)
	}
}

func TestAConstraintSaysByHowMuchItIsBroken(t *testing.T) {
	ms := trial.NewMetrics(trial.Metric{Name: "x", Value: 12}, trial.Metric{Name: "y", Value: -3})
	for _, c := range []struct {
		constraint trial.Constraint
		want       float64
	}{
		{trial.Constraint{Metric: "x", Bound: 12}, 0},
		{trial.Constraint{Metric: "x", Bound: 8}, 0.5},
		{trial.Constraint{Metric: "x", Bound: 16, AtLeast: true}, 0.25},
		{trial.Constraint{Metric: "x", Bound: 10, AtLeast: true}, 0},
		{trial.Constraint{Metric: "y", Bound: 0, AtLeast: true}, 3},
		{trial.Constraint{Metric: "y", Bound: -4}, 0.25},
		{trial.Constraint{Metric: "z", Bound: 1}, math.Inf(1)},
	} {
		if got := c.constraint.Violation(ms); got != c.want {
			t.Errorf("%v is broken by %v, not %v", c.constraint, got, c.want)
		}
	}
	both := trial.Constraints{{Metric: "x", Bound: 8}, {Metric: "x", Bound: 16, AtLeast: true}}
	if v := both.Violation(ms); v != 0.75 || both.Kept(ms) {
		t.Errorf("together they are broken by %v", v)
	}
	if !(trial.Constraints{}).Kept(ms) {
		t.Error("no constraint is broken")
	}
	if s := both.String(); s != "x at most 8, x at least 16" {
		t.Errorf("the constraints read %q", s)
	}
}

func TestMetricsAreASetOrderedByName(t *testing.T) {
	ms := trial.NewMetrics(trial.Metric{Name: "b", Value: 1}, trial.Metric{Name: "a", Value: 2}, trial.Metric{Name: "b", Value: 3})
	if !slices.Equal(ms, trial.Metrics{{Name: "a", Value: 2}, {Name: "b", Value: 3}}) {
		t.Errorf("the metrics are %v", ms)
	}
	more := ms.With(trial.Metric{Name: "a", Value: 9}, trial.Metric{Name: "0", Value: 1})
	if !slices.Equal(more, trial.Metrics{{Name: "0", Value: 1}, {Name: "a", Value: 9}, {Name: "b", Value: 3}}) {
		t.Errorf("with more they are %v", more)
	}
	if less := more.Without("a"); !slices.Equal(less, trial.Metrics{{Name: "0", Value: 1}, {Name: "b", Value: 3}}) || len(more) != 3 {
		t.Errorf("with less they are %v", less)
	}
	if _, there := ms.Get("c"); there {
		t.Error("there is a metric c")
	}
}

func TestTheCostsOfANetworkAreMetrics(t *testing.T) {
	b := network.NewBuilder(network.Shape{H: 8, W: 8, C: 3})
	g, err := b.Build(b.Add(network.Conv{Out: 4, Kernel: 3}, b.Input()))
	if err != nil {
		t.Fatal(err)
	}
	ms := trial.Costs(g)
	for name, want := range map[string]float64{trial.Params: 3 * 3 * 3 * 4, trial.MACs: 8 * 8 * 3 * 3 * 3 * 4, trial.Memory: 4 * 8 * 8 * (3 + 4)} {
		if got, there := ms.Get(name); !there || got != want {
			t.Errorf("%s is %v and should be %v", name, got, want)
		}
	}
}

func TestMoneyIsTimeByItsPrice(t *testing.T) {
	s := trial.Spent{CPUSeconds: 1800, GPUSeconds: 7200, WallSeconds: 9e9, MACs: 5, Amount: 1}
	if m := (trial.Rates{CPUHour: 0.1, GPUHour: 2}).Of(s); math.Abs(m-4.05) > 1e-12 {
		t.Errorf("it costs %v", m)
	}
	if m := (trial.Rates{}).Of(s); m != 0 {
		t.Errorf("without a price it costs %v", m)
	}
	if sum := s.Plus(s.Timeless()); sum != (trial.Spent{CPUSeconds: 1800, GPUSeconds: 7200, WallSeconds: 9e9, MACs: 10, Amount: 2}) {
		t.Errorf("the sum is %+v", sum)
	}
}
