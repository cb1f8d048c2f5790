package spec

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// Run is what a plan needs to become a running study: the part that belongs to the machine and decides nothing.
type Run struct {
	Folder   string // for weights and checkpoints
	Journal  store.Journal
	Workers  int // trials at a time; 0 means the window
	Threads  int // of each trial; 0 means 1
	Version  string
	Machine  string
	Observer study.Observer
}

// Study returns the study of the plan, ready to run or to resume: the value that a program makes in Go.
func (p *Plan) Study(r Run) (trellis.Study, error) {
	evaluator, err := p.Evaluation.evaluator(p, r)
	p.closeLater(evaluator)
	if err != nil {
		return trellis.Study{}, p.at(p.evaluation, err)
	}
	final := evaluator
	if p.Finalists.Count > 0 || len(p.Networks) > 0 {
		final, err = p.Finalists.Evaluation.evaluator(p, r)
		p.closeLater(final)
		if err != nil {
			return trellis.Study{}, p.at(p.finalists, err)
		}
	}
	stages, err := p.stages(p.Costs.Added(p.repeated(evaluator)), p.Costs.Added(final))
	if err != nil {
		return trellis.Study{}, err
	}
	return trellis.Study{
		Name: p.Name, Space: p.Space, Objectives: p.Objectives, Constraints: p.Constraints, Seed: p.Seed, Workers: r.Workers, Stages: stages,
		Config: study.Config{
			Version: r.Version, Text: p.Text, SpaceFile: p.SpaceFile, Files: p.Files, Metrics: p.Costs.Infos(), Prior: p.Prior, Data: p.Dataset,
			Tester: p.Finalists.Evaluation.tester(p, final), Rates: p.Rates,
			Journal: r.Journal, Observer: r.Observer, Worker: r.Machine,
		},
	}, nil
}

// closeLater has Close end what an evaluator started, such as programs.
func (p *Plan) closeLater(e trial.Evaluator) {
	if c, ok := e.(io.Closer); ok && e != nil {
		p.closers = append(p.closers, c)
	}
}

// Close ends what the evaluators of the plan's studies started. A plan without external programs has nothing to close.
func (p *Plan) Close() error {
	var err error
	for _, c := range p.closers {
		err = errors.Join(err, c.Close())
	}
	p.closers = nil
	return err
}

// stages returns the stages of the study: those of the search, the finalists and the baselines.
func (p *Plan) stages(search, final trial.Evaluator) ([]study.Stage, error) {
	sources, err := p.sources()
	if err != nil {
		return nil, err
	}
	var out []study.Stage
	for i, s := range p.Stages {
		out = append(out, study.Stage{
			Name: s.Name, Source: sources[i], Evaluator: search, Fidelity: s.Fidelity.of(p.Evaluation.Full()), Window: p.Window,
			Stop:        study.StopConditions{Trials: s.Stop.Trials, Wall: s.Stop.Wall, MACs: s.Stop.MACs, Amount: int(s.Stop.Amount)},
			Checkpoints: s.Fidelity.Scheduler.Name != "", Attempts: p.Evaluation.attempts(),
		})
	}
	last := p.Stages[len(p.Stages)-1].Name
	return append(out,
		study.Stage{
			Name: store.Finalists, Evaluator: final, Window: p.Window, Keep: true, Test: true, Attempts: p.Finalists.Evaluation.attempts(),
			Source: study.BestOf{Stage: last, Count: p.Finalists.Count, Spread: p.Finalists.Spread, Repeats: p.Finalists.Repeats, Value: p.value()},
		},
		study.Stage{
			Name: store.Baselines, Evaluator: final, Window: p.Window, Keep: true, Test: true, Attempts: p.Finalists.Evaluation.attempts(), Concurrent: true,
			Source: study.FromNetworks(p.Finalists.Repeats, p.Networks...),
		},
	), nil
}

// sources returns the sources of the stages of the search, fresh.
func (p *Plan) sources() ([]study.Source, error) {
	var out []study.Source
	for i := range p.Stages {
		s, err := p.source(&p.Stages[i])
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (p *Plan) source(s *Stage) (study.Source, error) {
	switch {
	case s.Best != nil:
		return study.BestOf{Stage: s.Best.Of, Count: s.Best.Count, Spread: s.Best.Spread, Resume: s.Best.Resume, Value: p.value()}, nil
	case s.List != nil:
		var archs []space.Arch
		for _, at := range s.List {
			a, err := p.Space.Parse(at.Text(""))
			if err == nil && !p.Region.Contains(a) {
				err = fmt.Errorf("%s is not within the limits", at.Text(""))
			}
			if err != nil {
				return nil, p.at(at, err)
			}
			archs = append(archs, a)
		}
		return study.FromList(archs...), nil
	}
	made, err := p.strategy(s)
	if err != nil {
		at := s.Strategy.at
		if !at.Given() {
			at = s.at
		}
		return nil, p.at(at, err)
	}
	return study.FromStrategy(s.String(), made), nil
}

// String names the source of a stage's trials, a strategy with its scheduler: "asha:eta=3 over evolution".
func (s *Stage) String() string {
	switch {
	case s.Best != nil:
		return study.BestOf{Stage: s.Best.Of, Count: s.Best.Count, Spread: s.Best.Spread}.String()
	case s.List != nil:
		return fmt.Sprintf("list of %d", len(s.List))
	}
	text := s.Strategy.String()
	if s.Fidelity.Scheduler.Name != "" {
		text = s.Fidelity.Scheduler.String() + " over " + text
	}
	for _, rule := range s.Fidelity.Stopping {
		text += ", " + rule.String()
	}
	return text
}

// Problem is what strategies of the study are made for.
func (p *Plan) Problem() search.Problem {
	return search.Problem{Region: p.Region, Objectives: p.Objectives, Constraints: p.Constraints, Seed: p.Seed, Exact: p.Costs.Exact()}
}

// strategy makes the strategy of a stage: that of the catalogue, within its scheduler and its stopping rules.
func (p *Plan) strategy(s *Stage) (search.Strategy, error) {
	chosen := s.Strategy.Chosen
	for _, f := range p.settings[s.Name] {
		chosen.Values = chosen.Values.WithFile(f.setting, f.path, f.text)
	}
	var open opener = chosen.New
	if len(p.Scalarization) > 0 {
		inner := open
		open = func(problem search.Problem) (search.Strategy, error) {
			return search.NewScalarized(problem, search.Targets(p.Scalarization...), inner)
		}
	}
	for _, rule := range s.Fidelity.Stopping {
		open = rule.around(open)
	}
	if s.Fidelity.Scheduler.Name != "" {
		open = s.Fidelity.Scheduler.over(open, s.Fidelity.of(p.Evaluation.Full()))
	}
	problem := p.Problem()
	problem.Seed = study.StrategySeed(p.Seed, slices.IndexFunc(p.Stages, func(x Stage) bool { return x.Name == s.Name }))
	return open(problem)
}

// value returns the scalarization of the study for finalists, or nil if it has none.
func (p *Plan) value() func(trial.Result) (float64, bool) {
	if len(p.Scalarization) == 0 {
		return nil
	}
	scalarization := search.Targets(p.Scalarization...)
	return func(r trial.Result) (float64, bool) { return scalarization.Of(p.Objectives, r) }
}

// needed returns the metrics that the evaluator must report: what the study is about, and the lattice does not know.
func (p *Plan) needed() []string {
	var names []string
	add := func(name string) {
		if !p.Costs.Has(name) && !trial.CostInfos().Has(name) {
			names = append(names, name)
		}
	}
	for _, o := range p.Objectives {
		add(o.Metric)
	}
	for _, c := range p.Constraints {
		add(c.Metric)
	}
	return names
}

func (p *Plan) build(t trial.Trial) (*network.Graph, error) {
	if t.Network != nil {
		return t.Network, nil
	}
	return p.Space.Network(t.Arch)
}

// Metrics describes the metrics of the study, as far as they are known before it runs.
func (p *Plan) Metrics() trial.MetricInfos {
	infos, _ := p.Evaluation.metrics()
	for _, m := range append(p.Costs.Infos(), trial.CostInfos()...) {
		if !infos.Has(m.Name) {
			infos = append(infos, m)
		}
	}
	return infos
}
