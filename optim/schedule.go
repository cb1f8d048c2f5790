package optim

import "math"

// Schedule gives a hyperparameter at a step, counted from 0. Schedules are pure: the same step has the same value.
type Schedule func(step int) float64

// Constant returns v at every step.
func Constant(v float64) Schedule { return func(int) float64 { return v } }

// Cosine falls from peak at step 0 to floor at step total along half a cosine and stays there (Loshchilov & Hutter,
// 2017, "SGDR", without restarts).
func Cosine(peak, floor float64, total int) Schedule {
	return func(step int) float64 { return between(peak, floor, fraction(step, total)) }
}

// Linear goes straight from one value at step 0 to another at step total and stays there.
func Linear(from, to float64, total int) Schedule {
	return func(step int) float64 { return from + float64((to-from)*fraction(step, total)) }
}

// Stepwise begins with v and is multiplied by factor after every so many steps (at least 1).
func Stepwise(v, factor float64, every int) Schedule {
	return func(step int) float64 { return v * math.Pow(factor, float64(step/max(every, 1))) }
}

// OneCycle rises from peak/25 to peak during the first rise of all steps (0.3 is usual) and falls to peak/1e4 at step
// total, both along half a cosine (Smith, 2018, "A disciplined approach to neural network hyper-parameters", with
// cosine legs as fast.ai and PyTorch have them).
func OneCycle(peak float64, total int, rise float64) Schedule {
	return cycle(peak/25, peak, peak/1e4, total, rise)
}

// OneCycleMomentum is the companion of OneCycle: momentum falls from high to low while the rate rises, and returns.
func OneCycleMomentum(high, low float64, total int, rise float64) Schedule {
	return cycle(high, low, high, total, rise)
}

// Warmup rises linearly from v/steps at step 0 to v at step steps−1, where v is what next begins with, and continues
// with next, whose own steps count from there.
func Warmup(steps int, next Schedule) Schedule {
	return func(step int) float64 {
		if step < steps {
			return next(0) * float64(step+1) / float64(steps)
		}
		return next(step - steps)
	}
}

func cycle(start, top, end float64, total int, rise float64) Schedule {
	turn := rise * float64(total)
	return func(step int) float64 {
		s := min(float64(step), float64(total))
		if s < turn {
			return between(start, top, s/turn)
		}
		if turn >= float64(total) {
			return top
		}
		return between(top, end, (s-turn)/(float64(total)-turn))
	}
}

// between goes from a at 0 to b at 1 along half a cosine.
func between(a, b, at float64) float64 { return b + (a-b)*(1+math.Cos(math.Pi*at))/2 }

func fraction(step, total int) float64 {
	if step >= total {
		return 1
	}
	return float64(max(step, 0)) / float64(total)
}
