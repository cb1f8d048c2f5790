package controller

import "github.com/trellis-nas/trellis/search"

// Learn implements search.Policy.
func (s *Controller) Learn(e *search.Experience, bonus float64) {
	if s.teacher == nil { // a region without decisions
		return
	}
	lessons := e.Drawn()
	for len(lessons) > 0 {
		n := min(len(lessons), s.Batch)
		s.study(lessons[:n], bonus)
		lessons = lessons[n:]
	}
}

// study makes the updates of a batch.
func (s *Controller) study(lessons []search.Lesson, bonus float64) {
	s.teacher.clear()
	lengths, mean := make([]int, len(lessons)), 0.0
	for row, l := range lessons {
		lengths[row] = s.spell(row, l)
		mean += l.Reward / float64(len(lessons))
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
		for row, l := range lessons {
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

// spell writes a lesson into a row of the teacher, and returns its length.
func (s *Controller) spell(row int, l search.Lesson) int {
	d := s.ways.Begin()
	choices := l.Arch.Choices()
	for step, option := range choices {
		decision, _ := d.Decision()
		s.teacher.set(row, step, s.words[decision], option, d.Open())
		d.Take(option)
	}
	return len(choices)
}
