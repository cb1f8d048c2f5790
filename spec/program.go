package spec

import (
	"context"
	"strings"
	"time"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

var programKeys = []string{"command", "epochs", "heartbeat", "settings", "environment", "time_limit", "attempts"}

// processKind runs a program of the user's.
func processKind() EvaluatorKind {
	return EvaluatorKind{
		Name: process.Kind, Doc: "runs your own program, which speaks JSON lines on its standard input and output", Keys: programKeys,
		read: func(f *File, m strict.Map) Evaluation {
			e := Program{
				at: m.Need("command"), Amount: int(m.Get("epochs").Int(0, 1, 1_000_000_000)), Heartbeat: m.Get("heartbeat").Duration(time.Minute),
				TimeLimit: m.Get("time_limit").Duration(0), Attempts: int(m.Get("attempts").Int(3, 1, 1000)),
			}
			for _, item := range e.at.List() {
				e.Command = append(e.Command, item.Text(""))
			}
			if e.at.Given() && len(e.Command) == 0 {
				e.at.Fail("command is an empty list: name the program and its arguments, as [python3, evaluator.py]")
			}
			e.Settings, _ = m.Get("settings").Any().(map[string]any)
			m.Get("settings").AnyMap() // reports what is no mapping
			env := m.Get("environment").AnyMap()
			for _, key := range env.Keys() {
				e.Environment = append(e.Environment, key+"="+env.Get(key).Text(""))
			}
			return e
		},
	}
}

// Program is the evaluation of kind process.
type Program struct {
	Command     []string
	Amount      int // the full one; 0: the program says
	Heartbeat   time.Duration
	Settings    map[string]any // for the program alone
	Environment []string
	TimeLimit   time.Duration // of a trial; 0: none
	Attempts    int           // at a trial whose program dies, hangs or does not keep to the protocol
	at          strict.Value
}

// Kind implements Evaluation.
func (e Program) Kind() string { return process.Kind }

// Full implements Evaluation.
func (e Program) Full() int { return e.Amount }

// String implements Evaluation.
func (e Program) String() string { return "by the program " + quoted(e.Command) }

func (e Program) metrics() (trial.MetricInfos, bool) { return nil, false }

func (e Program) keys() []string { return []string{"epochs"} }

func (e Program) longer(_ *File, m strict.Map) Evaluation {
	if at := m.Get("epochs"); at.Given() {
		if amount := int(at.Int(0, 1, 1_000_000_000)); amount < e.Amount {
			at.Fail("finalists run for %d, fewer than the %d of the search", amount, e.Amount)
		} else {
			e.Amount = amount
		}
	}
	return e // as long as the search where nothing is said: how much more a program can be given, only it knows
}

// attempts is 1: the evaluator itself starts its program again.
func (e Program) attempts() int { return 1 }

func (e Program) open(p *Plan, _ string) (*openedEvaluation, error) {
	if !p.begun { // a study of a journal can be looked at where its program is not
		if _, err := (process.Config{Command: e.Command, Dir: p.beside(".")}).Find(); err != nil {
			return nil, p.at(e.at, err)
		}
	}
	return &openedEvaluation{}, nil
}

func (e Program) evaluator(p *Plan, r Run) (trial.Evaluator, error) {
	c := process.Config{
		Command: e.Command, Dir: p.beside("."), Env: e.Environment, Settings: e.Settings, Space: p.Space, Build: p.build,
		Metrics: p.needed(), Resource: trial.Resource{Full: e.Amount}, Workers: max(1, r.Workers), Attempts: e.Attempts,
		Heartbeat: e.Heartbeat, TimeLimit: e.TimeLimit, Worker: r.Machine,
	}
	if r.Folder != "" {
		c.Folder = store.Folder(r.Folder)
	}
	made, err := process.New(c)
	if err != nil {
		return nil, err
	}
	if _, err := made.Start(context.Background()); err != nil {
		return made, err
	}
	return made, nil
}

func (e Program) tester(_ *Plan, of trial.Evaluator) tester {
	if p := of.(*process.Evaluator); p.Tests() {
		return p
	}
	return nil // the program has nothing to test with
}

// quoted joins the words of a command for people.
func quoted(words []string) string {
	return strings.Join(words, " ")
}
