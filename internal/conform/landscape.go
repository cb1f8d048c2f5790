package conform

import (
	"context"
	"hash/fnv"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Landscape is an evaluator that computes instead of training: a smooth score with a little noise that the seed of the
// trial decides. Fast, deterministic, safe for concurrent use. It honours stopping rules, and goes on from checkpoints without needing their
// files. The zero value never fails a trial.
type Landscape struct {
	// Space adds the costs of the network to the metrics, unless it is nil.
	Space *space.Space
	// FailEvery fails every architecture whose hash is divisible by it; 0 fails none, 1 all.
	FailEvery uint64
	// Full is the amount at which a trial without reductions has its score. Below it learning curves rise and cross: architectures
	// differ in how early they show what they are, so that the best of low fidelities are often, but not always, the best. With 0
	// every trial has its score at its own amount, whatever that is.
	Full int
}

// Score returns the noiseless quality of an architecture in (0, 1]. Every decision adds its own part, larger for larger
// indices modulo a shift that depends on the place, so that mutations of good architectures are good.
func Score(a space.Arch) float64 {
	choices := a.Choices()
	var sum float64
	for i, c := range choices {
		sum += float64((c+i)%4) / 3
	}
	return (sum + 1) / float64(len(choices)+1)
}

// Accuracy returns the noiseless accuracy of an architecture at a fidelity that reaches a share of what is full: its score at a share of 1. Below,
// it lags behind by up to a third and is off by up to a tenth, which the architecture decides.
func Accuracy(a space.Arch, share float64) float64 {
	if share >= 1 {
		return Score(a)
	}
	h := hash(a) / 7
	lag := float64(h%1000) / 1000
	off := float64(h/1000%1000)/1000 - 0.5
	missing := 1 - share
	return Score(a)*(1-missing*(0.1+lag/3)) + 0.2*off*missing
}

// Describe implements trial.Describer.
func (l Landscape) Describe() trial.Description {
	d := trial.Description{
		Kind:     "landscape",
		Resource: trial.Resource{Name: "points", Full: l.Full},
		Metrics: trial.MetricInfos{
			{Name: "accuracy", Direction: trial.Maximise, Show: trial.ShowPercent, Help: "score of the landscape"},
			{Name: "cost", Direction: trial.Minimise, Show: trial.ShowCount, Help: "decisions that are not 0"},
		},
		Resumes: true,
	}
	if l.Space != nil {
		d.Metrics = append(d.Metrics, trial.CostInfos()...)
	}
	return d
}

// Evaluate scores the trial's architecture: metrics "accuracy" and "cost", the number of decisions that are not 0, and a curve
// with a point for each unit of the amount.
func (l Landscape) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	if err := ctx.Err(); err != nil {
		return trial.Result{}, err
	}
	if l.FailEvery > 0 && hash(t.Arch)%l.FailEvery == 0 {
		return trial.Fail(t, "fell off the landscape"), nil
	}
	r := trial.Result{Trial: t.ID, Arch: t.Arch, Fidelity: t.Fidelity, Status: trial.OK}
	accuracy := l.accuracy(t, t.Fidelity.Amount)
	begin := 0
	if t.From != nil {
		begin = min(t.From.Fidelity.Amount, t.Fidelity.Amount)
	}
	for amount := 1; amount <= t.Fidelity.Amount; amount++ {
		m := trial.NewMetrics(trial.Metric{Name: "accuracy", Value: l.accuracy(t, amount)})
		r.Curve = append(r.Curve, trial.Point{Amount: amount, Metrics: m})
		if amount > begin {
			report(trial.Progress{Share: float64(amount) / float64(t.Fidelity.Amount), Amount: amount, Metrics: m})
		}
		if err := ctx.Err(); err != nil {
			return trial.Result{}, err
		}
		if stop, stopped := t.Stop.Decide(r.Curve); stopped && amount < t.Fidelity.Amount {
			r.Stopped, r.Fidelity = &stop, t.Fidelity.At(amount)
			accuracy = l.accuracy(t, amount)
			break
		}
	}
	cost := 0
	for _, c := range t.Arch.Choices() {
		if c != 0 {
			cost++
		}
	}
	r.Metrics = trial.NewMetrics(
		trial.Metric{Name: "accuracy", Value: accuracy},
		trial.Metric{Name: "cost", Value: float64(cost)},
	)
	if l.Space != nil {
		g := t.Network
		if g == nil {
			var err error
			if g, err = l.Space.Network(t.Arch); err != nil {
				return trial.Fail(t, err.Error()), nil
			}
		}
		r.Metrics = r.Metrics.With(trial.Costs(g)...)
	}
	added := max(0, r.Fidelity.Amount-begin)
	r.Spent = trial.Spent{MACs: int64(100 * (cost + 1) * added), Amount: added, CPUSeconds: 0.5}
	return r, nil
}

// accuracy returns the accuracy that a trial has after an amount.
func (l Landscape) accuracy(t trial.Trial, amount int) float64 {
	noise := float64(t.Seed%1000) / 1e6
	if l.Full == 0 {
		if amount == t.Fidelity.Amount {
			return Score(t.Arch) + noise
		}
		return Score(t.Arch)*float64(amount)/float64(t.Fidelity.Amount) + noise
	}
	share := float64(amount) / float64(l.Full)
	if t.Fidelity.Reduced() {
		share = min(1, share) * t.Fidelity.Data * t.Fidelity.Resolution * t.Fidelity.Width
	}
	return Accuracy(t.Arch, share) + noise
}

func hash(a space.Arch) uint64 {
	h := fnv.New64a()
	h.Write([]byte(a.String()))
	return h.Sum64()
}
