package train

// lead remembers the best epoch of a run. The zero lead has seen none.
type lead struct {
	score Score // of the best epoch
	epoch int   // the best one, from 1
	rise  int   // the last epoch that was more accurate than all before it
}

// take hears of an epoch and reports whether it is the best so far: the most accurate, of equals the one with the lower
// loss, of equals the first.
func (l *lead) take(epoch int, s Score) bool {
	if l.epoch == 0 || s.Correct > l.score.Correct {
		l.score, l.epoch, l.rise = s, epoch, epoch
		return true
	}
	if s.Correct == l.score.Correct && s.Loss < l.score.Loss {
		l.score, l.epoch = s, epoch
		return true
	}
	return false
}

// exhausted reports whether patience epochs have passed since the accuracy last rose; a patience of 0 never ends.
func (l *lead) exhausted(epoch, patience int) bool { return patience > 0 && epoch-l.rise >= patience }
