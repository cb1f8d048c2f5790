package process

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/trial"
)

// Kind is the name of the evaluator in the catalogue of kinds.
const Kind = "process"

// Evaluator evaluates trials by a program. It is safe for concurrent use; Config.Workers bounds how many trials are evaluated at a time, the others wait. It
// must be closed.
type Evaluator struct {
	config   Config
	settings json.RawMessage
	pool     *pool
	closing  context.Context
	cancel   context.CancelFunc
	ending   sync.Mutex // held by Close

	mu    sync.Mutex
	can   *Capabilities // of the first program that said hello
	fatal map[trial.ID]bool
}

var (
	_ trial.Evaluator = (*Evaluator)(nil)
	_ trial.Describer = (*Evaluator)(nil)
)

// errClosed is the error of an evaluator that is used after it was closed.
var errClosed = unrepeatable("the evaluator is closed")

// maxFatal is how many trials in a row may crash their programs in all attempts before the program itself counts as broken.
const maxFatal = 3

// New checks the configuration. It starts nothing.
func New(c Config) (*Evaluator, error) {
	settings, err := c.settings()
	if err != nil {
		return nil, err
	}
	e := &Evaluator{config: c, settings: settings, pool: newPool(c.Workers), fatal: map[trial.ID]bool{}}
	e.closing, e.cancel = context.WithCancel(context.Background())
	return e, nil
}

// Start starts a program, unless one was started before, and returns what it says of itself. The error says in one sentence why the
// program is of no use for this study.
func (e *Evaluator) Start(ctx context.Context) (trial.Description, error) {
	if e.capabilities() != nil {
		return e.Describe(), nil
	}
	ctx, cancel := e.bounded(ctx)
	defer cancel()
	s, err := e.pool.take(ctx)
	if err != nil {
		return trial.Description{}, e.because(ctx, err)
	}
	defer e.pool.give(s)
	if _, err := e.program(ctx, s, false); err != nil {
		return trial.Description{}, e.because(ctx, err)
	}
	return e.Describe(), nil
}

// Close ends all programs, after their grace. Evaluations that still run end with an error.
func (e *Evaluator) Close() error {
	e.cancel()
	e.ending.Lock()
	defer e.ending.Unlock()
	var ending sync.WaitGroup
	for _, s := range e.pool.close() {
		if s.child != nil {
			ending.Go(func() {
				s.child.retire(e.config.Grace)
				s.child = nil
			})
		}
	}
	ending.Wait()
	return nil
}

// bounded returns a context that also ends when the evaluator is closed.
func (e *Evaluator) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(e.closing, func() { cancel(errClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

// because returns the error, or errClosed where that is what ended the context.
func (e *Evaluator) because(ctx context.Context, err error) error {
	if ctx.Err() != nil && context.Cause(ctx) == errClosed {
		return errClosed
	}
	return err
}

// Describe implements trial.Describer. Before the first program has said hello (see Start) it knows no more than its configuration.
func (e *Evaluator) Describe() trial.Description {
	d := trial.Description{Kind: Kind, Resource: e.config.Resource}
	if can := e.capabilities(); can != nil {
		d.Metrics, d.Resumes = can.Metrics, can.Resumes && e.config.Folder != nil
		orDefault(&d.Resource.Name, can.Resource.Name)
		orDefault(&d.Resource.Full, can.Resource.Full)
	}
	if e.config.Build != nil {
		for _, m := range trial.CostInfos() {
			if !d.Metrics.Has(m.Name) {
				d.Metrics = append(d.Metrics[:len(d.Metrics):len(d.Metrics)], m)
			}
		}
	}
	return d
}

// Tests reports whether the program can measure networks on the test split. It is known after Start.
func (e *Evaluator) Tests() bool {
	can := e.capabilities()
	return can != nil && can.Tests
}

func (e *Evaluator) capabilities() *Capabilities {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.can
}

// Evaluate hands the trial to a program; see trial.Evaluator for the contract. The metrics are those of the program and, where the network is
// known, trial.Costs. The curve has a point for every amount that the program reported with metrics.
func (e *Evaluator) Evaluate(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
	bound, cancel := e.bounded(ctx)
	defer cancel()
	attempts := 0
	retried := trial.NewRetried(trial.Func(func(ctx context.Context, t trial.Trial, report func(trial.Progress)) (trial.Result, error) {
		attempts++
		return e.once(ctx, t, attempts, report)
	}), e.config.Attempts, e.config.Pause)
	r, err := retried.Evaluate(bound, t, report)
	if ctx.Err() != nil {
		return trial.Result{}, ctx.Err()
	}
	if c, ok := errors.AsType[*crash](err); ok {
		return e.crashed(t, c, attempts)
	}
	if err != nil {
		return trial.Result{}, e.because(bound, err)
	}
	e.answered()
	return r, nil
}

// crashed returns the failed result of a trial that crashed its program in every attempt. Each time the program could be started again, so the
// trial is to blame; unless that happens to one trial after another.
func (e *Evaluator) crashed(t trial.Trial, c *crash, attempts int) (trial.Result, error) {
	e.mu.Lock()
	e.fatal[t.ID] = true
	inARow := len(e.fatal)
	e.mu.Unlock()
	if inARow >= maxFatal {
		return trial.Result{}, broken(e.config.Worker, "%w; so did the %d trials before it, so this is the program's fault and not the trial's", c, inARow-1)
	}
	reason := c.sentence()
	if attempts > 1 {
		reason += fmt.Sprintf(", the last of %d attempts", attempts)
	}
	if e.config.Folder != nil {
		reason += "; see " + logPath(t.ID)
	}
	r := trial.Fail(t, reason)
	r.Fidelity = e.full(t.Fidelity)
	r.Attempt, r.Worker = attempts, e.config.Worker
	return r, nil
}

// answered ends a row of crashes.
func (e *Evaluator) answered() {
	e.mu.Lock()
	clear(e.fatal)
	e.mu.Unlock()
}

// full returns a fidelity with the full amount where it says nothing.
func (e *Evaluator) full(f trial.Fidelity) trial.Fidelity {
	return f.Or(trial.Full(max(1, e.Describe().Resource.Full)))
}

// once makes one attempt at a trial.
func (e *Evaluator) once(ctx context.Context, t trial.Trial, attempt int, report func(trial.Progress)) (trial.Result, error) {
	s, err := e.pool.take(ctx)
	if err != nil {
		return trial.Result{}, err
	}
	defer e.pool.give(s)
	k, err := e.program(ctx, s, false)
	if err != nil {
		return trial.Result{}, err
	}
	start := time.Now()
	r, err := e.attempt(ctx, s, k, t, attempt, report)
	if err != nil {
		return trial.Result{}, err
	}
	r.Spent.WallSeconds = time.Since(start).Seconds()
	r.Worker = s.worker(e.config.Worker)
	return r, nil
}

// attempt gives the trial to a program that has nothing to do.
func (e *Evaluator) attempt(ctx context.Context, s *slot, k *child, t trial.Trial, attempt int, report func(trial.Progress)) (trial.Result, error) {
	t.Fidelity = e.full(t.Fidelity)
	if err := e.possible(t); err != nil {
		return trial.Result{}, err
	}
	a, costs, err := e.assignment(t)
	if err != nil {
		return trial.Fail(t, err.Error()), nil
	}
	leftovers, err := e.scratch(t)
	if err != nil {
		return trial.Result{}, broken(e.config.Worker, "trial %d: %w", t.ID, err)
	}
	defer leftovers.remove()
	a.Folder = leftovers.path
	a.Keep, a.Checkpoint = a.Keep && a.Folder != "", a.Checkpoint && a.Folder != ""
	earlier := e.earlier(t)
	if earlier != nil {
		a.From = &earlier.checkpoint
	}
	log, err := e.logFile(t.ID)
	if err != nil {
		return trial.Result{}, broken(e.config.Worker, "trial %d: %w", t.ID, err)
	}
	k.log.turn(log, attempt)
	c := newConversation(e, s, k, t, costs, earlier, report)
	var run trial.Evaluator = trial.Func(func(ctx context.Context, _ trial.Trial, _ func(trial.Progress)) (trial.Result, error) {
		return c.run(ctx, a)
	})
	if e.config.TimeLimit > 0 {
		run = trial.NewTimeLimited(run, e.config.TimeLimit)
	}
	r, err := run.Evaluate(ctx, t, report)
	if err != nil {
		return trial.Result{}, err
	}
	if ctx.Err() != nil {
		return trial.Result{}, ctx.Err()
	}
	if c.overtime {
		r.Reason = c.who() + " " + r.Reason
	}
	return e.keep(t, r, c)
}

// possible returns an error if the program cannot evaluate at the fidelity of a trial.
func (e *Evaluator) possible(t trial.Trial) error {
	d, can := e.Describe(), e.capabilities()
	who := e.who(t.ID)
	if err := t.Fidelity.Check(); err != nil {
		return unrepeatable("%s cannot be asked for: %v", who, err)
	}
	if d.Resource.Full > 0 && t.Fidelity.Amount > d.Resource.Full {
		return unrepeatable("%s is to get the amount %d, and the full one is %d", who, t.Fidelity.Amount, d.Resource.Full)
	}
	for _, r := range []struct {
		name  string
		share float64
	}{{"data", t.Fidelity.Data}, {"resolution", t.Fidelity.Resolution}, {"width", t.Fidelity.Width}} {
		if r.share != 1 && !has(can.Reductions, r.name) {
			return unrepeatable("%s asks for the fidelity %v, and the program does not say that it can reduce the %s", who, t.Fidelity, r.name)
		}
	}
	return nil
}

// assignment returns the message of a trial, and the costs of its network. An error is the trial's own fault.
func (e *Evaluator) assignment(t trial.Trial) (Assignment, trial.Metrics, error) {
	a := Assignment{
		Trial: t.ID, Stage: t.Stage, Name: t.Name, Fidelity: Fidelity(t.Fidelity), Seed: t.Seed,
		Keep: t.Keep, Checkpoint: t.Checkpoint && e.capabilities().Resumes,
	}
	if t.Stop.Active() {
		a.Stop = &t.Stop
	}
	g := t.Network
	if g == nil {
		a.Choices = t.Arch.String()
		if s := e.config.Space; s != nil {
			if err := s.Check(t.Arch); err != nil {
				return a, nil, err
			}
			a.Decisions, a.Architecture = decisionsOf(s, t.Arch), s.Format(t.Arch)
		}
		if e.config.Build != nil {
			built, err := e.config.Build(t)
			if err != nil {
				return a, nil, fmt.Errorf("the network cannot be built: %w", err)
			}
			g = built
		}
	}
	if g == nil {
		return a, nil, nil
	}
	a.Network = g.Text()
	return a, costs(g), nil
}

func costs(g *network.Graph) trial.Metrics { return trial.Costs(g) }

// who is the subject of sentences about a trial.
func (e *Evaluator) who(t trial.ID) string { return fmt.Sprintf("trial %d: %s", t, e.config.name()) }

// worker names the slot in results.
func (s *slot) worker(machine string) string {
	name := fmt.Sprintf("process-%d", s.number)
	if machine != "" {
		name = machine + "/" + name
	}
	return name
}
