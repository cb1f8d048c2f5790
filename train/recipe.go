package train

import (
	"math"

	"github.com/trellis-nas/trellis/optim"
)

// rate returns the learning rate at each of the total steps of a run. The settings have their defaults.
func (s Settings) rate(total int) optim.Schedule {
	rise := s.Warmup.value
	steps := int(math.Round(rise * float64(total)))
	switch s.Schedule {
	case Constant:
		return optim.Warmup(steps, optim.Constant(s.LearningRate))
	case Cosine:
		return optim.Warmup(steps, optim.Cosine(s.LearningRate, 0, total-steps))
	}
	return optim.OneCycle(s.LearningRate, total, rise)
}

// transform returns the rule of a run of total steps. The settings have their defaults.
func (s Settings) transform(total int) optim.Transform {
	rule := optim.AdamW(s.rate(total), s.WeightDecay.value)
	if s.Optimiser == SGD {
		rule = optim.SGD(s.rate(total), s.Momentum.value, true, s.WeightDecay.value)
	}
	if s.ClipNorm > 0 {
		rule = optim.Chain(optim.Clip(s.ClipNorm), rule)
	}
	return rule
}
