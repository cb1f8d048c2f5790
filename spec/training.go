package spec

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

var trainingKeys = []string{"epochs", "batch", "optimiser", "learning_rate", "momentum", "weight_decay", "schedule",
	"warmup", "label_smoothing", "clip_norm", "patience", "augment", "time_limit", "attempts"}

// trainKind trains networks with the native engine.
func trainKind() EvaluatorKind {
	return EvaluatorKind{
		Name: train.Kind, Doc: "trains every network on the data of the study file, with Trellis's own engine", Keys: trainingKeys, Data: true,
		read: func(f *File, m strict.Map) Evaluation {
			s := overlay(m, train.Settings{})
			checkTraining(f.evaluation, s)
			return Training{s, m.Get("time_limit").Duration(0), readAttempts(m), f.evaluation}
		},
	}
}

// Training is the evaluation of kind train.
type Training struct {
	Settings  train.Settings
	TimeLimit time.Duration // of a trial; 0: none. Results depend on the machine then
	Attempts  int           // at a trial before an error of the machine ends the study
	at        strict.Value
}

func readAttempts(m strict.Map) int { return int(m.Get("attempts").Int(1, 1, 1000)) }

// Kind implements Evaluation.
func (t Training) Kind() string { return train.Kind }

// Full implements Evaluation.
func (t Training) Full() int { return t.Settings.Defaulted().Epochs }

// String implements Evaluation.
func (t Training) String() string { return t.Settings.String() }

func (t Training) metrics() (trial.MetricInfos, bool) {
	var out trial.MetricInfos
	for _, m := range train.MetricInfos() {
		if m.Name != train.TrainLoss { // of curves only
			out = append(out, m)
		}
	}
	return out, true
}

func (t Training) keys() []string { return trainingKeys }

// longerBy is how much longer than a candidate a finalist is evaluated where the file does not say.
const longerBy = 4

func (t Training) longer(f *File, m strict.Map) Evaluation {
	s := overlay(m, t.Settings)
	if !m.Get("epochs").Given() {
		s.Epochs = longerBy * t.Full()
	}
	at := f.finalists
	if !at.Given() {
		at = f.evaluation
	}
	checkTraining(at, s)
	if s.Epochs < t.Full() {
		m.Get("epochs").Fail("finalists train for %d epochs, fewer than the %d of the search", s.Epochs, t.Full())
	}
	out := Training{s, m.Get("time_limit").Duration(0), t.Attempts, at}
	if m.Get("attempts").Given() {
		out.Attempts = readAttempts(m)
	}
	return out
}

// open checks the settings against the data, which the plan has opened.
func (t Training) open(p *Plan, _ string) (*openedEvaluation, error) {
	if err := fits(t.Settings.Defaulted(), p.Splits.Train); err != nil {
		at := t.at
		if !at.Given() {
			at = p.Data.at
		}
		return nil, p.at(at, err)
	}
	shape := p.Splits.Train.Shape()
	return &openedEvaluation{input: network.Shape{H: shape.H, W: shape.W, C: shape.C}, classes: p.Classes}, nil
}

// trainer returns the evaluator that trains the networks of the study on threads threads each, and leaves weights in a folder if there is one.
func (t Training) trainer(p *Plan, threads int, folder string) (*train.Evaluator, error) {
	c := train.Config{Data: p.Splits.Training, Settings: t.Settings, Build: p.build, Threads: threads}
	if folder != "" {
		c.Artifacts = store.Folder(folder)
	}
	return train.New(c)
}

func (t Training) evaluator(p *Plan, r Run) (trial.Evaluator, error) {
	e, err := t.trainer(p, max(1, r.Threads), r.Folder)
	if err != nil {
		return nil, err
	}
	if t.TimeLimit > 0 {
		return trial.NewTimeLimited(e, t.TimeLimit), nil
	}
	return e, nil
}

func (t Training) attempts() int { return t.Attempts }

func (t Training) tester(p *Plan, e trial.Evaluator) tester {
	trainer, _ := trial.As[*train.Evaluator](e)
	return &sealedTest{sealed: p.Splits.Test, trainer: trainer}
}

// sealedTest opens the sealed test set when the first trial is tested, once for all of them.
type sealedTest struct {
	sealed  *data.Sealed
	trainer *train.Evaluator
	open    sync.Once
	view    data.View
	err     error
}

// Test implements study.Tester. The details are the score as JSON, with its confusion matrix.
func (t *sealedTest) Test(ctx context.Context, tr trial.Trial, r trial.Result) (trial.Metrics, json.RawMessage, error) {
	t.open.Do(func() { t.view, t.err = t.sealed.Open("the networks to be tested are chosen and trained") })
	if t.err != nil {
		return nil, nil, t.err
	}
	score, err := t.trainer.Test(ctx, tr, r, t.view)
	if err != nil {
		return nil, nil, err
	}
	details, err := json.Marshal(score)
	if err != nil {
		return nil, nil, err
	}
	return trial.NewMetrics(
		trial.Metric{Name: train.Accuracy, Value: score.Accuracy()},
		trial.Metric{Name: train.Loss, Value: score.Loss},
	), details, nil
}

// fits tells settings that the training samples cannot serve.
func fits(s train.Settings, v data.View) error {
	if s.Batch > v.Len() {
		return fmt.Errorf("a batch of %d is larger than the %d training samples", s.Batch, v.Len())
	}
	side := min(v.Shape().H, v.Shape().W)
	for _, a := range s.Augment {
		switch a := a.(type) {
		case data.Crop:
			if a.Padding >= side {
				return fmt.Errorf("crop is %d, want less than the %d pixels of an image", a.Padding, side)
			}
		case data.Cutout:
			if a.Size >= side {
				return fmt.Errorf("cutout is %d, want less than the %d pixels of an image", a.Size, side)
			}
		}
	}
	return nil
}

// overlay returns the settings with the keys that are given replaced. A different optimiser forgets the rate, momentum and
// decay that were written for the first one.
func overlay(m strict.Map, s train.Settings) train.Settings {
	if at := m.Get("optimiser"); at.Given() {
		o := train.Optimiser(at.Word("", string(train.SGD), string(train.AdamW)))
		if o != s.Defaulted().Optimiser {
			s.LearningRate, s.Momentum, s.WeightDecay = 0, train.Number{}, train.Number{}
		}
		s.Optimiser = o
	}
	if at := m.Get("schedule"); at.Given() {
		s.Schedule = train.Schedule(at.Word("", string(train.Constant), string(train.Cosine), string(train.OneCycle)))
	}
	whole := func(key string, least, most int64, to *int) {
		if at := m.Get(key); at.Given() {
			*to = int(at.Int(0, least, most))
		}
	}
	whole("epochs", 1, 10_000, &s.Epochs)
	whole("batch", 2, 4_096, &s.Batch)
	whole("patience", 0, 10_000, &s.Patience)
	number := func(key string, to *train.Number, most float64) {
		if at := m.Get(key); at.Given() {
			*to = train.Exactly(at.Float(0, 0, most))
		}
	}
	number("momentum", &s.Momentum, 1)
	number("weight_decay", &s.WeightDecay, 1)
	number("warmup", &s.Warmup, 1)
	real := func(key string, to *float64, most float64) {
		if at := m.Get(key); at.Given() {
			*to = at.Float(0, 0, most)
		}
	}
	real("learning_rate", &s.LearningRate, 1e6)
	if at := m.Get("learning_rate"); at.Given() && s.LearningRate == 0 {
		at.Fail("learning_rate is %s, want a number above 0", at.Text(""))
	}
	real("label_smoothing", &s.LabelSmoothing, 1)
	real("clip_norm", &s.ClipNorm, 1e9)
	if at := m.Get("augment"); at.Given() {
		s.Augment = readAugment(at)
	}
	return s
}

// check reports what only the settings as a whole can tell, such as a momentum for an optimiser that has none.
func checkTraining(v strict.Value, s train.Settings) {
	if err := s.Check(); err != nil {
		v.Fail("%v", err)
	}
}

// readAugment reads a list of `crop`, `flip`, `cutout`, each plain or with its size as `crop: 2`.
func readAugment(v strict.Value) []data.Augment {
	out := []data.Augment{}
	for _, item := range v.List() {
		name, size := item, strict.Value{}
		if item.IsMap() {
			m := item.Map("crop", "flip", "cutout")
			if len(m.Keys()) != 1 {
				item.Fail("each augmentation stands on a line of its own")
				return nil
			}
			name, size = m.KeyValue(m.Keys()[0]), m.Get(m.Keys()[0])
		}
		switch name.Word("", "crop", "flip", "cutout") {
		case "crop":
			out = append(out, data.Crop{Padding: int(size.Int(2, 1, 64))})
		case "flip":
			if size.Given() {
				size.Fail("flip takes no size")
			}
			out = append(out, data.Flip{})
		case "cutout":
			out = append(out, data.Cutout{Size: int(size.Int(8, 1, 256))})
		}
	}
	return out
}
