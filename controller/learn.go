package controller

import "github.com/trellis-nas/trellis/search"

// Learn implements search.Policy.
func (s *Controller) Learn(e *search.Experience, bonus float64) {
	if s.teacher == nil { // a region without decisions
		return
	}
	drawn := e.Drawn()
	for len(drawn) > 0 {
		n := min(len(drawn), s.Batch)
		s.update(drawn[:n], bonus)
		drawn = drawn[n:]
	}
}

// update makes the updates of a batch.
func (s *Controller) update(drawn []search.Rewarded, bonus float64) {
	s.teacher.clear()
	lengths, mean := make([]int, len(drawn)), 0.0
	for row, l := range drawn {
		lengths[row] = s.spell(row, l)
		mean += l.Reward / float64(len(drawn))
	}
	s.baseline += s.Blend * (mean - s.baseline)
	epochs := 1
	if s.proximal {
		epochs = s.Epochs
	}
	for epoch := range epochs {
		s.teacher.program.Forward(0)
		if epoch == 0 {
			s.teacher.remember()
		}
		for row, l := range drawn {
			advantage := l.Reward - s.baseline
			for step := range lengths[row] {
				s.teacher.value(row, step, advantage*s.slope(row, step, advantage), bonus)
			}
		}
		s.teacher.program.Backward()
		s.adam.Step()
	}
}

// slope returns the derivative of a decision's surrogate by its log-probability, for an advantage of 1: the ratio of probabilities, or 0
// where it is clipped. In the first update of a batch, the only one of REINFORCE, it is 1.
func (s *Controller) slope(row, step int, advantage float64) float64 {
	ratio := s.teacher.ratio(row, step)
	if advantage > 0 && ratio > 1+s.Clip || advantage < 0 && ratio < 1-s.Clip {
		return 0
	}
	return ratio
}

// spell writes an architecture into a row of the teacher, and returns its length.
func (s *Controller) spell(row int, l search.Rewarded) int {
	d := s.ways.Begin()
	choices := l.Arch.Choices()
	for step, option := range choices {
		decision, _ := d.Decision()
		s.teacher.set(row, step, s.words[decision], option, d.Open())
		d.Take(option)
	}
	return len(choices)
}
