package model

import (
	"fmt"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
)

// Result is what a batch of samples gave: the mean loss and how many were classified correctly.
type Result struct {
	Loss    float64
	Correct int
}

// DivergedError says that training met NaN or infinity, in which step (counted from 0) and where. It ends a trial as
// failed; the machine is not broken.
type DivergedError struct {
	Step  int
	Where string
}

// Error implements error.
func (e *DivergedError) Error() string {
	return fmt.Sprintf("training diverged at step %d: %s", e.Step, e.Where)
}

// Step runs one batch forward and backward: afterwards the gradients of Params are those of its mean loss, for an
// optimizer to use, and running statistics have moved. x holds the samples in NHWC order, labels their classes. The
// result is that of the weights before the update. A token id outside its vocabulary is an error. A *DivergedError reports NaN and infinity in loss or gradients.
func (m *Model) Step(x []float32, labels []int) (Result, error) {
	if err := m.checkBatch(x, labels); err != nil {
		return Result{}, err
	}
	p := m.program(autograd.Train, len(labels))
	p.input.Feed(x)
	for i, c := range labels {
		p.labels.Class[i] = int32(c)
	}
	p.Forward(uint64(m.step))
	if err := p.Fault(); err != nil {
		return Result{}, fmt.Errorf("model: %w", err)
	}
	r := Result{Loss: p.labels.Mean, Correct: p.labels.Correct}
	if r.Loss-r.Loss != 0 {
		return Result{}, m.diverged(p)
	}
	p.Backward()
	for _, w := range m.Params() {
		if !kernel.AllFinite(m.pool, w.Grad.Data()) {
			return Result{}, &DivergedError{m.step, fmt.Sprintf("the gradient of %s is not finite", w.Name)}
		}
	}
	m.step++
	return r, nil
}

// diverged explains a loss that is not finite.
func (m *Model) diverged(p *program) error {
	for _, t := range m.store.State() {
		if !kernel.AllFinite(m.pool, t.Data()) {
			return &DivergedError{m.step, t.Name + " is not finite"}
		}
	}
	if err := p.Locate(uint64(m.step)); err != nil {
		return &DivergedError{m.step, err.Error()}
	}
	return &DivergedError{m.step, "the loss is not finite"}
}

// Steps returns how many steps were made; Resume continues the dropout masks at that step.
func (m *Model) Steps() int { return m.step }

// Resume continues as if step steps had been made.
func (m *Model) Resume(step int) { m.step = step }

// Predict returns the logits of the samples in x (NHWC, any number of them), Classes numbers each, in evaluation mode.
// The logits of a sample do not depend on the samples beside it.
func (m *Model) Predict(x []float32) ([]float32, error) {
	size := m.InputSize()
	if len(x)%size != 0 {
		return nil, fmt.Errorf("model: %d numbers are no whole number of samples of shape %v", len(x), m.graph.Input())
	}
	n := len(x) / size
	logits := make([]float32, 0, n*m.Classes())
	for at := 0; at < n; at += m.options.EvalBatch {
		batch := min(m.options.EvalBatch, n-at)
		p := m.program(autograd.Eval, batch)
		p.input.Feed(x[at*size : (at+batch)*size])
		p.Forward(0)
		if err := p.Fault(); err != nil {
			return nil, fmt.Errorf("model: samples from %d on: %w", at, err)
		}
		logits = append(logits, p.logits.Value()...)
	}
	return logits, nil
}

// Evaluate returns the mean loss, without label smoothing, and the number of correct predictions over the samples.
func (m *Model) Evaluate(x []float32, labels []int) (Result, error) {
	if err := m.checkBatch(x, labels); err != nil {
		return Result{}, err
	}
	logits, err := m.Predict(x)
	if err != nil {
		return Result{}, err
	}
	classes := make([]int32, len(labels))
	for i, c := range labels {
		classes[i] = int32(c)
	}
	sum, correct := kernel.CrossEntropy(m.pool, nil, logits, classes, m.Classes(), 0)
	return Result{Loss: sum / float64(len(labels)), Correct: correct}, nil
}

func (m *Model) checkBatch(x []float32, labels []int) error {
	if len(labels) == 0 || len(x) != len(labels)*m.InputSize() {
		return fmt.Errorf("model: %d numbers are not %d samples of shape %v", len(x), len(labels), m.graph.Input())
	}
	for i, c := range labels {
		if c < 0 || c >= m.Classes() {
			return fmt.Errorf("model: sample %d is of class %d; the network has classes 0 to %d", i, c, m.Classes()-1)
		}
	}
	return nil
}
