package multifidelity

import (
	"fmt"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// PatienceConfig holds the settings of the patience rule.
type PatienceConfig struct {
	Metric string // of the points of learning curves; empty means the first objective, and another must be an objective too
	Points int    // that may bring nothing better than all before; 0 means 10
}

// patience sets the patience of another strategy's proposals.
type patience struct {
	search.Strategy
	points    int
	objective trial.Objective
}

// NewPatience returns a strategy that proposes what inner does, each trial to end once so many points of its curve in a row brought nothing better than
// all before them (early stopping; Prechelt, "Early stopping: but when?", 1998). It keeps bars that a median rule set. A
// proposal that has a patience already, or a rule on another metric, is left as it is. The strategy is a search.WarmStarter if inner is.
func NewPatience(p search.Problem, inner search.Strategy, c PatienceConfig) (search.Strategy, error) {
	if c.Points == 0 {
		c.Points = 10
	}
	if c.Points < 1 {
		return nil, fmt.Errorf("patience: %d points are too few; it needs 1 or more", c.Points)
	}
	objective, err := objectiveOf(p, c.Metric)
	if err != nil {
		return nil, fmt.Errorf("patience: %w", err)
	}
	return withObserve(&patience{Strategy: inner, points: c.Points, objective: objective}, inner), nil
}

// Ask hands through the proposals of the inner strategy, with patience.
func (s *patience) Ask(n int) ([]trial.Proposal, search.State) {
	proposals, state := s.Strategy.Ask(n)
	for i := range proposals {
		if p := &proposals[i]; p.Stop.Patience == 0 && ruleOn(p, s.objective) {
			p.Stop.Patience = s.points
		}
	}
	return proposals, state
}

// objectiveOf returns the objective on a metric, the first if none is named.
func objectiveOf(p search.Problem, metric string) (trial.Objective, error) {
	if err := p.Objectives.Check(); err != nil {
		return trial.Objective{}, err
	}
	for _, o := range p.Objectives {
		if metric == "" || o.Metric == metric {
			return o, nil
		}
	}
	return trial.Objective{}, fmt.Errorf("metric %s is not among the objectives (%v)", metric, p.Objectives)
}

// ruleOn makes the stopping rule of a proposal one on an objective, or returns false if it is on another metric already.
func ruleOn(p *trial.Proposal, o trial.Objective) bool {
	if p.Stop.Metric == "" {
		p.Stop.Metric, p.Stop.Maximise = o.Metric, o.Maximise
	}
	return p.Stop.Metric == o.Metric && p.Stop.Maximise == o.Maximise
}

// observing is a strategy that hands on what is observed.
type observing struct {
	search.Strategy
	inner search.WarmStarter
}

// Observe implements search.WarmStarter.
func (s observing) Observe(results []trial.Result) { s.inner.Observe(results) }

// withObserve returns s with the ability to observe, if the strategy inside has it.
func withObserve(s, inner search.Strategy) search.Strategy {
	if w, ok := inner.(search.WarmStarter); ok {
		return observing{s, w}
	}
	return s
}
