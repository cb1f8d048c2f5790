package multifidelity

import (
	"fmt"

	"github.com/trellis-nas/trellis/search"
)

// SuccessiveHalving evaluates Count architectures at the lowest rung, the best 1/eta of them at the next, and so on to the highest (Jamieson &
// Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016):
//
//	n_k = ⌊n·η^−k⌋ architectures with amount r_k = R·η^(k−K) on rung k = 0…K
//
// Then it begins again with new architectures. While a rung is not complete the next run begins, so nobody waits for the slowest trial of a
// rung.
type SuccessiveHalving struct{ *brackets }

// HalvingConfig holds the settings of SuccessiveHalving.
type HalvingConfig struct {
	Config
	Count int // architectures on the lowest rung; 0 means eta to the power of the rungs above it, which leaves one on the highest
}

// NewSuccessiveHalving returns successive halving over an inner strategy.
func NewSuccessiveHalving(p search.Problem, inner Inner, c HalvingConfig) (*SuccessiveHalving, error) {
	h, err := newHistory("halving", p, c.Config)
	if err != nil {
		return nil, err
	}
	if c.Count == 0 {
		c.Count = power(h.config.Eta, len(h.rungs)-1)
	}
	if c.Count < 1 {
		return nil, fmt.Errorf("halving: a count of %d is too small; it needs 1 or more", c.Count)
	}
	if h.sources[0], err = h.newSource(inner, 0); err != nil {
		return nil, err
	}
	return &SuccessiveHalving{newBrackets(h, 1, func(int) (rung, size int) { return 0, c.Count })}, nil
}

func power(base, exponent int) int {
	x := 1
	for range exponent {
		x *= base
	}
	return x
}
