package main

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/spec"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// progress shows a running study: a bar for the stage and one for each running trial on a terminal, a line a trial
// elsewhere. It is a study.Observer.
type progress struct {
	out     io.Writer
	plan    *spec.Plan
	clock   func() time.Time
	history store.History
	before  int // results that the journal held when this run began, until that was said

	stage    string    // of the study; finalists and baselines are one
	since    time.Time // when the stage began in this run
	fresh    int       // results of this run in this stage, for the time left
	best     incumbent
	fidelity trial.Fidelity // of the best, and of is its stage
	of       string

	bars    *mpb.Progress // nil: plain lines
	total   *mpb.Bar
	running map[trial.ID]*mpb.Bar
	beside  *atomic.Pointer[texts] // the total bar, which a goroutine of its own draws
}

// texts stand beside the bar of a stage: how many trials are done, and the best so far with the time left.
type texts struct{ counter, status string }

// finals is the name under which finalists and baselines are counted together.
const finals = "finals"

func stageOf(t trial.Trial) string {
	if t.Stage == store.Finalists || t.Stage == store.Baselines {
		return finals
	}
	return t.Stage
}

func newProgress(w io.Writer, plan *spec.Plan, plain bool) *progress {
	p := &progress{out: w, plan: plan, clock: time.Now, running: map[trial.ID]*mpb.Bar{}}
	if f, ok := w.(*os.File); ok && !plain && term.IsTerminal(int(f.Fd())) {
		p.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(48), mpb.WithRefreshRate(200*time.Millisecond))
	}
	return p
}

func (p *progress) begin(folder string, workers, threads int) {
	fmt.Fprintf(p.out, "study %s: %s\n", p.plan.Name, p.plan.Outline())
	for _, k := range spec.PriorOf(p.plan.Prior) {
		fmt.Fprintf(p.out, "prior study: %s\n", k)
	}
	fmt.Fprintf(p.out, "run folder %s; %s at a time, %s each; Ctrl-C stops, trellis resume %s goes on\n",
		folder, several(workers, "trial"), several(threads, "thread"), folder)
}

func (p *progress) end() {
	p.replayed()
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

// replayed says, once, what a resumed study need not do again.
func (p *progress) replayed() {
	switch {
	case p.before == 0:
	case p.history.Ended && p.fresh == 0:
		p.say("the study is complete; its journal holds %s", several(p.before, "result"))
	default:
		p.say("the journal holds %s already", several(p.before, "result"))
	}
	p.before = 0
}

// Recorded implements study.Observer.
func (p *progress) Recorded(e store.Event, replayed bool) {
	if !replayed {
		p.replayed()
	}
	if p.history.Apply(e) != nil {
		return // the study itself reports a damaged journal
	}
	if b, ok := e.Body.(store.TrialFinished); ok {
		p.finished(p.history.Entries[b.Result.Trial], replayed)
	}
	if replayed {
		return
	}
	switch b := e.Body.(type) {
	case store.StageOpened: // by now the trials that were under way when the stage before was closed are done, too
		p.opened(b)
	case store.TestOpened:
		p.say("the sealed test set is opened, once")
	}
}

// opened says that a stage begins, and what became of the one before.
func (p *progress) opened(b store.StageOpened) {
	if n := len(p.history.Stages); n > 1 && b.Stage != store.Baselines {
		before := p.history.Stages[n-2]
		what := "the search"
		if before.Stage != store.Search {
			what = "stage " + before.Stage
		}
		p.say("%s is over: %s, %s", what, several(p.done(before.Stage), "trial"), closed(before.Closed))
	}
	if len(b.Chosen) > 0 {
		names := make([]string, len(b.Chosen))
		for i, id := range b.Chosen {
			names[i] = fmt.Sprintf("trial %d", id)
		}
		length := ""
		if b.Resource.Name != "" {
			length = fmt.Sprintf(" (%s: %s)", b.Resource.Name, b.Fidelity)
		}
		p.say("%s: %s%s", b.Stage, strings.Join(names, ", "), length)
	}
	p.update()
}

func closed(r store.Reason) string {
	switch r {
	case store.Exhausted:
		return "and nothing is left to propose"
	case store.WallLimit:
		return "the time of the study file is spent"
	case store.MACLimit:
		return "the MACs of the study file are spent"
	case store.ResourceLimit:
		return "the epochs of the study file are spent"
	}
	return "as the study file says"
}

// Began implements study.Observer.
func (p *progress) Began(t trial.Trial) {
	p.replayed()
	p.enter(stageOf(t))
	if p.bars == nil {
		return
	}
	const parts = 1000
	p.running[t.ID] = p.bars.New(parts, mpb.BarStyle().Lbound(" ").Rbound(" ").Filler("─").Tip("╴").Padding(" "),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(fmt.Sprintf("  %-10s", nameOf(t)))),
		mpb.AppendDecorators(decor.Percentage()))
}

// Progressed implements study.Observer.
func (p *progress) Progressed(t trial.Trial, at trial.Progress) {
	if b := p.running[t.ID]; b != nil {
		b.SetCurrent(int64(math.Round(999 * at.Share)))
	}
}

func (p *progress) enter(s string) {
	if p.stage == s {
		return
	}
	p.stage, p.since, p.fresh = s, p.clock(), 0
	if p.bars == nil {
		return
	}
	if p.total != nil {
		p.total.Abort(false)
	}
	beside := new(atomic.Pointer[texts])
	beside.Store(new(texts))
	p.beside = beside
	priority := math.MaxInt - 1 // below the trials, the search above the finals
	if s == finals {
		priority++
	}
	p.total = p.bars.New(0, mpb.BarStyle().Lbound("│").Rbound("│").Filler("█").Tip("█").Padding("░"),
		mpb.BarPriority(priority),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return fmt.Sprintf("%-10s%s", s, beside.Load().counter) })),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return beside.Load().status })))
	p.update()
}

// update brings the bar of the stage up to date. How many finals there will be is known some time after their first began.
func (p *progress) update() (now texts) {
	done, all := p.count()
	now = texts{fmt.Sprint(done), p.summary()}
	if all > 0 {
		now.counter = fmt.Sprintf("%d/%d", done, all)
	}
	if p.total != nil {
		p.beside.Store(&now)
		p.total.SetTotal(int64(all), false)
		p.total.SetCurrent(int64(done))
	}
	return now
}

// finished takes in a result.
func (p *progress) finished(e store.Entry, replayed bool) {
	if b := p.running[e.Trial.ID]; b != nil {
		b.Abort(true)
	}
	delete(p.running, e.Trial.ID)
	if e.OK() && stageOf(e.Trial) != finals && p.comparable(e) && p.plan.Constraints.Kept(e.Result.Metrics) {
		p.best.observe(p.plan.Objectives[0], e, p.history.Started.Metrics)
	}
	if replayed {
		p.before++
		return
	}
	p.enter(stageOf(e.Trial))
	p.fresh++
	now := p.update()
	if p.bars == nil {
		line := fmt.Sprintf("[%s] %s %s", now.counter, nameOf(e.Trial), p.outcome(e))
		if now.status != "" {
			line += "; " + now.status
		}
		p.say("%s", line)
	} else if !e.OK() {
		p.say("%s %s", nameOf(e.Trial), p.outcome(e))
	}
}

func (p *progress) outcome(e store.Entry) string {
	if !e.OK() {
		return "failed: " + e.Result.Reason
	}
	var parts []string
	if f := e.Result.Fidelity; len(p.history.Fidelities(e.Trial.Stage)) > 1 || e.Result.Stopped != nil {
		resource := "amount"
		if s, ok := p.history.Stage(e.Trial.Stage); ok && s.Resource.Name != "" {
			resource = s.Resource.Name
		}
		parts = append(parts, fmt.Sprintf("%s %s", resource, f))
	}
	infos := p.history.Started.Metrics
	for _, name := range report.Columns(p.plan.Objectives, infos) {
		x, ok := e.Result.Metrics.Get(name)
		switch {
		case !ok:
		case name == trial.MACs:
			parts = append(parts, infos.Of(name).Format(x)+" MACs")
		case name == trial.Params:
			parts = append(parts, infos.Of(name).Format(x)+" params")
		default:
			parts = append(parts, name+" "+infos.Of(name).Format(x))
		}
	}
	return strings.Join(append(parts, seconds(e.Result.Spent.WallSeconds)), ", ")
}

// summary is the best of the search so far, and the time left in the stage; empty when neither is known.
func (p *progress) summary() string {
	var parts []string
	if p.stage != finals && p.best.known {
		parts = append(parts, "best "+p.best.String())
	}
	if done, all := p.count(); p.fresh > 0 && done < all {
		left := p.clock().Sub(p.since).Seconds() / float64(p.fresh) * float64(all-done)
		parts = append(parts, seconds(left)+" left")
	}
	return strings.Join(parts, ", ")
}

// count returns how many trials of the stage are done and how many there will be; 0 where another limit ends the search.
func (p *progress) count() (done, all int) {
	done = p.done(p.stage)
	if p.stage == finals {
		chosen := 0
		if s, ok := p.history.Stage(store.Finalists); ok {
			chosen = len(s.Chosen)
		}
		return done, (chosen + len(p.plan.Networks)) * max(1, p.plan.Finalists.Repeats)
	}
	for _, s := range p.plan.Stages {
		if s.Name != p.stage {
			continue
		}
		switch {
		case s.Best != nil:
			return done, s.Best.Count
		case s.List != nil:
			return done, len(s.List)
		}
		all = s.Stop.Trials
		if r := p.plan.Region; r != nil && s.Fidelity.Scheduler.Name == "" && r.Count().Cmp(big.NewInt(int64(all))) < 0 {
			all = int(r.Count().Int64()) // no strategy proposes an architecture twice at the same fidelity
		}
	}
	return done, all
}

// comparable reports whether a result is at the highest fidelity that its stage has reached, and forgets the best of lower ones.
func (p *progress) comparable(e store.Entry) bool {
	if e.Result.Fidelity.Compare(p.fidelity) > 0 || e.Trial.Stage != p.of {
		p.fidelity, p.of, p.best = e.Result.Fidelity, e.Trial.Stage, incumbent{}
	}
	return e.Result.Fidelity == p.fidelity
}

func (p *progress) done(s string) (n int) {
	for _, e := range p.history.Entries {
		if e.Finished && stageOf(e.Trial) == s {
			n++
		}
	}
	return n
}

func nameOf(t trial.Trial) string {
	switch {
	case t.Network != nil:
		return t.Name
	case t.Stage == store.Finalists:
		return fmt.Sprintf("finalist %d", t.ID)
	}
	return fmt.Sprintf("trial %d", t.ID)
}

// say prints a remark, above the bars where there are some.
func (p *progress) say(format string, args ...any) {
	w := p.out
	if p.bars != nil {
		w = p.bars
	}
	fmt.Fprintf(w, format+"\n", args...)
}
