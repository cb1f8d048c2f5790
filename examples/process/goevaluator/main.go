// Goevaluator is an evaluator for Trellis in Go: the same task as evaluator.py, with process.Serve, which speaks the protocol.
//
//	go build -o goevaluator ./examples/process/goevaluator
//
// and in examples/process.yaml
//
//	command: [../goevaluator]
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/trial"
)

func main() {
	e := &evaluator{settings: settings{LearningRate: 0.1, Noise: 0.15}}
	err := process.Serve(os.Stdin, os.Stdout, process.Program{Describe: e.describe, Evaluate: e.evaluate, Test: e.test})
	if err != nil {
		fmt.Fprintln(os.Stderr, err) // standard error is the log of the trial
		os.Exit(1)
	}
}

// evaluator knows what the study file says.
type evaluator struct{ settings settings }

type settings struct {
	LearningRate float64 `json:"learning_rate"`
	Noise        float64 `json:"noise"`
}

func (e *evaluator) describe(h process.Hello) (process.Capabilities, error) {
	if err := json.Unmarshal(h.Settings, &e.settings); err != nil {
		return process.Capabilities{}, fmt.Errorf("settings: %w", err)
	}
	return process.Capabilities{
		Name: "perceptrons in Go", Resource: trial.Resource{Name: "epochs", Full: max(9, h.Resource.Full)}, Resumes: true,
		Metrics: trial.MetricInfos{
			{Name: "accuracy", Direction: trial.Maximise, Show: trial.ShowPercent, Help: "share of validation digits that are read right"},
			{Name: "loss", Unit: "nats", Direction: trial.Minimise, Help: "cross-entropy on validation"},
		},
	}, nil
}

// evaluate trains the network of a trial and reports every epoch.
func (e *evaluator) evaluate(ctx context.Context, a process.Assignment, progress func(process.Progress)) (process.Answer, error) {
	train, validation := e.digits("train", 300), e.digits("validation", 300)
	net, err := newPerceptron(a)
	if err != nil {
		return process.Answer{Status: process.StatusFailed, Reason: err.Error()}, nil
	}
	begun := 0
	if a.From != nil {
		if begun, err = net.load(a.From.Path); err != nil {
			return process.Answer{}, err
		}
	}
	metrics := net.measure(validation)
	macs := 3 * int64(len(train)) * int64(net.macs())
	for epoch := begun + 1; epoch <= a.Fidelity.Amount; epoch++ {
		if err := ctx.Err(); err != nil {
			return process.Answer{}, err
		}
		order := rand.New(rand.NewPCG(a.Seed, uint64(epoch))).Perm(len(train)) // by the epoch alone, so that a checkpoint can go on
		for _, i := range order {
			net.step(train[i], e.settings.LearningRate)
		}
		metrics = net.measure(validation)
		progress(process.Progress{Amount: epoch, Metrics: metrics, Spent: process.Spent{MACs: macs * int64(epoch-begun)}})
	}
	answer := process.Answer{Metrics: metrics, Spent: process.Spent{MACs: macs * int64(a.Fidelity.Amount-begun)}}
	for kind, wanted := range map[string]bool{trial.WeightsKind: a.Keep, trial.CheckpointKind: a.Checkpoint} {
		if !wanted {
			continue
		}
		if err := net.save(filepath.Join(a.Folder, kind+".json"), a.Fidelity.Amount); err != nil {
			return process.Answer{}, err
		}
		answer.Artifacts = append(answer.Artifacts, process.Artifact{Name: kind, Kind: kind, Path: kind + ".json"})
	}
	return answer, nil
}

// test measures the weights that a trial left on samples that nobody makes before.
func (e *evaluator) test(_ context.Context, r process.TestRequest) (process.TestAnswer, error) {
	net, err := newPerceptron(r.Assignment)
	if err != nil {
		return process.TestAnswer{}, err
	}
	for _, a := range r.Artifacts {
		if a.Kind == trial.WeightsKind {
			if _, err := net.load(a.Path); err != nil {
				return process.TestAnswer{}, err
			}
			return process.TestAnswer{Metrics: net.measure(e.digits("test", 600))}, nil
		}
	}
	return process.TestAnswer{}, fmt.Errorf("trial %d left no weights", r.Trial)
}
