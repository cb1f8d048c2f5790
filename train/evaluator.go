package train

import (
	"context"
	"fmt"
	"math"

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
	_ trial.Describer = (*Evaluator)(nil)
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

// Kind is the name of the evaluator in the catalogue of kinds.
const Kind = "train"

// MetricInfos describes the metrics of a trained network.
func MetricInfos() trial.MetricInfos {
	return append(trial.MetricInfos{
		{Name: Accuracy, Direction: trial.Maximise, Show: trial.ShowPercent, Help: "share of correct validation samples after the best epoch"},
		{Name: Loss, Direction: trial.Minimise, Help: "cross-entropy on validation at that epoch, in nats"},
		{Name: TrainLoss, Direction: trial.Minimise, Help: "mean loss of the training steps of an epoch, in nats; in curves only"},
	}, trial.CostInfos()...)
}

// Describe implements trial.Describer.
func (e *Evaluator) Describe() trial.Description {
	return trial.Description{
		Kind:     Kind,
		Resource: trial.Resource{Name: "epochs", Full: e.Settings().Epochs},
		Metrics:  MetricInfos(),
		Resumes:  e.config.Artifacts != nil,
	}
}

// Settings returns the settings of every trial, defaults written out.
func (e *Evaluator) Settings() Settings { return e.config.Settings.Defaulted() }

// fidelity returns that of a trial. It is an error if this evaluator cannot train at it.
func (e *Evaluator) fidelity(t trial.Trial) (trial.Fidelity, error) {
	full := e.Settings().Epochs
	f := t.Fidelity.Or(trial.Full(full))
	switch {
	case f.Check() != nil:
		return f, f.Check()
	case f.Amount > full:
		return f, fmt.Errorf("trial %d asks for %d epochs, and the schedule ends after %d", t.ID, f.Amount, full)
	case f.Resolution != 1 || f.Width != 1:
		return f, fmt.Errorf("trial %d asks for the fidelity %v; training can be reduced in its epochs and its data only", t.ID, f)
	}
	return f, nil
}

// Evaluate trains and validates the network of a trial; see trial.Evaluator for the contract. The metrics are Accuracy,
// Loss and trial.Costs; the curve has a point an epoch with Accuracy, Loss and TrainLoss. A loss that is no longer a
// finite number fails the trial, with the step and the place in the network in its reason.
func (e *Evaluator) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	if err := ctx.Err(); err != nil {
		return trial.Result{}, err
	}
	f, err := e.fidelity(t)
	if err != nil {
		return trial.Result{}, fmt.Errorf("%w (%w)", err, trial.ErrUnrepeatable)
	}
	t.Fidelity = f
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

// train runs the trial to its end and leaves its artifacts.
func (e *Evaluator) train(ctx context.Context, t trial.Trial, g *network.Graph, report func(trial.Progress)) (trial.Result, error) {
	r, err := e.newRun(t, g, report)
	if err != nil {
		return trial.Result{}, err
	}
	defer r.model.Close()
	if err := e.resume(ctx, t, r); err != nil {
		return trial.Result{}, err
	}
	if err := r.toTheEnd(ctx); err != nil {
		return trial.Result{}, err
	}
	if r.result.Status == trial.OK && e.config.Artifacts != nil {
		if err := e.leave(ctx, t, r); err != nil {
			return trial.Result{}, err
		}
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

// Estimate returns the MACs and epochs of a trial that trains to its end from the beginning or its checkpoint, and the seconds this takes at
// macsPerSecond on every thread, a guess. It implements trial.Estimator.
func (e *Evaluator) Estimate(t trial.Trial) (trial.Spent, error) {
	f, err := e.fidelity(t)
	if err != nil {
		return trial.Spent{}, err
	}
	g, err := e.network(t)
	if err != nil {
		return trial.Spent{}, err
	}
	epochs := f.Amount
	if t.From != nil {
		epochs -= t.From.Fidelity.Amount
	}
	images := wholeBatches(e.Settings(), int(math.Ceil(f.Data*float64(e.config.Data.Train.Len()))))
	spent := trial.Spent{Amount: epochs, MACs: trainingMACs(g, epochs*images)}
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

// wholeBatches returns how many of n images an epoch trains on.
func wholeBatches(s Settings, n int) int {
	batch := min(s.Batch, n)
	return n / batch * batch
}
