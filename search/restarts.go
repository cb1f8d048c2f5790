package search

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// OriginRestart is the origin of a uniform draw in answer to stagnation.
const OriginRestart = "restart"

// restartStream names the random stream of the draws; another name would make other draws.
const restartStream = "vigilant"

// Restarts watches another strategy and restarts it from fresh ground when it stagnates: the next proposals are drawn uniformly, and the
// strategy observes their results. Then it has Patience results' time again.
type Restarts struct {
	problem Problem
	inner   WarmStarter
	monitor *Monitor
	draws   int // of a restart
	left    *unproposed
	asked   uint64
	twice   map[space.Arch][]trial.Key // what the inner strategy proposed while a draw of a restart was under way
	alias   map[trial.Key]trial.Key    // the draws that stand for those, by the inner strategy's keys
	ahead   int                        // draws left of a restart
	count   int                        // restarts
}

// NewRestarts watches a strategy that was made for the problem, and draws so many architectures when it stagnates. It
// is an error if the strategy cannot observe results, or draws is less than 1.
func NewRestarts(p Problem, s Strategy, draws int) (*Restarts, error) {
	inner, ok := s.(WarmStarter)
	switch {
	case !ok:
		return nil, fmt.Errorf("a strategy that cannot observe results cannot be restarted")
	case draws < 1:
		return nil, fmt.Errorf("a restart of %d draws is too small; it needs 1 at least", draws)
	}
	return &Restarts{
		problem: p, inner: inner, monitor: NewStagnation(p.Region).Monitor(), draws: draws, left: newUnproposed(p.Region),
		twice: map[space.Arch][]trial.Key{}, alias: map[trial.Key]trial.Key{},
	}, nil
}

// Ask proposes what the inner strategy does, or a uniform draw while a restart lasts.
func (s *Restarts) Ask(n int) ([]trial.Proposal, State) {
	var out []trial.Proposal
	for range n {
		p, state := s.propose()
		if state != Ready {
			return out, state
		}
		s.monitor.Proposed(p.Arch)
		s.asked++
		out = append(out, p)
	}
	return out, Ready
}

func (s *Restarts) propose() (trial.Proposal, State) {
	if s.left.empty() {
		return trial.Proposal{}, Done
	}
	if s.ahead > 0 {
		s.ahead--
		a := s.left.draw(stream.New(s.problem.Seed, restartStream, s.asked))
		return trial.Proposal{Key: trial.Key(s.asked+1).Of(drawn, sources), Arch: a, Origin: OriginRestart}, Ready
	}
	for {
		all, state := s.inner.Ask(1)
		if len(all) == 0 {
			return trial.Proposal{}, state
		}
		p := all[0]
		if p.From == 0 && !s.left.holds(p.Arch) { // a restart drew it, and its result is outstanding
			s.twice[p.Arch] = append(s.twice[p.Arch], p.Key)
			continue
		}
		s.left.take(p.Arch)
		p.Key, p.From = s.outer(p.Key), s.outer(p.From)
		var parents []trial.Key
		for _, parent := range p.Parents {
			parents = append(parents, s.outer(parent))
		}
		p.Parents = parents
		return p, Ready
	}
}

// The sources of proposals, for trial.Key.Of.
const (
	inside = iota
	drawn
	sources
)

// outer returns the key of the proposal that the inner strategy calls by its own.
func (s *Restarts) outer(own trial.Key) trial.Key {
	if key, ok := s.alias[own]; ok {
		return key
	}
	return own.Of(inside, sources)
}

// Tell hands the results on, under the keys of the inner strategy.
func (s *Restarts) Tell(results []trial.Result) {
	for _, r := range results {
		source, own := r.Key.Split(sources)
		again := s.twice[r.Arch]
		delete(s.twice, r.Arch)
		switch {
		case source == inside:
			s.inner.Tell([]trial.Result{keyedBy(r, own)})
		case len(again) == 0:
			s.inner.Observe([]trial.Result{r})
		}
		for _, own := range again {
			s.alias[own] = r.Key
			s.inner.Tell([]trial.Result{keyedBy(r, own)})
		}
		s.answer(r)
	}
}

func keyedBy(r trial.Result, key trial.Key) trial.Result {
	r.Key = key
	return r
}

// answer begins a restart if the search stagnates.
func (s *Restarts) answer(r trial.Result) {
	objectives, _ := s.problem.Objectives.Vector(r)
	s.monitor.Told(objectives, s.problem.Constraints.Violation(r.Metrics))
	if s.monitor.Stagnant() {
		s.monitor.progress.since = 0
		s.ahead = s.draws
		s.count++
	}
}

// Count returns how often the search was restarted.
func (s *Restarts) Count() int { return s.count }

// Observe implements WarmStarter.
func (s *Restarts) Observe(results []trial.Result) {
	for _, r := range results {
		s.left.exclude(r.Arch)
	}
	s.inner.Observe(results)
}
