package train

import (
	"context"
	"fmt"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/trial"
)

// Test loads the weights that a trial left behind and scores them on a view: the test set, opened once
// for all of them. It trains nothing. Several tests may run at the same time.
func (e *Evaluator) Test(ctx context.Context, t trial.Trial, r trial.Result, test data.View) (Score, error) {
	s, err := e.test(ctx, t, r, test)
	if err != nil {
		return Score{}, fmt.Errorf("test of trial %d: %w", t.ID, err)
	}
	return s, nil
}

func (e *Evaluator) test(ctx context.Context, t trial.Trial, r trial.Result, test data.View) (Score, error) {
	g, err := e.network(t)
	if err != nil {
		return Score{}, err
	}
	if test.Shape() != e.config.Data.Train.Shape() {
		return Score{}, fmt.Errorf("the images are %v, but the network was trained on %v", test.Shape(), e.config.Data.Train.Shape())
	}
	f, weights, err := e.open(ctx, r)
	if err != nil {
		return Score{}, err
	}
	defer f.Close()
	m, err := e.model(g, 0, Settings{})
	if err != nil {
		return Score{}, err
	}
	defer m.Close()
	if _, err := m.Load(f); err != nil {
		return Score{}, fmt.Errorf("%s: %w", weights.Path, err)
	}
	batches, err := e.batches(test)
	if err != nil {
		return Score{}, err
	}
	return scoreOf(ctx, m, batches, e.classes)
}

// scoreOf evaluates a model on all images of some batches, in their order.
func scoreOf(ctx context.Context, m *model.Model, batches *data.Batches, classes []string) (Score, error) {
	s := newScore(classes)
	width := len(classes)
	var loss float64
	for b := range batches.Epoch(0) {
		if err := ctx.Err(); err != nil {
			return Score{}, err
		}
		logits, err := m.Predict(b.Images)
		if err != nil {
			return Score{}, err
		}
		for i, label := range b.Labels {
			s.Confusion[label][largest(logits[i*width:(i+1)*width])]++
		}
		sum, _ := kernel.CrossEntropy(nil, nil, logits, b.Labels, width, 0)
		loss += sum
		s.Samples += b.Len()
	}
	for i := range classes {
		s.Correct += s.Confusion[i][i]
	}
	s.Loss = loss / float64(s.Samples)
	return s, nil
}

// largest returns the index of the largest number, the first of equals.
func largest(v []float32) int {
	at := 0
	for i, x := range v {
		if x > v[at] {
			at = i
		}
	}
	return at
}

// metrics returns the score as the metrics of a result.
func (s Score) metrics() trial.Metrics {
	return trial.NewMetrics(trial.Metric{Name: Accuracy, Value: s.Accuracy()}, trial.Metric{Name: Loss, Value: s.Loss})
}
