package multifidelity

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// MedianConfig holds the settings of the median rule.
type MedianConfig struct {
	Metric string // of the points of learning curves; empty means the first objective, and another must be an objective too
	Warmup int    // up to this amount nothing is stopped
	Least  int    // completed curves that there must be at an amount; 0 means 5
	Every  int    // amounts from one look at a curve to the next; 0 means 1
}

// medianRule sets the bars of another strategy's proposals.
type medianRule struct {
	search.Strategy
	c         MedianConfig
	objective trial.Objective
	asked     map[trial.Key]asked
	longest   int        // amount of a completed curve
	averages  []averages // by amount, ascending
}

// asked is what is remembered of a proposal.
type asked struct {
	amount   int       // 0 where the proposal leaves it open
	training *training // a promotion has that of what it continues
}

// training is a learning curve so far, over one trial or several.
type training struct {
	amount int // up to which the curve is counted
	sum    float64
	points int
}

// averages are the running averages of the completed curves at an amount, ascending.
type averages struct {
	amount int
	values []float64
}

// NewMedianRule returns a strategy that proposes what inner does, with bars that stop a trial whose best value so far is worse than the median of
// others (Golovin et al., "Google Vizier: A service for black-box optimization", 2017):
//
//	bar(t) = median over completed trials j of (1/t) Σ_{i≤t} curve_j(i)
//
// The bars are made of the results observed when the trial is proposed, and stand in the proposal, so that nothing depends on which trials happen to
// have ended meanwhile. Failed and stopped trials count for nothing. A promotion is the same training as what it continues, and
// counts once with it. No bar stands at a trial's last amount, nor up to that from which it goes on. A proposal that has bars
// already, or a rule on another metric, is left as it is.
//
// Around a scheduler the rule compares all trials; inside, only those on the rung where architectures start, whose curves end at that rung's
// amount. The strategy is a search.WarmStarter if inner is; observed results set no bars.
func NewMedianRule(p search.Problem, inner search.Strategy, c MedianConfig) (search.Strategy, error) {
	if c.Least == 0 {
		c.Least = 5
	}
	if c.Every == 0 {
		c.Every = 1
	}
	switch {
	case c.Warmup < 0:
		return nil, fmt.Errorf("median: a warm-up of %d is impossible; it needs 0 or more", c.Warmup)
	case c.Least < 1:
		return nil, fmt.Errorf("median: the median of %d curves is impossible; it needs 1 or more", c.Least)
	case c.Every < 1:
		return nil, fmt.Errorf("median: a look every %d is impossible; it needs 1 or more", c.Every)
	}
	objective, err := objectiveOf(p, c.Metric)
	if err != nil {
		return nil, fmt.Errorf("median: %w", err)
	}
	s := &medianRule{Strategy: inner, c: c, objective: objective, asked: map[trial.Key]asked{}}
	return withObserve(s, inner), nil
}

// Ask hands through the proposals of the inner strategy, with bars.
func (s *medianRule) Ask(n int) ([]trial.Proposal, search.State) {
	proposals, state := s.Strategy.Ask(n)
	for i := range proposals {
		p := &proposals[i]
		first, last := 0, p.Fidelity.Amount
		a := asked{amount: p.Fidelity.Amount, training: &training{}}
		if from, ok := s.asked[p.From]; ok {
			first, a.training = from.amount, from.training
		}
		s.asked[p.Key] = a
		if last == 0 {
			last = s.longest
		}
		if bars := s.bars(first, last); len(bars) > 0 && len(p.Stop.Bars) == 0 && ruleOn(p, s.objective) {
			p.Stop.Bars, p.Stop.Name = bars, "median"
		}
	}
	return proposals, state
}

// bars returns the medians at the amounts between first and last, both left out.
func (s *medianRule) bars(first, last int) (bars []trial.Bar) {
	for _, a := range s.averages {
		n := len(a.values)
		if a.amount <= first || a.amount >= last || n < s.c.Least {
			continue
		}
		bars = append(bars, trial.Bar{Amount: a.amount, Value: (a.values[(n-1)/2] + a.values[n/2]) / 2})
	}
	return bars
}

// Tell takes in the curves of completed trials and hands the results on.
func (s *medianRule) Tell(results []trial.Result) {
	for _, r := range results {
		a, ok := s.asked[r.Key]
		if ok && r.Status == trial.OK && r.Stopped == nil {
			s.count(a.training, r.Curve)
		}
	}
	s.Strategy.Tell(results)
}

func (s *medianRule) count(t *training, curve []trial.Point) {
	for _, p := range curve {
		x, ok := p.Metrics.Get(s.objective.Metric)
		if !ok || p.Amount <= t.amount {
			continue
		}
		t.amount, t.sum, t.points = p.Amount, t.sum+x, t.points+1
		s.longest = max(s.longest, p.Amount)
		if p.Amount > s.c.Warmup && p.Amount%s.c.Every == 0 {
			s.insert(p.Amount, t.sum/float64(t.points))
		}
	}
}

func (s *medianRule) insert(amount int, value float64) {
	i, found := slices.BinarySearchFunc(s.averages, amount, func(a averages, amount int) int { return a.amount - amount })
	if !found {
		s.averages = slices.Insert(s.averages, i, averages{amount: amount})
	}
	a := &s.averages[i]
	at, _ := slices.BinarySearch(a.values, value)
	a.values = slices.Insert(a.values, at, value)
}
