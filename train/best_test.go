package train

import "testing"

func TestTheLeadGoesToTheMostAccurateEpochThenToTheLowerLoss(t *testing.T) {
	var l lead
	for i, c := range []struct {
		correct int
		loss    float64
		best    bool
		tired   bool // with a patience of 2
	}{
		{50, 1.0, true, false},
		{50, 0.9, true, false},  // as accurate, lower loss: better weights, but no rise
		{50, 0.9, false, true},  // the same again: the first stays
		{40, 0.1, false, true},  // a low loss does not outweigh accuracy
		{60, 2.0, true, false},  // a rise
		{60, 2.5, false, false}, // one epoch without
		{59, 0.5, false, true},  // two
	} {
		if got := l.take(i+1, Score{Samples: 100, Correct: c.correct, Loss: c.loss}); got != c.best {
			t.Errorf("epoch %d is best: %v; want %v", i+1, got, c.best)
		}
		if got := l.exhausted(i+1, 2); got != c.tired {
			t.Errorf("after epoch %d a patience of 2 is exhausted: %v; want %v", i+1, got, c.tired)
		}
		if l.exhausted(i+1, 0) {
			t.Errorf("no patience limit, but it is exhausted after epoch %d", i+1)
		}
	}
	if l.epoch != 5 || l.score.Correct != 60 {
		t.Errorf("the best epoch is %d with %d correct; want 5 with 60", l.epoch, l.score.Correct)
	}
}
