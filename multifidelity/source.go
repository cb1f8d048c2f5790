package multifidelity

import (
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// source is an instance of the inner strategy, whose proposals start on one rung.
type source struct {
	strategy search.Strategy
	rung     int
	keys     map[trial.Key]trial.Key // of the scheduler, by that of the inner strategy; for parents
	done     bool
}

// newSource makes the instance of a rung. The one of the lowest rung has the seed of the problem.
func (h *history) newSource(inner Inner, rung int) (*source, error) {
	p := h.problem
	if rung > 0 {
		p.Seed = stream.Seed(p.Seed, "multifidelity", uint64(rung))
	}
	s, err := inner(p)
	if err != nil {
		return nil, err
	}
	return sourceOf(s, rung), nil
}

func sourceOf(s search.Strategy, rung int) *source {
	return &source{strategy: s, rung: rung, keys: map[trial.Key]trial.Key{}}
}

// manyRepeats bounds how many proposals in a row may have been evaluated before: more of them come from a strategy that does not say that it is done.
const manyRepeats = 10_000

// next returns the next proposal that is new on its rung. The state is that of the inner strategy.
func (s *source) next(h *history) (trial.Proposal, *evaluation, search.State) {
	for range manyRepeats {
		if s.done {
			break
		}
		proposals, state := s.strategy.Ask(1)
		s.done = state == search.Done
		if len(proposals) == 0 {
			if state == search.Wait {
				return trial.Proposal{}, nil, search.Wait
			}
			break
		}
		p := proposals[0]
		at := place{p.Arch, s.rung}
		if known := h.at[at]; known != nil {
			s.keys[p.Key] = known.key
			if known.told {
				s.tell(p.Key, known.result)
			} else {
				known.askers = append(known.askers, asker{s, p.Key})
			}
			continue
		}
		own := p.Key
		p.Parents = s.parents(p.Parents)
		p, e := h.propose(at, p)
		s.keys[own] = p.Key
		e.askers = append(e.askers, asker{s, own})
		return p, e, search.Ready
	}
	s.done = true
	return trial.Proposal{}, nil, search.Done
}

func (s *source) parents(own []trial.Key) (keys []trial.Key) {
	for _, k := range own {
		if key := s.keys[k]; key != 0 {
			keys = append(keys, key)
		}
	}
	return keys
}

func (s *source) tell(own trial.Key, r trial.Result) {
	r.Key = own
	s.strategy.Tell([]trial.Result{r})
}
