package process

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/trellis-nas/trellis/trial"
)

// Test asks the program for the figures of a trial on the test split. It is where a program first learns of that split; it is never given a trial
// afterwards. It may take as long as it shows signs of life, or the time limit of a trial.
func (e *Evaluator) Test(ctx context.Context, t trial.Trial, r trial.Result) (trial.Metrics, json.RawMessage, error) {
	bound, cancel := e.bounded(ctx)
	defer cancel()
	a, err := e.test(bound, t, r)
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if err != nil {
		return nil, nil, e.because(bound, err)
	}
	return a.Metrics.Metrics(), a.Detail, nil
}

func (e *Evaluator) test(ctx context.Context, t trial.Trial, r trial.Result) (*TestAnswer, error) {
	s, err := e.pool.take(ctx)
	if err != nil {
		return nil, err
	}
	defer e.pool.give(s)
	k, err := e.program(ctx, s, true)
	if err != nil {
		return nil, err
	}
	who := "test of " + e.who(t.ID)
	if !e.capabilities().Tests {
		return nil, unrepeatable("%s does not say that it can test", who)
	}
	t.Fidelity = e.full(r.Fidelity.Or(t.Fidelity))
	t.Keep, t.Checkpoint, t.Stop = false, false, trial.StoppingRule{}
	request := TestRequest{Data: e.config.Data}
	if request.Assignment, _, err = e.assignment(t); err != nil {
		return nil, fmt.Errorf("%s: %w", who, err)
	}
	for _, a := range r.Artifacts {
		if e.config.Folder == nil {
			return nil, unrepeatable("%s: there is no folder with the artifact %s", who, a.Path)
		}
		path, ok := e.intact(a)
		if !ok {
			return nil, broken(e.config.Worker, "%s: the artifact %s is gone or damaged", who, a.Path)
		}
		request.Artifacts = append(request.Artifacts, Artifact{Name: a.Name, Kind: a.Kind, Path: path})
	}
	k.tested = true
	answer, err := e.examine(ctx, k, who, request)
	if err != nil {
		k.kill()
		return nil, err
	}
	return answer, nil
}

// examine sends the request and waits for its answer.
func (e *Evaluator) examine(ctx context.Context, k *child, who string, request TestRequest) (*TestAnswer, error) {
	heartbeat := e.config.Heartbeat
	fault := func(format string, args ...any) error {
		return broken(e.config.Worker, "%s %s%s", who, fmt.Sprintf(format, args...), k.log.lastLines())
	}
	lost := func(err error) error {
		if errors.Is(err, errDeaf) {
			return fault("%s", errDeaf)
		}
		fate := k.fate(ctx, e.config.Grace)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fault("%s", fate)
	}
	if err := k.say(typeTest, request, heartbeat); err != nil {
		return nil, lost(err)
	}
	silence := time.NewTimer(heartbeat)
	defer silence.Stop()
	var over <-chan time.Time
	if e.config.TimeLimit > 0 {
		limit := time.NewTimer(e.config.TimeLimit)
		defer limit.Stop()
		over = limit.C
	}
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-over:
			return nil, fault("exceeded the time limit of %v", e.config.TimeLimit)
		case <-silence.C:
			return nil, fault("printed nothing for %v, not even a heartbeat", heartbeat)
		case <-k.beats:
		case m, ok := <-k.in:
			switch m := m.(type) {
			case nil:
				if !ok {
					return nil, lost(nil)
				}
			case rubbish:
				return nil, fault("%s", m.sentence)
			case *errorMessage:
				return nil, fault("reports an error: %s", oneLine(m.Message))
			case *Progress:
			case *TestAnswer:
				if m.Trial != request.Trial {
					return nil, fault("gave the figures of trial %d", m.Trial)
				}
				if len(m.Metrics) == 0 {
					return nil, fault("gave no metrics")
				}
				return m, nil
			default:
				return nil, fault("said %s, and tested was expected", typeOf(m))
			}
		}
		silence.Reset(heartbeat)
	}
}
