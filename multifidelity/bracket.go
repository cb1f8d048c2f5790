package multifidelity

import (
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// bracket is one run of successive halving: rungs from the one where it starts to the highest, of which each but the first takes
// the best 1/eta of the one before.
type bracket struct {
	number  int // 0 is the first
	rung    int // the current one
	start   int
	size    int           // evaluations of the current rung
	members []*evaluation // of the current rung
	queue   []*evaluation // of the rung below, still to be promoted
	untold  int           // members without a result
}

// brackets runs brackets one after another. A bracket that waits for results lets the next one begin, so that no worker is idle; older brackets go first.
type brackets struct {
	*history
	// shape returns where the i-th bracket starts and with how many architectures.
	shape func(i int) (rung, size int)
	// fill returns the next architecture of a bracket's first rung, as source.next does.
	fill func(rung int) (trial.Proposal, *evaluation, search.State)
	// climb returns the next proposal of a bracket on a rung above the first; false where one was evaluated there already.
	climb     func(b *bracket) (trial.Proposal, *evaluation, bool)
	cycle     int          // brackets after which the shapes are those of the beginning
	exhausted map[int]bool // rungs where no more architectures start
	open      []*bracket
	begun     int
}

func newBrackets(h *history, cycle int, shape func(i int) (rung, size int)) *brackets {
	s := &brackets{history: h, shape: shape, cycle: cycle, exhausted: map[int]bool{}}
	s.fill = func(rung int) (trial.Proposal, *evaluation, search.State) { return h.sources[rung].next(h) }
	s.climb = func(b *bracket) (trial.Proposal, *evaluation, bool) {
		e := b.queue[0]
		b.queue = b.queue[1:]
		return h.promote(e)
	}
	return s
}

// Ask proposes up to n evaluations. It waits only where the inner strategy does, or where nothing is left to begin.
func (s *brackets) Ask(n int) ([]trial.Proposal, search.State) { return ask(n, s.next) }

func (s *brackets) next() (trial.Proposal, search.State) {
	waits := false // an inner strategy waits
	for i := 0; ; i++ {
		if i == len(s.open) && (waits || !s.begin()) {
			break
		}
		p, state := s.advance(s.open[i])
		switch state {
		case ready:
			return p, search.Ready
		case finished:
			s.open = append(s.open[:i], s.open[i+1:]...)
			i--
		case innerWaits:
			waits = true
		}
	}
	if s.outstanding > 0 {
		return trial.Proposal{}, search.Wait
	}
	return trial.Proposal{}, search.Done
}

// begin opens the next bracket whose first rung can be filled; false if there is none.
func (s *brackets) begin() bool {
	for range s.cycle {
		b := &bracket{number: s.begun}
		b.rung, b.size = s.shape(s.begun)
		b.start = b.rung
		s.begun++
		if !s.exhausted[b.rung] {
			s.open = append(s.open, b)
			return true
		}
	}
	return false
}

// progress says what became of asking a bracket.
type progress int

const (
	ready      progress = iota
	waiting             // for its own results
	innerWaits          // for results of an inner strategy
	finished
)

func (s *brackets) advance(b *bracket) (trial.Proposal, progress) {
	for {
		if len(b.members) == b.size {
			switch {
			case b.untold > 0:
				return trial.Proposal{}, waiting
			case !s.halve(b):
				return trial.Proposal{}, finished
			}
		}
		if b.rung > b.start {
			p, e, fresh := s.climb(b)
			b.join(e)
			if fresh {
				return p, ready
			}
			continue
		}
		p, e, state := s.fill(b.rung)
		switch state {
		case search.Ready:
			b.join(e)
			return p, ready
		case search.Wait:
			return trial.Proposal{}, innerWaits
		}
		s.exhausted[b.rung] = true
		b.size = len(b.members)
	}
}

func (b *bracket) join(e *evaluation) {
	b.members = append(b.members, e)
	if !e.told {
		b.untold++
		e.brackets = append(e.brackets, b)
	}
}

// halve takes the best of a complete rung to the next: 1/eta of them, rounded down, but one at least. It is false where there is no next or none
// is fit for it.
func (s *brackets) halve(b *bracket) bool {
	best := promotable(b.members, s.config.Eta)
	if b.rung == len(s.rungs)-1 || len(best) == 0 {
		return false
	}
	b.rung, b.queue, b.members, b.size = b.rung+1, best, nil, len(best)
	return true
}

// promotable returns the completed ones among the best 1/eta of some evaluations of one rung, but the best at least.
func promotable(all []*evaluation, eta int) []*evaluation {
	best := ranked(all)
	best = best[:min(len(best), max(1, len(best)/eta))]
	for len(best) > 0 && !best[len(best)-1].completed() {
		best = best[:len(best)-1]
	}
	return best
}
