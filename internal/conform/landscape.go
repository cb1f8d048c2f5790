package conform

import (
	"context"
	"hash/fnv"

	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Landscape is an evaluator that computes instead of training: a smooth score with a little noise that the seed of the
// trial decides. Fast, deterministic, safe for concurrent use. The zero value never fails a trial.
type Landscape struct {
	// Space adds the costs of the network to the metrics, unless it is nil.
	Space *space.Space
	// FailEvery fails every architecture whose hash is divisible by it; 0 fails none, 1 all.
	FailEvery uint64
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

// Evaluate scores the trial's architecture: metrics "accuracy" and "cost", the number of decisions that are not 0, and a curve
// with a point an epoch.
func (l Landscape) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	if err := ctx.Err(); err != nil {
		return trial.Result{}, err
	}
	if l.FailEvery > 0 && hash(t.Arch)%l.FailEvery == 0 {
		return trial.Fail(t, "fell off the landscape"), nil
	}
	r := trial.Result{Trial: t.ID, Arch: t.Arch, Status: trial.OK}
	cost := 0
	for _, c := range t.Arch.Choices() {
		if c != 0 {
			cost++
		}
	}
	noise := float64(t.Seed%1000) / 1e6
	for epoch := 1; epoch <= t.Budget.Epochs; epoch++ {
		m := trial.NewMetrics(trial.Metric{Name: "accuracy", Value: Score(t.Arch)*float64(epoch)/float64(t.Budget.Epochs) + noise})
		r.Curve = append(r.Curve, trial.Point{Epoch: epoch, Metrics: m})
		report(trial.Progress{Share: float64(epoch) / float64(t.Budget.Epochs), Epoch: epoch, Metrics: m})
		if err := ctx.Err(); err != nil {
			return trial.Result{}, err
		}
	}
	r.Metrics = trial.NewMetrics(
		trial.Metric{Name: "accuracy", Value: Score(t.Arch) + noise},
		trial.Metric{Name: "cost", Value: float64(cost)},
	)
	if l.Space != nil && t.Phase != trial.Baseline {
		g, err := l.Space.Network(t.Arch)
		if err != nil {
			return trial.Fail(t, err.Error()), nil
		}
		r.Metrics = r.Metrics.With(trial.Costs(g)...)
	}
	r.Spent = trial.Spent{MACs: int64(100 * (cost + 1) * t.Budget.Epochs), Epochs: t.Budget.Epochs, CPUSeconds: 0.5}
	return r, nil
}

func hash(a space.Arch) uint64 {
	h := fnv.New64a()
	h.Write([]byte(a.String()))
	return h.Sum64()
}
