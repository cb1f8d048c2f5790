package train

import (
	"math"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/data"
)

func TestTheZeroSettingsAreWhatTheirDocumentationSays(t *testing.T) {
	d := Settings{}.Defaulted()
	if err := (Settings{}).Check(); err != nil {
		t.Errorf("the zero settings are refused: %v", err)
	}
	want := "3 epochs, batches of 64, sgd at 0.1 (one-cycle, warm-up 0.2), momentum 0.9, weight decay 0.0005"
	if d.String() != want {
		t.Errorf("the defaults are\n%s; want\n%s", d, want)
	}
	a := Settings{Optimiser: AdamW, Schedule: Cosine}.String()
	if want := "3 epochs, batches of 64, adamw at 0.002 (cosine, warm-up 0), weight decay 0.05"; a != want {
		t.Errorf("the defaults of adamw are\n%s; want\n%s", a, want)
	}
}

func TestAGivenZeroIsNotTheDefault(t *testing.T) {
	d := Settings{Momentum: Exactly(0), WeightDecay: Exactly(0), Warmup: Exactly(0)}.Defaulted()
	if d.Momentum != Exactly(0) || d.WeightDecay != Exactly(0) || d.Warmup != Exactly(0) {
		t.Errorf("zeros became momentum %v, weight decay %v, warm-up %v", d.Momentum, d.WeightDecay, d.Warmup)
	}
	if d.String() != d.Defaulted().String() {
		t.Error("writing the defaults out twice is not the same as once")
	}
}

func TestASettingOutOfItsRangeIsNamedWithItsValueAndRange(t *testing.T) {
	for _, c := range []struct {
		settings Settings
		want     string
	}{
		{Settings{Epochs: -1}, "epochs -1 is out of range: want 1 to 10,000"},
		{Settings{Epochs: 10_001}, "epochs 10001 is out of range: want 1 to 10,000"},
		{Settings{Batch: 1}, "batch 1 is out of range: want 2 to 4,096"},
		{Settings{LearningRate: -0.1}, "learning_rate -0.1 is out of range: want a number above 0"},
		{Settings{LearningRate: math.NaN()}, "learning_rate NaN is out of range"},
		{Settings{LearningRate: math.Inf(1)}, "learning_rate +Inf is out of range"},
		{Settings{Momentum: Exactly(1)}, "momentum 1 is out of range: want at least 0 and below 1"},
		{Settings{WeightDecay: Exactly(-1)}, "weight_decay -1 is out of range: want 0 to 1"},
		{Settings{Warmup: Exactly(1)}, "warmup 1 is out of range"},
		{Settings{LabelSmoothing: 1}, "label_smoothing 1 is out of range"},
		{Settings{ClipNorm: math.NaN()}, "clip_norm NaN is out of range"},
		{Settings{Patience: -2}, "patience -2 is out of range"},
		{Settings{Optimiser: "adam"}, `unknown optimiser "adam": want sgd or adamw`},
		{Settings{Schedule: "onecycle"}, `unknown schedule "onecycle": want constant, cosine or one-cycle`},
		{Settings{Optimiser: AdamW, Momentum: Exactly(0.9)}, "momentum 0.9 was given, but adamw has none"},
	} {
		err := c.settings.Check()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: the error is %v; want %s", c.settings, err, c.want)
		}
	}
}

func TestSettingsPrintEverythingThatIsSwitchedOn(t *testing.T) {
	s := Settings{LabelSmoothing: 0.1, ClipNorm: 5, Patience: 2, Augment: []data.Augment{data.Crop{Padding: 2}, data.Flip{}}}.String()
	for _, want := range []string{"label smoothing 0.1", "clipped to 5", "patience 2", "crop(padding=2)", "flip"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q does not say %q", s, want)
		}
	}
}

func TestEverySchedulePeaksWhereItsWarmupEnds(t *testing.T) {
	const total = 200
	for _, c := range []struct {
		schedule Schedule
		warmup   float64
		last     float64 // the rate at the last step as a share of the peak, at most
	}{
		{Constant, 0, 1}, {Constant, 0.1, 1}, {Cosine, 0, 1e-3}, {Cosine, 0.25, 1e-3}, {OneCycle, 0.3, 1e-3}, {OneCycle, 0, 1e-3},
	} {
		s := Settings{Schedule: c.schedule, Warmup: Exactly(c.warmup), LearningRate: 0.5}.Defaulted()
		rate, peak := s.rate(total), 0
		for step := range total {
			if v := rate(step); v <= 0 || v > 0.5 {
				t.Fatalf("%s with warm-up %v: the rate at step %d is %v", c.schedule, c.warmup, step, v)
			} else if v > rate(peak) {
				peak = step
			}
		}
		if math.Abs(float64(peak)-c.warmup*total) > 1 {
			t.Errorf("%s with warm-up %v peaks at step %d of %d", c.schedule, c.warmup, peak, total)
		}
		if last := rate(total-1) / 0.5; last > c.last {
			t.Errorf("%s with warm-up %v ends at %v of the peak; want at most %v", c.schedule, c.warmup, last, c.last)
		}
	}
}
