package process

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/trial"
)

// conversation is what is said about one trial.
type conversation struct {
	e      *Evaluator
	slot   *slot
	child  *child
	t      trial.Trial // with its fidelity written out
	costs  trial.Metrics
	report func(trial.Progress)

	begun int           // the amount of the checkpoint
	curve []trial.Point // so far, with that of the checkpoint
	last  int           // the largest amount reported so far
	spent Spent         // last reported
	known trial.Metrics // the last of each metric of the curve, and of what was reported before the first amount

	overtime bool // it was ended by a deadline

	folder string     // that the program writes into
	left   []Artifact // what it says it has left there
}

func newConversation(e *Evaluator, s *slot, k *child, t trial.Trial, costs trial.Metrics, from *earlier, report func(trial.Progress)) *conversation {
	c := &conversation{e: e, slot: s, child: k, t: t, costs: costs, report: report}
	if from != nil {
		c.begun, c.curve = from.checkpoint.Fidelity.Amount, from.curve
		c.last = c.begun
		for _, p := range c.curve {
			c.known = c.known.With(p.Metrics...)
		}
	}
	return c
}

// run gives the trial to the program and listens until its result stands. A program that is not ready for another trial afterwards is killed.
func (c *conversation) run(ctx context.Context, a Assignment) (trial.Result, error) {
	c.folder = a.Folder
	r, err := c.talk(ctx, a)
	switch {
	case err != nil && ctx.Err() != nil:
		c.overtime = errors.Is(ctx.Err(), context.DeadlineExceeded)
		c.cancel(Cancel{Trial: c.t.ID, Reason: "abandoned"})
		return trial.Result{}, ctx.Err()
	case err != nil:
		c.child.kill()
		return trial.Result{}, err
	}
	return r, nil
}

func (c *conversation) talk(ctx context.Context, a Assignment) (trial.Result, error) {
	heartbeat := c.e.config.Heartbeat
	if err := ctx.Err(); err != nil {
		return trial.Result{}, err
	}
	if err := c.child.say(typeTrial, a, heartbeat); err != nil {
		return trial.Result{}, c.lost(ctx, err)
	}
	silence := time.NewTimer(heartbeat)
	defer silence.Stop()
	for {
		select {
		case <-ctx.Done():
			return trial.Result{}, ctx.Err()
		case <-silence.C:
			c.child.kill()
			return trial.Result{}, c.crash(fmt.Sprintf("printed nothing for %v, not even a heartbeat", heartbeat))
		case <-c.child.beats:
			silence.Reset(heartbeat)
		case m, ok := <-c.child.in:
			if !ok {
				return trial.Result{}, c.lost(ctx, nil)
			}
			silence.Reset(heartbeat)
			r, done, err := c.hear(m)
			if err != nil || done {
				return r, err
			}
		}
	}
}

// hear takes in a message and reports whether the result stands.
func (c *conversation) hear(message any) (trial.Result, bool, error) {
	switch m := message.(type) {
	case rubbish:
		return trial.Result{}, false, c.violation("%s", m.sentence)
	case *errorMessage:
		return trial.Result{}, false, c.violation("reports an error: %s", oneLine(m.Message))
	case *Progress:
		if m.Trial != c.t.ID {
			return trial.Result{}, false, c.violation("reported progress of trial %d", m.Trial)
		}
		return c.progress(m)
	case *Answer:
		if m.Trial != c.t.ID {
			return trial.Result{}, false, c.violation("gave the result of trial %d", m.Trial)
		}
		r, err := c.answer(m)
		return r, err == nil, err
	default:
		return trial.Result{}, false, c.violation("said %s while it had the trial", typeOf(m))
	}
}

// progress takes in how far the trial is, and ends it where its curve diverges or its rule says so.
func (c *conversation) progress(m *Progress) (trial.Result, bool, error) {
	full := c.t.Fidelity.Amount
	if m.Amount > full {
		return trial.Result{}, false, c.violation("reported the amount %d of a trial that gets %d", m.Amount, full)
	}
	c.spent = m.Spent
	metrics := m.Metrics.Metrics()
	point := m.Amount > c.last && len(metrics) > 0
	if m.Amount > c.last {
		c.last = m.Amount
	}
	if point {
		c.curve = append(c.curve, trial.Point{Amount: m.Amount, Metrics: metrics})
	}
	if point || m.Amount == 0 {
		c.known = c.known.With(metrics...)
	}
	c.report(c.progressed(m, metrics))
	if !point {
		return trial.Result{}, false, nil
	}
	if _, bad := metrics.NotFinite(); bad {
		c.cancel(Cancel{Trial: c.t.ID, Amount: m.Amount, Reason: "diverged"})
		return c.result(trial.OK).Settled(c.t), true, nil
	}
	stop, ends := c.t.Stop.Decide(c.curve)
	if !ends || m.Amount == full {
		return trial.Result{}, false, nil
	}
	c.cancel(Cancel{Trial: c.t.ID, Amount: m.Amount, Reason: stop.String()})
	r := c.result(trial.OK)
	r.Fidelity, r.Stopped = r.Fidelity.At(m.Amount), &stop
	r.Metrics = r.Metrics.With(c.known...)
	return c.complete(r), true, nil
}

// progressed returns what is to be reported.
func (c *conversation) progressed(m *Progress, metrics trial.Metrics) trial.Progress {
	p := trial.Progress{Amount: c.last, Metrics: metrics, Share: float64(c.last) / float64(c.t.Fidelity.Amount)}
	if m.Share != nil {
		p.Share = *m.Share
	}
	p.Share = min(1, max(0, p.Share))
	return p
}

// answer turns the program's result into that of the trial.
func (c *conversation) answer(a *Answer) (trial.Result, error) {
	c.spent = a.Spent
	switch a.Status {
	case StatusOK:
		c.last = c.t.Fidelity.Amount
		r := c.result(trial.OK)
		r.Metrics = r.Metrics.With(a.Metrics.Metrics()...)
		c.left = a.Artifacts
		return c.complete(r), nil
	case StatusFailed:
		r := c.result(trial.Failed)
		r.Reason, r.Metrics = oneLine(a.Reason), r.Metrics.With(a.Metrics.Metrics()...)
		return r.Settled(c.t), nil
	case StatusPreempted:
		r := c.result(trial.Preempted)
		r.Reason, r.Curve, r.Metrics = oneLine(a.Reason), nil, nil
		return r, nil
	case StatusCancelled:
		return trial.Result{}, c.violation("says that the trial was cancelled, and it was not")
	}
	return trial.Result{}, c.violation("gave the unknown status %s; %s", quoted([]byte(a.Status)),
		nearest.Advice(a.Status, []string{StatusOK, StatusFailed, StatusPreempted, StatusCancelled}))
}

// result returns a result of what is known so far.
func (c *conversation) result(status trial.Status) trial.Result {
	amount := c.spent.Amount
	if amount == 0 {
		amount = max(0, c.last-c.begun)
	}
	return trial.Result{
		Trial: c.t.ID, Arch: c.t.Arch, Fidelity: c.t.Fidelity, Status: status, Metrics: c.costs, Curve: c.curve,
		Spent: trial.Spent{MACs: c.spent.MACs, Amount: amount, CPUSeconds: c.spent.CPUSeconds, GPUSeconds: c.spent.GPUSeconds},
	}
}

// complete settles a result that is ok, and fails it if it lacks a metric that the study needs.
func (c *conversation) complete(r trial.Result) trial.Result {
	r = r.Settled(c.t)
	if r.Status != trial.OK {
		return r
	}
	for _, name := range c.e.config.Metrics {
		if _, ok := r.Metrics.Get(name); !ok {
			r.Status, r.Reason = trial.Failed, fmt.Sprintf("%s gave no %s, which the study needs", c.who(), name)
			break
		}
	}
	return r
}

// cancel tells the program to end the trial and waits for its result until its grace is over; then it is killed. Progress that was under way
// meanwhile is passed over, and so is the result: nothing depends on when the program heard of it.
func (c *conversation) cancel(m Cancel) {
	grace := c.e.config.Grace
	if !c.child.alive() || c.child.say(typeCancel, m, grace) != nil {
		c.child.kill()
		return
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			c.child.kill()
			return
		case <-c.child.beats:
		case message, ok := <-c.child.in:
			if p, under := message.(*Progress); ok && under && p.Trial == c.t.ID {
				continue
			}
			if a, is := message.(*Answer); ok && is && a.Trial == c.t.ID {
				return
			}
			c.child.kill()
			return
		}
	}
}

// lost is the error of a program that is gone, or does not read its input.
func (c *conversation) lost(ctx context.Context, err error) error {
	if errors.Is(err, errDeaf) {
		c.child.kill()
		return c.crash(errDeaf.Error())
	}
	fate := c.child.fate(ctx, c.e.config.Grace)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return c.crash(fate + " in the middle of the trial")
}

func (c *conversation) who() string { return c.e.who(c.t.ID) }

func (c *conversation) crash(what string) error {
	return &crash{who: c.who(), what: what, tail: c.child.log.lastLines()}
}

// violation is the error of a program that does not keep to the protocol.
func (c *conversation) violation(format string, args ...any) error {
	return broken(c.slot.worker(c.e.config.Worker), "%s %s%s", c.who(), fmt.Sprintf(format, args...), c.child.log.lastLines())
}
