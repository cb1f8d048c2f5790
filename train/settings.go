package train

import (
	"fmt"
	"strings"

	"github.com/trellis-nas/trellis/data"
)

// Optimiser names the rule that turns gradients into updates.
type Optimiser string

// The optimisers.
const (
	SGD   Optimiser = "sgd"   // gradient descent with Nesterov momentum (Sutskever et al., 2013) and an L2 penalty
	AdamW Optimiser = "adamw" // Adam with decoupled weight decay (Loshchilov & Hutter, 2019)
)

// Schedule names the course of the learning rate over all steps of a run.
type Schedule string

// The schedules. Each rises to the peak during the warm-up.
const (
	Constant Schedule = "constant"  // stays at the peak
	Cosine   Schedule = "cosine"    // linear warm-up, then half a cosine down to 0 (Loshchilov & Hutter, 2017)
	OneCycle Schedule = "one-cycle" // half a cosine up from a twenty-fifth, then half a cosine down to a ten-thousandth (Smith, 2018)
)

// Settings says how a network is trained. The zero value is a good one; Defaulted writes its defaults out.
type Settings struct {
	Epochs       int       // passes over the training split, 1 to 10,000; 0 reads as 3. A trial's budget goes before it.
	Batch        int       // samples of a step, 2 to 4,096; 0 reads as 64
	Optimiser    Optimiser // "" reads as SGD
	LearningRate float64   // the peak, above 0; 0 reads as 0.1 for SGD and 0.002 for AdamW
	Momentum     Number    // of SGD, at least 0 and below 1; default 0.9
	WeightDecay  Number    // 0 to 1, sparing biases and norms; default 0.0005 for SGD and 0.05 for AdamW
	Schedule     Schedule  // "" reads as OneCycle
	Warmup       Number    // share of all steps in which the rate rises, at least 0 and below 1; default 0.2 for OneCycle, else 0

	LabelSmoothing float64 // share of the target spread over all classes, at least 0 and below 1 (Szegedy et al., 2016)
	ClipNorm       float64 // largest global norm of the gradient; 0 does not clip
	Patience       int     // stop after so many epochs without a better validation accuracy; 0 never does

	Augment []data.Augment // applied to every training image, in this order
}

const (
	maxEpochs = 10_000
	maxBatch  = 4_096
)

// Defaulted returns the settings with every default written out.
func (s Settings) Defaulted() Settings {
	if s.Optimiser == "" {
		s.Optimiser = SGD
	}
	if s.Schedule == "" {
		s.Schedule = OneCycle
	}
	if s.Epochs == 0 {
		s.Epochs = 3
	}
	if s.Batch == 0 {
		s.Batch = 64
	}
	rate, decay, warmup := 0.1, 5e-4, 0.0
	if s.Optimiser == AdamW {
		rate, decay = 0.002, 0.05
	}
	if s.Schedule == OneCycle {
		warmup = 0.2
	}
	if s.LearningRate == 0 {
		s.LearningRate = rate
	}
	s.Momentum = Exactly(s.Momentum.Or(0.9))
	s.WeightDecay = Exactly(s.WeightDecay.Or(decay))
	s.Warmup = Exactly(s.Warmup.Or(warmup))
	return s
}

// Check returns the first setting that is out of its range, as a sentence with the key of the study file, the value and
// the range.
func (s Settings) Check() error {
	switch s.Optimiser {
	case "", SGD, AdamW:
	default:
		return fmt.Errorf("unknown optimiser %q: want %s or %s", s.Optimiser, SGD, AdamW)
	}
	switch s.Schedule {
	case "", Constant, Cosine, OneCycle:
	default:
		return fmt.Errorf("unknown schedule %q: want %s, %s or %s", s.Schedule, Constant, Cosine, OneCycle)
	}
	if s.Momentum.given && s.Optimiser == AdamW {
		return fmt.Errorf("momentum %v was given, but %s has none: leave it out or use %s", s.Momentum, AdamW, SGD)
	}
	d := s.Defaulted()
	for _, c := range []struct {
		key   string
		value float64
		ok    func(float64) bool
		want  string
	}{
		{"epochs", float64(d.Epochs), within(1, maxEpochs), "1 to 10,000"},
		{"batch", float64(d.Batch), within(2, maxBatch), "2 to 4,096"},
		{"learning_rate", d.LearningRate, func(v float64) bool { return v > 0 && v < 1e9 }, "a number above 0"},
		{"momentum", d.Momentum.value, share, "at least 0 and below 1"},
		{"weight_decay", d.WeightDecay.value, within(0, 1), "0 to 1"},
		{"warmup", d.Warmup.value, share, "at least 0 and below 1, a share of all steps"},
		{"label_smoothing", d.LabelSmoothing, share, "at least 0 and below 1"},
		{"clip_norm", d.ClipNorm, within(0, 1e9), "a number above 0, or 0 for no clipping"},
		{"patience", float64(d.Patience), within(0, maxEpochs), "1 to 10,000, or 0 to train to the end"},
	} {
		if !c.ok(c.value) {
			return fmt.Errorf("%s %v is out of range: want %s", c.key, c.value, c.want)
		}
	}
	return nil
}

func within(low, high float64) func(float64) bool {
	return func(v float64) bool { return v >= low && v <= high }
}

func share(v float64) bool { return v >= 0 && v < 1 }

// String returns all settings in one line, for people and logs: "3 epochs of batches of 64, sgd …".
func (s Settings) String() string {
	s = s.Defaulted()
	var b strings.Builder
	plural := "s"
	if s.Epochs == 1 {
		plural = ""
	}
	fmt.Fprintf(&b, "%d epoch%s, batches of %d, %s at %v (%s, warm-up %v)", s.Epochs, plural, s.Batch, s.Optimiser, s.LearningRate, s.Schedule, s.Warmup)
	if s.Optimiser == SGD {
		fmt.Fprintf(&b, ", momentum %v", s.Momentum)
	}
	fmt.Fprintf(&b, ", weight decay %v", s.WeightDecay)
	if s.LabelSmoothing > 0 {
		fmt.Fprintf(&b, ", label smoothing %v", s.LabelSmoothing)
	}
	if s.ClipNorm > 0 {
		fmt.Fprintf(&b, ", gradients clipped to %v", s.ClipNorm)
	}
	if s.Patience > 0 {
		fmt.Fprintf(&b, ", patience %d", s.Patience)
	}
	for _, a := range s.Augment {
		fmt.Fprintf(&b, ", %v", a)
	}
	return b.String()
}
