package train

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
	"github.com/trellis-nas/trellis/tensor"
	"github.com/trellis-nas/trellis/trial"
)

// run is one training from the first step to the last.
type run struct {
	settings   Settings
	amount     int // epochs of this trial, of those of the settings
	stop       trial.StoppingRule
	report     func(trial.Progress)
	model      *model.Model
	optimiser  *optim.Optimizer
	train      *data.Batches
	validation *data.Batches
	classes    []string
	labels     []int // of the batch
	macs       int64 // of one training sample

	lead   lead
	best   []tensor.Named // the state after the best epoch
	result trial.Result
}

// evalBatch is how many images are evaluated together: results do not depend on it.
const evalBatch = 128

// dataSeed draws the share of the training images that reduced trials learn from: the same for all, so that they can be compared.
const dataSeed = 1

// reportEvery is the number of steps between two reports within an epoch.
const reportEvery = 20

func (e *Evaluator) newRun(t trial.Trial, g *network.Graph, report func(trial.Progress)) (*run, error) {
	s := e.Settings()
	images := e.config.Data.Train
	if share := t.Fidelity.Data; share > 0 && share < 1 {
		images = images.Draw(int(math.Ceil(share*float64(images.Len()))), dataSeed)
	}
	train, err := data.NewBatches(images, data.BatchOptions{
		Size:          min(s.Batch, images.Len()),
		Seed:          stream.Seed(t.Seed, "batches"),
		Shuffle:       true,
		DropLast:      true,
		Normalisation: e.normalisation,
		Augment:       s.Augment,
	})
	if err != nil {
		return nil, err
	}
	validation, err := e.batches(e.config.Data.Validation)
	if err != nil {
		return nil, err
	}
	m, err := e.model(g, stream.Seed(t.Seed, "weights"), s)
	if err != nil {
		return nil, err
	}
	return &run{
		settings:   s,
		amount:     t.Fidelity.Or(trial.Full(s.Epochs)).Amount,
		stop:       t.Stop,
		report:     report,
		model:      m,
		optimiser:  m.Optimizer(s.transform(s.Epochs * train.Len())),
		train:      train,
		validation: validation,
		classes:    e.classes,
		macs:       trainingMACs(g, 1),
		result:     trial.Result{Trial: t.ID, Arch: t.Arch, Fidelity: t.Fidelity, Status: trial.OK, Metrics: trial.Costs(g)},
	}, nil
}

// batches cuts a view for evaluation: in its order, without augmentation.
func (e *Evaluator) batches(v data.View) (*data.Batches, error) {
	return data.NewBatches(v, data.BatchOptions{Size: evalBatch, Normalisation: e.normalisation})
}

func (e *Evaluator) model(g *network.Graph, seed uint64, s Settings) (*model.Model, error) {
	return model.Build(g, seed, model.Options{Threads: e.config.Threads, Smoothing: float32(s.LabelSmoothing), EvalBatch: evalBatch})
}

// toTheEnd trains the epochs that are left, until the run fails, is stopped or loses its patience. The errors
// are those of the machine and of ctx.
func (r *run) toTheEnd(ctx context.Context) error {
	for epoch := len(r.result.Curve) + 1; epoch <= r.amount; epoch++ {
		if r.lead.exhausted(epoch-1, r.settings.Patience) {
			break
		}
		loss, err := r.epoch(ctx, epoch)
		if err != nil || r.result.Status == trial.Failed {
			return err
		}
		score, err := scoreOf(ctx, r.model, r.validation, r.classes)
		if err != nil {
			return err
		}
		if math.IsNaN(score.Loss) || math.IsInf(score.Loss, 0) {
			r.fail("diverged: the loss on validation was %v after epoch %d", score.Loss, epoch)
			return nil
		}
		r.result.Spent.Amount++
		r.result.Curve = append(r.result.Curve, trial.Point{Amount: epoch, Metrics: score.metrics().With(trial.Metric{Name: TrainLoss, Value: loss})})
		if r.lead.take(epoch, score) {
			r.best = r.model.Snapshot()
		}
		r.tell(epoch, 0)
		if stop, ends := r.stop.Decide(r.result.Curve); ends {
			if epoch < r.amount {
				r.result.Fidelity, r.result.Stopped = r.result.Fidelity.At(epoch), &stop
			}
			break
		}
	}
	r.result.Metrics = r.result.Metrics.With(r.lead.score.metrics()...)
	return nil
}

// epoch makes the steps of one epoch, counted from 1, and returns the mean loss of its batches.
func (r *run) epoch(ctx context.Context, epoch int) (float64, error) {
	step, sum := 0, 0.0
	for b := range r.train.Epoch(epoch) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		done, err := r.forward(b)
		r.result.Spent.MACs += r.macs * int64(b.Len())
		if diverged, ok := errors.AsType[*model.DivergedError](err); ok {
			r.fail("diverged in step %d of epoch %d: %s", step+1, epoch, diverged.Where)
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		r.optimiser.Step()
		sum += done.Loss
		if step++; step%reportEvery == 0 && step < r.train.Len() {
			r.tell(epoch-1, step)
		}
	}
	return sum / float64(step), nil
}

// forward computes the loss of a batch and its gradients.
func (r *run) forward(b data.Batch) (model.Result, error) {
	r.labels = r.labels[:0]
	for _, label := range b.Labels {
		r.labels = append(r.labels, int(label))
	}
	return r.model.Step(b.Images, r.labels)
}

func (r *run) fail(format string, args ...any) {
	r.result.Status, r.result.Reason = trial.Failed, fmt.Sprintf(format, args...)
}

// tell reports that so many epochs are complete and so many steps of the next one made.
func (r *run) tell(epochs, steps int) {
	p := trial.Progress{Amount: epochs}
	p.Share = (float64(epochs) + float64(steps)/float64(r.train.Len())) / float64(r.amount)
	if n := len(r.result.Curve); n > 0 {
		p.Metrics = r.result.Curve[n-1].Metrics
	}
	r.report(p)
}
