package multifidelity

import (
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// ASHA is asynchronous successive halving (Li et al., "A system for massively parallel hyperparameter tuning", 2020, algorithm 2). Whenever it
// is asked, from the second-highest rung down,
//
//	candidates = the best ⌊|rung k|/η⌋ of the results on rung k
//
// and the best candidate that was not promoted yet goes on to rung k+1. Where no rung has one, a new architecture starts at the lowest rung. It never
// waits for a rung to be complete. The price: early promotions compete with few, and some would not be made later.
//
// Once the inner strategy is done and nothing is outstanding, as happens in a small region, the search goes on with those that were passed over:
// the best 1/η of what was not promoted, one at least, on the highest rung that has any. So in the end all are evaluated at the full
// amount, those that fail or are stopped left out.
type ASHA struct {
	*history
	boards []board       // by rung
	spare  []*evaluation // to be promoted after all
}

// NewASHA returns ASHA over an inner strategy.
func NewASHA(p search.Problem, inner Inner, c Config) (*ASHA, error) {
	h, err := newHistory("asha", p, c)
	if err != nil {
		return nil, err
	}
	if h.sources[0], err = h.newSource(inner, 0); err != nil {
		return nil, err
	}
	s := &ASHA{history: h, boards: make([]board, len(h.rungs))}
	h.told = func(e *evaluation) { s.boards[e.rung].add(e) }
	return s, nil
}

// Ask proposes up to n evaluations. It waits where the inner strategy does, or is done, and nothing can be promoted.
func (s *ASHA) Ask(n int) ([]trial.Proposal, search.State) { return ask(n, s.next) }

func (s *ASHA) next() (trial.Proposal, search.State) {
	if p, ok := s.promotion(); ok {
		return p, search.Ready
	}
	p, _, state := s.sources[0].next(s.history)
	if state == search.Ready {
		return p, search.Ready
	}
	for {
		if len(s.spare) == 0 && s.outstanding == 0 {
			s.spare = s.passedOver()
		}
		if len(s.spare) == 0 {
			break
		}
		e := s.spare[0]
		s.spare = s.spare[1:]
		if p, _, fresh := s.promote(e); fresh {
			return p, search.Ready
		}
	}
	if s.outstanding > 0 {
		return trial.Proposal{}, search.Wait
	}
	return trial.Proposal{}, search.Done
}

// promotion returns the next promotion, from the highest rung that has one.
func (s *ASHA) promotion() (trial.Proposal, bool) {
	for k := len(s.rungs) - 2; k >= 0; k-- {
		all := s.boards[k].ranked()
		for _, e := range all[:len(all)/s.config.Eta] {
			if e.promoted || !e.completed() {
				continue
			}
			if p, _, fresh := s.promote(e); fresh {
				return p, true
			}
		}
	}
	return trial.Proposal{}, false
}

// passedOver returns the best of the highest rung that has some to be promoted still.
func (s *ASHA) passedOver() []*evaluation {
	for k := len(s.rungs) - 2; k >= 0; k-- {
		var left []*evaluation
		for _, e := range s.boards[k].ranked() {
			if !e.promoted && e.completed() {
				left = append(left, e)
			}
		}
		if len(left) > 0 {
			return left[:max(1, len(left)/s.config.Eta)]
		}
	}
	return nil
}
