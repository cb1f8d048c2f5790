package train_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// unspent leaves out what a trial that went on spent less than one that did not.
func unspent(r trial.Result) trial.Result {
	r.Spent, r.Trial = trial.Spent{}, 0
	for i := range r.Artifacts {
		r.Artifacts[i].Path = ""
	}
	return r
}

// promoted trains to each of the amounts in turn, each from the checkpoint of the one before.
func promoted(t *testing.T, e trial.Evaluator, one trial.Trial, amounts ...int) (results []trial.Result) {
	t.Helper()
	for i, amount := range amounts {
		one.ID, one.Fidelity = trial.ID(i), one.Fidelity.At(amount)
		r := evaluate(t, e, one)
		results = append(results, r)
		a, ok := r.Artifact(train.Checkpoint)
		if !ok && one.Checkpoint {
			t.Fatalf("the trial of %d epochs left no checkpoint", amount)
		}
		one.From = &trial.Checkpoint{Trial: one.ID, Fidelity: r.Fidelity, Artifact: a}
	}
	return results
}

func TestATrainingThatGoesOnFromItsCheckpointsIsTheUninterruptedOneBitForBit(t *testing.T) {
	for name, s := range map[string]train.Settings{
		"sgd":   {Epochs: 6, Batch: 32, LearningRate: 0.3, ClipNorm: 1, LabelSmoothing: 0.1, Augment: []data.Augment{data.Crop{Padding: 2}}},
		"adamw": {Epochs: 6, Batch: 32, Optimiser: train.AdamW, Schedule: train.Cosine, Patience: 2},
	} {
		t.Run(name, func(t *testing.T) {
			e, _ := evaluator(t, s, 2)
			one := trial.Trial{Seed: 5, Fidelity: trial.Full(6), Keep: true, Checkpoint: true}
			whole := evaluate(t, e, one)
			steps := promoted(t, e, one, 1, 3, 6)
			if got := steps[2]; !reflect.DeepEqual(unspent(got), unspent(whole)) {
				t.Errorf("in three parts it ends with\n%+v\nand in one with\n%+v", got, whole)
			}
			if spent := steps[0].Spent.MACs + steps[1].Spent.MACs + steps[2].Spent.MACs; spent != whole.Spent.MACs {
				t.Errorf("the parts spent %d MACs, the whole %d", spent, whole.Spent.MACs)
			}
		})
	}
}

func TestAnEarlyPartOfATrainingIsTheBeginningOfTheWhole(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Epochs: 4, Batch: 32}, 1)
	one := trial.Trial{Seed: 3, Fidelity: trial.Full(4)}
	whole := evaluate(t, e, one)
	one.Fidelity = trial.Full(2)
	part := evaluate(t, e, one)
	if !reflect.DeepEqual(part.Curve, whole.Curve[:2]) || part.Fidelity != trial.Full(2) {
		t.Errorf("two of four epochs have the curve %v at %v, and the whole begins with %v", part.Curve, part.Fidelity, whole.Curve[:2])
	}
}

func TestACheckpointThatIsGoneOrDamagedCostsTimeAndChangesNothing(t *testing.T) {
	e, folder := evaluator(t, train.Settings{Epochs: 3, Batch: 32}, 1)
	one := trial.Trial{Seed: 5, Fidelity: trial.Full(3)}
	whole := evaluate(t, e, one)
	one.Checkpoint = true
	first := promoted(t, e, one, 1)[0]
	a, _ := first.Artifact(train.Checkpoint)
	one.Checkpoint = false
	one.From = &trial.Checkpoint{Fidelity: first.Fidelity, Artifact: a}
	path := filepath.Join(folder, filepath.FromSlash(a.Path))
	if err := os.WriteFile(path, []byte("half a fi"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := evaluate(t, e, one); !reflect.DeepEqual(unspent(got), unspent(whole)) || got.Spent.Amount != 3 {
		t.Errorf("from a damaged checkpoint it ends with %+v", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := evaluate(t, e, one); !reflect.DeepEqual(unspent(got), unspent(whole)) {
		t.Errorf("from a checkpoint that is gone it ends with %+v", got)
	}
}

func TestACheckpointOfAnotherTrainingIsRefused(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Epochs: 3, Batch: 32}, 1)
	one := trial.Trial{Seed: 5, Fidelity: trial.Full(1), Checkpoint: true}
	a, _ := evaluate(t, e, one).Artifact(train.Checkpoint)
	one.Seed, one.Fidelity, one.From = 6, trial.Full(2), &trial.Checkpoint{Artifact: a}
	if _, err := e.Evaluate(context.Background(), one, trial.Silent); err == nil {
		t.Error("the checkpoint of a training with another seed is taken up")
	}
}

func TestAStoppingRuleEndsATrainingAndTheResultSaysSo(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Epochs: 4, Batch: 32}, 1)
	one := trial.Trial{Seed: 5, Fidelity: trial.Full(4)}
	whole := evaluate(t, e, one)
	one.Stop = trial.StoppingRule{Metric: train.Accuracy, Maximise: true, Name: "median", Bars: []trial.Bar{{Amount: 2, Value: 2}}}
	r := evaluate(t, e, one)
	if r.Fidelity != trial.Full(2) || r.Stopped == nil || r.Stopped.Rule != "median" || *r.Stopped.Bar != 2 || r.Spent.Amount != 2 {
		t.Errorf("the result reached %v, stopped by %+v, after %d epochs", r.Fidelity, r.Stopped, r.Spent.Amount)
	}
	if !reflect.DeepEqual(r.Curve, whole.Curve[:2]) {
		t.Errorf("its curve is %v, and that of the whole begins with %v", r.Curve, whole.Curve[:2])
	}
}
