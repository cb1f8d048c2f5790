package spec

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/multifidelity"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// Stage is a stage of the search: trials of a strategy, of a list, or of the best of an earlier stage.
type Stage struct {
	Name     string
	Strategy Strategy       // of a stage that proposes
	Best     *Best          // of a stage that takes up the best of an earlier one; nil otherwise
	List     []strict.Value // of a stage that tries given architectures, as text
	Stop     StopConditions
	Fidelity Fidelity
	at       strict.Value
}

// Best says what a stage takes up of an earlier one.
type Best struct {
	Of     string
	Count  int
	Spread bool
	Resume bool // goes on from their checkpoints
}

// Fidelity says at which fidelity a stage evaluates, and by which scheduler.
type Fidelity struct {
	Amount    int     // of the evaluator's resource; 0: the full one
	Data      float64 // share of the training samples; 0: all
	Scheduler Schedule
	Stopping  []Schedule // rules that end trials early, the innermost first
	at        strict.Value
}

// of returns the fidelity of the stage's trials, given the full amount of its evaluator.
func (f Fidelity) of(full int) trial.Fidelity {
	if full == 0 && f.Amount == 0 && f.Data == 0 {
		return trial.Fidelity{} // what the evaluator takes as full
	}
	out := trial.Full(max(1, full))
	if f.Amount > 0 {
		out.Amount = f.Amount
	}
	if f.Data > 0 {
		out.Data = f.Data
	}
	return out
}

var stageName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// readStages reads the stages of the search: the list under `stages`, or the one that `strategy`, `fidelity` and `budget` make.
func (f *File) readStages(m strict.Map) {
	list := m.Get("stages")
	if !list.Given() {
		f.Stages = []Stage{{
			Name: store.Search, Strategy: readStrategy(m.Get("strategy")), Fidelity: f.readFidelity(m.Get("fidelity")), Stop: f.readStop(m.Need("budget")),
		}}
		return
	}
	for _, key := range []string{"strategy", "fidelity", "budget"} {
		if at := m.Get(key); at.Given() {
			m.KeyValue(key).Fail("%s stands beside stages; write it in each stage that it is for", key)
		}
	}
	for _, item := range list.List() {
		f.Stages = append(f.Stages, f.readStage(item, list))
	}
	if len(f.Stages) == 0 {
		list.Fail("stages is an empty list: name at least one, or leave it out")
	}
}

func (f *File) readStage(v, all strict.Value) Stage {
	m := v.Map("name", "strategy", "best", "list", "fidelity", "budget")
	s := Stage{Name: m.Need("name").Text(""), at: v}
	name := m.Get("name")
	if name.Given() && !stageName.MatchString(s.Name) {
		name.Fail("stage name %q must be 1 to 64 small letters, digits, - and _", s.Name)
	}
	if s.Name == store.Finalists || s.Name == store.Baselines {
		name.Fail("a stage cannot be named %s: that is the name of a later one", s.Name)
	}
	for _, before := range f.Stages {
		if before.Name == s.Name {
			name.Fail("two stages are named %s", s.Name)
		}
	}
	var sources []string
	for _, key := range []string{"strategy", "best", "list"} {
		if m.Get(key).Given() {
			sources = append(sources, key)
		}
	}
	if len(sources) > 1 {
		v.Fail("stage %s has %s; its trials come from one of them", s.Name, strings.Join(sources, " and "))
	}
	s.Fidelity = f.readFidelity(m.Get("fidelity"))
	budget := m.Get("budget")
	switch {
	case m.Get("best").Given():
		s.Best = f.readBest(m.Get("best"), all)
		f.checkResumed(s, m.Get("best"))
	case m.Get("list").Given():
		s.List = m.Get("list").List()
		if len(s.List) == 0 {
			m.Get("list").Fail("the list of stage %s is empty: name at least one architecture, by its text form", s.Name)
		}
		seen := map[string]bool{}
		for _, item := range s.List {
			text := item.Text("")
			if seen[text] {
				item.Fail("architecture %q is listed twice", text)
			}
			seen[text] = true
		}
	default:
		s.Strategy = readStrategy(m.Get("strategy"))
		budget = m.Need("budget")
	}
	if s.Best != nil || s.List != nil {
		if s.Fidelity.Scheduler.Name != "" {
			s.Fidelity.at.AnyMap().Get("scheduler").Fail("a scheduler promotes what a strategy proposes, and stage %s has no strategy", s.Name)
		}
		if len(s.Fidelity.Stopping) > 0 {
			s.Fidelity.at.AnyMap().Get("stop").Fail("a stopping rule is for trials that a strategy proposes, and stage %s has no strategy", s.Name)
		}
	}
	if budget.Given() {
		s.Stop = f.readStop(budget)
	}
	return s
}

func (f *File) readBest(v, all strict.Value) *Best {
	m := v.Map("of", "count", "choose", "resume")
	b := &Best{
		Count:  int(m.Need("count").Int(0, 1, 1_000_000)),
		Spread: m.Get("choose").Word("best", "best", "spread") == "spread",
		Resume: m.Get("resume").Bool(false),
	}
	var names []string
	for _, s := range f.Stages {
		names = append(names, s.Name)
	}
	of := m.Get("of")
	if len(names) == 0 {
		v.Fail("the first stage has no earlier one to take the best of")
		return b
	}
	if name := of.Text(""); of.Given() && !slices.Contains(names, name) {
		for _, item := range all.List() {
			if item.IsMap() && item.AnyMap().Get("name").Text("") == name {
				of.Fail("stage %q does not end before this one; %s", name, nearest.Advice(name, names))
			}
		}
	}
	b.Of = of.Word(names[len(names)-1], names...)
	return b
}

// checkResumed reports a stage that cannot go on from the checkpoints of the one before.
func (f *File) checkResumed(s Stage, v strict.Value) {
	i := slices.IndexFunc(f.Stages, func(before Stage) bool { return before.Name == s.Best.Of })
	if !s.Best.Resume || i < 0 || f.Evaluation == nil {
		return
	}
	at, full := v.AnyMap().Get("resume"), f.Evaluation.Full()
	here, before := s.Fidelity.of(full), f.Stages[i].Fidelity.of(full)
	switch {
	case full == 0: // the program says how much that is
	case here.Amount <= before.Amount:
		at.Fail("stage %s cannot go on from checkpoints of stage %s: it runs for %d, and that ran for %d", s.Name, s.Best.Of, here.Amount, before.Amount)
	case here.At(0) != before.At(0):
		at.Fail("stage %s cannot go on from checkpoints of stage %s: they are of another share of the data", s.Name, s.Best.Of)
	}
}

// readFidelity reads `fidelity`.
func (f *File) readFidelity(v strict.Value) Fidelity {
	out := Fidelity{at: v}
	keys := []string{"epochs", "data", "scheduler", "stop"}
	m := v.AnyMap()
	var scheduler multifidelity.Scheduler
	var settings []multifidelity.Setting
	if at := m.Get("scheduler"); at.Given() {
		var names []string
		all := multifidelity.Schedulers()
		for _, s := range all {
			names = append(names, s.Name)
		}
		if i := slices.Index(names, at.Word("", names...)); i >= 0 {
			scheduler = all[i]
			settings = append(multifidelity.Shared(), scheduler.Settings...)
			for _, s := range settings {
				keys = append(keys, s.Name)
			}
		}
	}
	for _, key := range m.Keys() {
		if slices.Contains(keys, key) {
			continue
		}
		if owners := schedulersWith(key); len(owners) > 0 && scheduler.Name != "" {
			foreign(m, key, "the scheduler is "+scheduler.Name, owners)
		} else if len(owners) > 0 && !m.Get("scheduler").Given() {
			foreign(m, key, "there is no scheduler: name one, as `scheduler: "+owners[0]+"`", owners)
		}
	}
	m = v.Map(keys...)
	full := 1
	if f.Evaluation != nil {
		full = f.Evaluation.Full()
	}
	switch amount := m.Get("epochs"); {
	case amount.Given() && full == 0:
		amount.Fail("the study file gives no full amount to compare with: give evaluation.epochs too")
	default:
		out.Amount = int(amount.Int(0, 1, math.MaxInt32))
		if out.Amount > max(1, full) {
			amount.Fail("epochs is %d, more than the %d of evaluation: want at most that", out.Amount, max(1, full))
		}
	}
	if at := m.Get("data"); at.Given() {
		out.Data = share(at, "data", 1e-6, 1)
		if f.Evaluation != nil && f.Evaluation.Kind() == bench.Kind && out.Data != 1 {
			at.Fail("a table has results of the whole data alone, and data is %v: leave it out", out.Data)
		}
	}
	if scheduler.Name != "" {
		out.Scheduler = readSchedule(m, scheduler.Name, settings)
	}
	for _, item := range oneOrMore(m.Get("stop")) {
		rule := readRule(item)
		if slices.ContainsFunc(out.Stopping, func(s Schedule) bool { return s.Name == rule.Name }) {
			item.Fail("rule %q is listed twice", rule.Name)
		}
		out.Stopping = append(out.Stopping, rule)
	}
	if out.Scheduler.Name != "" && f.Evaluation != nil {
		checkRungs(m, out, full)
	}
	return out
}

// checkRungs reports a scheduler that has one rung only, and so nothing to promote.
func checkRungs(m strict.Map, f Fidelity, full int) {
	most, key := full, "evaluation.epochs"
	if f.Amount > 0 {
		most, key = f.Amount, "epochs"
	}
	if most <= 1 {
		m.Get("scheduler").Fail("a scheduler needs trials of different amounts, and the study file gives no full amount above 1: give %s", key)
		return
	}
	c := multifidelity.Config{Full: trial.Full(most), Min: int(f.Scheduler.Values["min"]), Eta: int(f.Scheduler.Values["eta"])}
	rungs, err := c.Rungs()
	at := m.Get("min")
	eta := m.Get("eta")
	factor := int(eta.Int(3, 2, math.MaxInt32))
	switch {
	case at.Given() && c.Min > most:
		at.Fail("min is %d, more than the full amount of %d: want less", c.Min, most)
	case err != nil || len(rungs) > 1:
	case eta.Given() && factor > most:
		eta.Fail("with eta %d nothing is run for less than the full amount of %d; want at most %d", factor, most, most)
	case at.Given():
		at.Fail("with min %d nothing is run for less than the full amount of %d; want at most %d, that divided by eta", c.Min, most, most/factor)
	default:
		m.Get("scheduler").Fail("with an eta of 3 nothing is run for less than the full amount of %d: give eta, as `eta: 2`", most)
	}
}

// schedulersWith returns the schedulers that have a setting; for one that all have, all of them.
func schedulersWith(setting string) (names []string) {
	for _, s := range multifidelity.Schedulers() {
		if has(append(multifidelity.Shared(), s.Settings...), setting) {
			names = append(names, s.Name)
		}
	}
	return names
}

// readRule reads a stopping rule: its name, or a mapping of `rule` and its settings.
func readRule(v strict.Value) Schedule {
	name := v
	if v.IsMap() {
		name = v.AnyMap().Need("rule")
	}
	var names []string
	all := multifidelity.Rules()
	for _, r := range all {
		names = append(names, r.Name)
	}
	i := slices.Index(names, name.Word("", names...))
	if i < 0 {
		return Schedule{}
	}
	var m strict.Map
	if v.IsMap() {
		keys := []string{"rule"}
		for _, s := range all[i].Settings {
			keys = append(keys, s.Name)
		}
		for _, key := range v.AnyMap().Keys() {
			for _, other := range all {
				if !slices.Contains(keys, key) && has(other.Settings, key) {
					foreign(v.AnyMap(), key, "the rule is "+all[i].Name, []string{other.Name})
				}
			}
		}
		m = v.Map(keys...)
	}
	return readSchedule(m, all[i].Name, all[i].Settings)
}

// oneOrMore returns the items of a list, or the one value that stands in its place.
func oneOrMore(v strict.Value) []strict.Value {
	switch {
	case !v.Given():
		return nil
	case v.IsList():
		return v.List()
	}
	return []strict.Value{v}
}

func (f *File) readStop(v strict.Value) StopConditions {
	m := v.Map("trials", "epochs", "macs", "wall_time")
	b := StopConditions{
		Trials: int(m.Get("trials").Int(0, 1, 10_000_000)),
		Amount: m.Get("epochs").Int(0, 1, math.MaxInt64),
		MACs:   m.Get("macs").Int(0, 1, math.MaxInt64),
		Wall:   m.Get("wall_time").Duration(0),
	}
	if b.MACs > 0 && f.Evaluation != nil && f.Evaluation.Kind() == bench.Kind {
		m.KeyValue("macs").Fail("a table trains nothing, so macs would end nothing: give trials or epochs")
	}
	if v.Given() && b == (StopConditions{}) {
		v.Fail("the budget has no limit: give at least one of trials, epochs, macs, wall_time")
	}
	return b
}

// String names the limits: "50 trials or 20m0s".
func (b StopConditions) String() string {
	var parts []string
	if b.Trials > 0 {
		parts = append(parts, fmt.Sprintf("%d trials", b.Trials))
	}
	if b.Amount > 0 {
		parts = append(parts, fmt.Sprintf("%d epochs", b.Amount))
	}
	if b.MACs > 0 {
		parts = append(parts, fmt.Sprintf("%d MACs trained", b.MACs))
	}
	if b.Wall > 0 {
		parts = append(parts, b.Wall.String())
	}
	return strings.Join(parts, " or ")
}
