package process

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/trial"
)

// program returns the program of a slot, ready for a trial or, with test, for the test split. It is started if there is none, if it has died, and if it
// has seen the test split but is to get a trial.
func (e *Evaluator) program(ctx context.Context, s *slot, test bool) (*child, error) {
	if s.child != nil && (!s.child.alive() || s.child.tested && !test) {
		s.child.retire(e.config.Grace)
		s.child = nil
	}
	if s.child != nil {
		return s.child, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := e.config.locate()
	if err != nil {
		return nil, err
	}
	k, err := start(path, &e.config)
	if err != nil {
		return nil, unrepeatable("%s cannot be started: %v%s", e.config.name(), err, interpreterHint(err))
	}
	if err := e.greet(ctx, k); err != nil {
		k.kill()
		return nil, err
	}
	s.child = k
	return k, nil
}

func interpreterHint(err error) string {
	if strings.Contains(err.Error(), "exec format error") {
		return "; a script needs a first line such as #!/usr/bin/env python3, or its interpreter named first in the command"
	}
	return ""
}

// greet exchanges hellos.
func (e *Evaluator) greet(ctx context.Context, k *child) error {
	name, limit := e.config.name(), e.config.StartLimit
	timer := time.NewTimer(limit)
	defer timer.Stop()
	hello := Hello{
		Protocol: Protocol, Settings: e.settings, Metrics: e.config.Metrics, Resource: e.config.Resource,
		Heartbeat: e.config.Heartbeat.Seconds(),
	}
	if e.config.Space != nil {
		hello.Space = e.config.Space.Name()
	}
	if e.config.Data != nil {
		data := *e.config.Data
		data.Test = ""
		hello.Data = &data
	}
	if err := k.say(typeHello, hello, limit); err != nil {
		return e.silent(ctx, k, err)
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			k.kill()
			return broken(e.config.Worker, "%s did not say hello within %v%s", name, limit, k.log.lastLines())
		case <-k.beats:
		case m, ok := <-k.in:
			if !ok {
				return e.silent(ctx, k, nil)
			}
			switch m := m.(type) {
			case rubbish:
				return broken(e.config.Worker, "%s %s; hello was expected", name, m.sentence)
			case *errorMessage:
				return unrepeatable("%s refuses the study: %s", name, oneLine(m.Message))
			case *Capabilities:
				return e.met(m)
			default:
				return broken(e.config.Worker, "%s said %s before hello", name, typeOf(m))
			}
		}
	}
}

// silent is the error of a program that ended before it said hello, or did not hear it.
func (e *Evaluator) silent(ctx context.Context, k *child, err error) error {
	if err == errDeaf {
		return broken(e.config.Worker, "%s %w", e.config.name(), errDeaf)
	}
	fate := k.fate(ctx, e.config.Grace)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return broken(e.config.Worker, "%s %s before it said hello%s", e.config.name(), fate, k.log.lastLines())
}

// met checks what a program says of itself, and that it says the same as the one before.
func (e *Evaluator) met(can *Capabilities) error {
	if err := e.suits(can); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.can == nil {
		e.can = can
		return nil
	}
	if !reflect.DeepEqual(*e.can, *can) {
		return broken(e.config.Worker, "%s describes itself in two ways: %+v and %+v", e.config.name(), *e.can, *can)
	}
	return nil
}

// suits returns an error if the program is of no use for the study.
func (e *Evaluator) suits(can *Capabilities) error {
	name, want := e.config.name(), e.config.Resource
	if can.Protocol != Protocol {
		return unrepeatable("%s speaks version %d of the protocol, and Trellis speaks %d", name, can.Protocol, Protocol)
	}
	if len(can.Metrics) == 0 {
		return unrepeatable("%s describes no metrics in its hello", name)
	}
	for i, m := range can.Metrics {
		switch {
		case m.Name == "":
			return unrepeatable("%s describes a metric without a name", name)
		case can.Metrics[:i].Has(m.Name):
			return unrepeatable("%s describes the metric %s twice", name, m.Name)
		case !has([]trial.Direction{"", trial.Maximise, trial.Minimise}, m.Direction):
			return unrepeatable("%s gives the metric %s the direction %q; %s", name, m.Name, m.Direction, nearest.Advice(string(m.Direction), []string{string(trial.Maximise), string(trial.Minimise)}))
		case !has([]trial.Show{trial.ShowNumber, trial.ShowPercent, trial.ShowCount, trial.ShowBytes}, m.Show):
			return unrepeatable("%s shows the metric %s as %q; %s", name, m.Name, m.Show, nearest.Advice(string(m.Show), []string{string(trial.ShowPercent), string(trial.ShowCount), string(trial.ShowBytes)}))
		}
	}
	known := can.Metrics.Names()
	if e.config.Build != nil {
		known = append(known, trial.CostInfos().Names()...)
	}
	for _, m := range e.config.Metrics {
		if !has(known, m) {
			return unrepeatable("%s does not give the metric %s, which the study needs; %s", name, m, nearest.Advice(m, known))
		}
	}
	switch {
	case can.Resource.Full < 0:
		return unrepeatable("%s says that its full amount is %d", name, can.Resource.Full)
	case want.Name != "" && can.Resource.Name != "" && want.Name != can.Resource.Name:
		return unrepeatable("%s counts in %s, and the study in %s", name, can.Resource.Name, want.Name)
	case can.Resource.Full > 0 && want.Full > can.Resource.Full:
		return unrepeatable("%s can be given %d %s at most, and the study wants %d", name, can.Resource.Full, can.Resource.Name, want.Full)
	}
	return nil
}

func has[T comparable](list []T, x T) bool { return slices.Contains(list, x) }

// oneLine makes a text of a program fit into a sentence.
func oneLine(text string) string {
	const longest = 300
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	if text == "" {
		return "it gives no reason"
	}
	return text
}

// typeOf returns the type of a message.
func typeOf(m any) string {
	switch m.(type) {
	case *Capabilities:
		return typeHello
	case *Progress:
		return typeProgress
	case *Answer:
		return typeResult
	case *TestAnswer:
		return typeTested
	case *errorMessage:
		return typeError
	case *heartbeat:
		return typeHeartbeat
	}
	return fmt.Sprintf("%T", m)
}
