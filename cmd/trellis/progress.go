package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// progress shows a running study: a bar for the phase and one for each running trial on a terminal, a line a trial
// elsewhere. It is a study.Observer.
type progress struct {
	out      io.Writer
	plan     *spec.Plan
	clock    func() time.Time
	began    time.Time
	history  store.History
	phase    trial.Phase
	replayed int
	now      map[trial.ID]bool // trials that finished in this run, for the time left
	fresh    int               // results of this run in this phase
	since    time.Time         // when the phase began in this run
	best     float64
	bestBy   trial.ID
	bars     *mpb.Progress // nil: plain lines
	total    *mpb.Bar
	running  map[trial.ID]*mpb.Bar
}

func newProgress(w io.Writer, plan *spec.Plan, plain bool) *progress {
	p := &progress{out: w, plan: plan, clock: time.Now, running: map[trial.ID]*mpb.Bar{}}
	if f, ok := w.(*os.File); ok && !plain && term.IsTerminal(int(f.Fd())) {
		p.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(48), mpb.WithRefreshRate(200*time.Millisecond))
	}
	return p
}

func (p *progress) begin(folder string, workers, threads int) {
	p.began = p.clock()
	fmt.Fprintf(p.out, "study %s: %s\n", p.plan.Name, p.plan.Outline())
	fmt.Fprintf(p.out, "run folder %s; %d trials at a time, %d threads each; Ctrl-C stops, trellis resume %s goes on\n",
		folder, workers, threads, folder)
}

func (p *progress) end() {
	if p.bars == nil {
		return
	}
	for _, b := range p.running {
		b.Abort(true)
	}
	if p.total != nil {
		p.total.Abort(false)
	}
	p.bars.Wait()
}

// Recorded implements study.Observer.
func (p *progress) Recorded(e store.Event, replayed bool) {
	if p.history.Apply(e) != nil {
		return // the study itself reports a damaged journal
	}
	switch b := e.Body.(type) {
	case store.TrialFinished:
		p.finished(p.history.Entries[b.Result.Trial], replayed)
	case store.SearchClosed:
		if !replayed {
			p.say("the search is over (%s): %d trials", b.Reason, b.Trials)
		}
	case store.FinalistsChosen:
		if !replayed && len(b.Trials) > 0 {
			p.say("finalists: %v, trained alone from scratch for %d epochs", b.Trials, p.plan.Finalists.Settings.Defaulted().Epochs)
		}
	case store.TestOpened:
		if !replayed {
			p.say("the sealed test set is opened, once")
		}
	}
}

// Began implements study.Observer.
func (p *progress) Began(t trial.Trial) {
	p.enter(t.Phase)
	if p.replayed > 0 && p.fresh == 0 && len(p.running) == 0 {
		p.say("%d results are in the journal already", p.replayed)
		p.replayed = 0
	}
	if p.bars == nil {
		p.running[t.ID] = nil
		return
	}
	const parts = 1000
	p.running[t.ID] = p.bars.New(parts, mpb.BarStyle().Lbound(" ").Rbound(" ").Filler("─").Tip("╴").Padding(" "),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(fmt.Sprintf("  %-10s", p.name(t)))),
		mpb.AppendDecorators(decor.Percentage()))
}

// Progressed implements study.Observer.
func (p *progress) Progressed(t trial.Trial, at trial.Progress) {
	if b := p.running[t.ID]; b != nil {
		b.SetCurrent(int64(math.Round(999 * at.Share)))
	}
}

func (p *progress) enter(phase trial.Phase) {
	if p.phase == phase && p.total == nil && p.bars == nil || p.phase == phase && p.total != nil {
		return
	}
	p.phase, p.since, p.fresh = phase, p.clock(), 0
	if p.bars == nil {
		return
	}
	if p.total != nil {
		p.total.Abort(false)
	}
	done, all := p.count()
	p.total = p.bars.New(int64(all), mpb.BarStyle().Lbound("│").Rbound("│").Filler("█").Tip("█").Padding("░"),
		mpb.BarPriority(math.MaxInt),
		mpb.PrependDecorators(decor.Name(fmt.Sprintf("%-10s", phase)), decor.CountersNoUnit("%d/%d")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return p.status() })))
	p.total.SetCurrent(int64(done))
}

// finished takes in a result. The best so far is the best in the first objective.
func (p *progress) finished(e store.Entry, replayed bool) {
	if b := p.running[e.Trial.ID]; b != nil {
		b.Abort(true)
	}
	delete(p.running, e.Trial.ID)
	if e.OK() && e.Trial.Phase == trial.Search && p.plan.Constraints.Kept(e.Result.Metrics) {
		o := p.plan.Objectives[0]
		if x, ok := e.Result.Metrics.Get(o.Metric); ok && (p.bestBy == 0 && p.best == 0 || (x > p.best) == o.Maximise && x != p.best) {
			p.best, p.bestBy = x, e.Trial.ID
		}
	}
	if replayed {
		p.replayed++
		return
	}
	if p.phase != e.Trial.Phase {
		p.enter(e.Trial.Phase)
	}
	p.fresh++
	done, all := p.count()
	if p.total != nil {
		p.total.SetCurrent(int64(done))
	}
	counter := fmt.Sprintf("[%d]", done)
	if all > 0 {
		counter = fmt.Sprintf("[%d/%d]", done, all)
	}
	if p.bars == nil {
		fmt.Fprintf(p.out, "%s %s %s; %s\n", counter, p.name(e.Trial), p.outcome(e), p.status())
	} else if !e.OK() {
		p.say("%s %s", p.name(e.Trial), p.outcome(e))
	}
}

func (p *progress) outcome(e store.Entry) string {
	if !e.OK() {
		return "failed: " + e.Result.Reason
	}
	text := ""
	for _, name := range []string{"accuracy", trial.MACs, trial.Params} {
		if x, ok := e.Result.Metrics.Get(name); ok {
			text += fmt.Sprintf("%s %s, ", name, report.FormatMetric(name, x))
		}
	}
	return text + seconds(e.Result.Spent.WallSeconds)
}

// status is the best so far and the time left in the phase.
func (p *progress) status() string {
	text := ""
	if p.best != 0 || p.bestBy != 0 {
		o := p.plan.Objectives[0]
		text = fmt.Sprintf("best %s %s (trial %d)", o.Metric, report.FormatMetric(o.Metric, p.best), p.bestBy)
	}
	done, all := p.count()
	if p.fresh == 0 || all <= done {
		return text
	}
	left := p.clock().Sub(p.since).Seconds() / float64(p.fresh) * float64(all-done)
	if text != "" {
		text += ", "
	}
	return text + seconds(left) + " left"
}

// count returns how many trials of the phase are done and how many there will be; 0 where another limit ends the search.
func (p *progress) count() (done, all int) {
	for _, e := range p.history.Entries {
		if e.Finished && (e.Trial.Phase == trial.Search) == (p.phase == trial.Search) {
			done++
		}
	}
	if p.phase == trial.Search || p.phase == "" {
		return done, p.plan.Budget.Trials
	}
	return done, (len(p.history.Finalists) + len(p.plan.Networks)) * max(1, p.plan.Finalists.Repeats)
}

func (p *progress) name(t trial.Trial) string {
	if t.Phase == trial.Baseline {
		return t.Name
	}
	return fmt.Sprintf("%s %d", map[trial.Phase]string{trial.Search: "trial", trial.Finalist: "finalist"}[t.Phase], t.ID)
}

// say prints a remark, above the bars where there are some.
func (p *progress) say(format string, args ...any) {
	if p.bars != nil {
		fmt.Fprintf(p.bars, format+"\n", args...)
		return
	}
	fmt.Fprintf(p.out, format+"\n", args...)
}

// seconds prints a time for people: "3.2s", "48s", "2m05s", "1h12m".
func seconds(s float64) string {
	switch {
	case s < 9.95:
		return fmt.Sprintf("%.1fs", s)
	case s < 59.5:
		return fmt.Sprintf("%.0fs", s)
	case s < 3599.5:
		n := int(math.Round(s))
		return fmt.Sprintf("%dm%02ds", n/60, n%60)
	}
	n := int(math.Round(s / 60))
	return fmt.Sprintf("%dh%02dm", n/60, n%60)
}
