package train

import (
	"context"
	"fmt"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/trial"
)

// Names of the metrics of a trained network, beside those of trial.Costs.
const (
	Accuracy  = "accuracy"   // share of correct validation samples after the best epoch
	Loss      = "loss"       // cross-entropy on validation at that epoch in nats, without label smoothing
	TrainLoss = "train_loss" // mean loss of the training steps of an epoch, with smoothing and augmentation; in curves only
)

// Evaluator trains the network of a trial from scratch and validates it. It is safe for concurrent use: trials that run
// at the same time share the images and nothing else.
type Evaluator struct {
	config        Config
	normalisation data.Normalisation
	classes       []string
}

var (
	_ trial.Evaluator = (*Evaluator)(nil)
	_ trial.Estimator = (*Evaluator)(nil)
)

// New checks the configuration and measures the normalisation of the training images.
func New(c Config) (*Evaluator, error) {
	if c.Threads == 0 {
		c.Threads = 1
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return &Evaluator{
		config:        c,
		normalisation: c.Data.Normalisation(),
		classes:       c.Data.Train.Classes(),
	}, nil
}

// Settings returns the settings of a trial: those of its phase with its budget of epochs, defaults written out.
func (e *Evaluator) Settings(t trial.Trial) Settings {
	s := e.config.settings(t.Phase)
	if t.Budget.Epochs > 0 {
		s.Epochs = t.Budget.Epochs
	}
	return s.Defaulted()
}

// Evaluate trains and validates the network of a trial; see trial.Evaluator for the contract. The metrics are Accuracy,
// Loss and trial.Costs; the curve has a point an epoch with Accuracy, Loss and TrainLoss. A loss that is no longer a
// finite number fails the trial, with the step and the place in the network in its reason.
func (e *Evaluator) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	if err := ctx.Err(); err != nil {
		return trial.Result{}, err
	}
	g, err := e.network(t)
	if err != nil {
		return trial.Fail(t, err.Error()), nil
	}
	c := startClock(e.config.Threads)
	r, err := e.train(ctx, t, g, report)
	spent := c.stop()
	if err != nil {
		return trial.Result{}, err
	}
	r.Spent = r.Spent.Plus(spent)
	return r, nil
}

// train runs the trial to its end and leaves its checkpoint.
func (e *Evaluator) train(ctx context.Context, t trial.Trial, g *network.Graph, report func(trial.Progress)) (trial.Result, error) {
	r, err := e.newRun(t, g, report)
	if err != nil {
		return trial.Result{}, err
	}
	defer r.model.Close()
	if err := r.toTheEnd(ctx); err != nil {
		return trial.Result{}, err
	}
	if r.result.Status == trial.OK && e.keeps(t) {
		weights, err := e.save(t, r)
		if err != nil {
			return trial.Result{}, err
		}
		r.result.Artifacts = []trial.Artifact{weights}
	}
	return r.result, nil
}

// network returns the network of a trial, checked against the data.
func (e *Evaluator) network(t trial.Trial) (*network.Graph, error) {
	g := t.Network
	if g == nil {
		if e.config.Build == nil {
			return nil, fmt.Errorf("trial %d brings no network, and the evaluator has no space to build one from", t.ID)
		}
		built, err := e.config.Build(t)
		if err != nil {
			return nil, fmt.Errorf("the network cannot be built: %w", err)
		}
		g = built
	}
	if want := network.Shape(e.config.Data.Train.Shape()); g.Input() != want {
		return nil, fmt.Errorf("the network takes %v, but the images are %v", g.Input(), want)
	}
	if want := (network.Shape{H: 1, W: 1, C: len(e.classes)}); g.OutputShape() != want {
		return nil, fmt.Errorf("the network gives %v, but %d classes need %v", g.OutputShape(), len(e.classes), want)
	}
	return g, nil
}

// Estimate returns the MACs and epochs of a trial that trains to its end, and the seconds this takes at
// macsPerSecond on every thread, a guess. It implements trial.Estimator.
func (e *Evaluator) Estimate(t trial.Trial) (trial.Spent, error) {
	g, err := e.network(t)
	if err != nil {
		return trial.Spent{}, err
	}
	s := e.Settings(t)
	spent := trial.Spent{Epochs: s.Epochs, MACs: trainingMACs(g, s.Epochs*e.imagesOf(s))}
	spent.CPUSeconds = float64(spent.MACs) / macsPerSecond
	spent.WallSeconds = spent.CPUSeconds / float64(e.config.Threads)
	return spent, nil
}

// macsPerSecond is what one core with AVX-512 trains of mobile networks, forward and backward, validation included: 15 to
// 20 billion were measured, 10 billion for LeNet-5, 35 billion for plain convolutions.
const macsPerSecond = 15e9

// trainingMACs returns the multiply-accumulates of training on so many samples. The backward pass counts twice the
// forward pass: one product for the gradient of the weights and one for that of the input.
func trainingMACs(g *network.Graph, samples int) int64 { return 3 * g.MACs() * int64(samples) }

// imagesOf returns how many images an epoch trains on: whole batches only.
func (e *Evaluator) imagesOf(s Settings) int {
	n := e.config.Data.Train.Len()
	batch := min(s.Batch, n)
	return n / batch * batch
}
