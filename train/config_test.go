package train_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

func TestAConfigurationThatCannotTrainIsRefused(t *testing.T) {
	good := digits().Training
	for want, c := range map[string]train.Config{
		"images to train on and to validate on, and has 600 and 0": {Data: data.Training{Train: good.Train}},
		"a trial on -1 threads is impossible":                      {Data: good, Threads: -1},
		"epochs -3 is out of range":                                {Data: good, Settings: train.Settings{Epochs: -3}},
	} {
		if _, err := train.New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v; want %s", err, want)
		}
	}
}

func TestATrialThatAsksForWhatThisTrainingCannotGiveIsNoUseToRepeat(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Epochs: 2}, 1)
	for want, f := range map[string]trial.Fidelity{
		"asks for 3 epochs, and the schedule ends after 2": trial.Full(3),
		"can be reduced in its epochs and its data only":   {Amount: 1, Data: 1, Resolution: 0.5, Width: 1},
		"amount -1 is impossible":                          trial.Full(-1),
	} {
		_, err := e.Evaluate(context.Background(), trial.Trial{Fidelity: f}, trial.Silent)
		if !errors.Is(err, trial.ErrUnrepeatable) || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v; want %s", err, want)
		}
	}
}

func TestANetworkThatDoesNotFitTheDataFailsTheTrialAndNamesBothShapes(t *testing.T) {
	broken := errors.New("stage 2 has no blocks")
	e, err := train.New(train.Config{Data: digits().Training, Build: func(trial.Trial) (*network.Graph, error) { return nil, broken }})
	if err != nil {
		t.Fatal(err)
	}
	lenet := func(in network.Shape, classes int) *network.Graph {
		g, err := network.LeNet5(in, classes)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	for want, g := range map[string]*network.Graph{
		"the network takes 28x28x1, but the images are 16x16x1": lenet(network.Shape{H: 28, W: 28, C: 1}, 10),
		"the network gives 1x1x12, but 10 classes need 1x1x10":  lenet(network.Shape{H: 16, W: 16, C: 1}, 12),
		"the network cannot be built: stage 2 has no blocks":    nil,
	} {
		r := evaluate(t, e, trial.Trial{ID: 4, Network: g})
		if r.Status != trial.Failed || r.Reason != want || r.Trial != 4 {
			t.Errorf("the result is %+v; want a failure: %s", r, want)
		}
		if _, err := e.Estimate(trial.Trial{Network: g}); err == nil || err.Error() != want {
			t.Errorf("the estimate fails with %v; want %s", err, want)
		}
	}
}

func TestATestOfAFinalistCountsEverySampleOnce(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Epochs: 3, Batch: 32}, 1)
	one := trial.Trial{ID: 1, Keep: true, Name: "small", Network: small(t, true), Seed: 2}
	r := evaluate(t, e, one)
	view := digits().Train // 600 samples: several batches and a remainder
	s, err := e.Test(context.Background(), one, r, view)
	if err != nil {
		t.Fatal(err)
	}
	counts, correct := view.Counts(), 0
	for i, c := range s.PerClass() {
		if c.Samples != counts[i] {
			t.Errorf("class %s was tested on %d samples; want %d", c.Name, c.Samples, counts[i])
		}
		correct += c.Correct
	}
	if s.Samples != 600 || s.Correct != correct || s.Accuracy() < 0.3 {
		t.Errorf("the score has %d samples, %d correct (%d by class)", s.Samples, s.Correct, correct)
	}
}

func TestATestWithoutUsableWeightsSaysWhy(t *testing.T) {
	e, folder := evaluator(t, train.Settings{}, 1)
	one := trial.Trial{ID: 5, Keep: true}
	at := func(path string) trial.Result {
		return trial.Result{Trial: 5, Artifacts: []trial.Artifact{{Name: train.Weights, Kind: trial.WeightsKind, Path: path, Size: 2, SHA256: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}}}
	}
	if err := os.WriteFile(filepath.Join(folder, "cut"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "other"), []byte("[]"), 0o644); err != nil {
		t.Fatal(err)
	}
	for want, r := range map[string]trial.Result{
		"test of trial 5: trial 5 left no weights behind":          {Trial: 5},
		`"../elsewhere" would lie outside the folder of the study`: at("../elsewhere"),
		"test of trial 5: cut: safetensors: the length ":           at("cut"),
		"other is damaged":            at("other"),
		filepath.Join(folder, "gone"): at("gone"),
	} {
		if _, err := e.Test(context.Background(), one, r, digits().Validation); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v; want %s", err, want)
		}
	}
}

func TestWeightsOfAnotherNetworkAreRefused(t *testing.T) {
	e, _ := evaluator(t, train.Settings{Epochs: 1}, 1)
	with := trial.Trial{ID: 5, Keep: true, Network: small(t, true)}
	r := evaluate(t, e, with)
	without := with
	without.Network = small(t, false)
	if _, err := e.Test(context.Background(), without, r, digits().Validation); err == nil || !strings.Contains(err.Error(), "tensor") {
		t.Errorf("weights of a network with batch norms read into one without give %v", err)
	}
}
