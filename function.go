package trellis

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Metrics are the figures of a network by their names.
type Metrics map[string]float64

// Candidate is what a function evaluates.
type Candidate struct {
	trial.Trial
	Space *space.Space
	Graph *network.Graph // the network of the architecture
}

// String returns the text of the architecture.
func (c Candidate) String() string { return c.Space.Format(c.Arch) }

// Function returns the evaluator that Study.Evaluate stands for, for studies whose stages have several.
func Function(of *space.Space, evaluate func(context.Context, Candidate) (Metrics, error)) trial.Evaluator {
	return function{of, evaluate}
}

// function is the evaluator of a Study's Evaluate. An error fails the trial, unless it is a *trial.BrokenError or that of the context. A panic is a
// *trial.BrokenError that says where. The costs of the network (params, macs, memory) are added to the metrics.
type function struct {
	space *space.Space
	of    func(context.Context, Candidate) (Metrics, error)
}

// Describe implements trial.Describer.
func (f function) Describe() trial.Description {
	return trial.Description{Kind: "function", Metrics: trial.CostInfos()}
}

// Evaluate implements trial.Evaluator.
func (f function) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	if err := ctx.Err(); err != nil {
		return trial.Result{}, err
	}
	g := t.Network
	if g == nil {
		built, err := f.space.Network(t.Arch)
		if err != nil {
			return trial.Fail(t, fmt.Sprintf("the network cannot be built: %v", err)), nil
		}
		g = built
	}
	costs := trial.Costs(g) // before the function, which may do what it likes with the graph
	begun := time.Now()
	got, err := f.call(ctx, Candidate{t, f.space, g})
	if ctx.Err() != nil {
		return trial.Result{}, ctx.Err()
	}
	if broken, ok := errors.AsType[*trial.BrokenError](err); ok {
		return trial.Result{}, broken
	}
	if err != nil {
		return trial.Fail(t, err.Error()), nil
	}
	metrics := make([]trial.Metric, 0, len(got))
	for name, value := range got { // NewMetrics orders them
		metrics = append(metrics, trial.Metric{Name: name, Value: value})
	}
	r := trial.Result{Trial: t.ID, Arch: t.Arch, Fidelity: t.Fidelity, Status: trial.OK, Metrics: costs.With(metrics...)}
	r.Spent = trial.Spent{Amount: t.Fidelity.Amount, WallSeconds: time.Since(begun).Seconds()}
	report(trial.Progress{Share: 1, Amount: t.Fidelity.Amount, Metrics: r.Metrics})
	return r, nil
}

// call calls the function. What panics once would do so again, so no further attempt is made.
func (f function) call(ctx context.Context, c Candidate) (got Metrics, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = &trial.BrokenError{Err: fmt.Errorf("the study's function panicked at %s: %v: %w", panicked(), x, trial.ErrUnrepeatable)}
		}
	}()
	return f.of(ctx, c)
}

// panicked returns the innermost line of the program that is panicking, the runtime left out. It is for a deferred function.
func panicked() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs[:])])
	for panicking, more := false, true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if f.Function == "runtime.gopanic" {
			panicking = true
		} else if panicking && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
	}
	return "an unknown line"
}
