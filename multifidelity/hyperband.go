package multifidelity

import (
	"github.com/trellis-nas/trellis/search"
)

// Hyperband runs brackets of successive halving that start at different rungs, the lowest first, each with about the same total
// amount (Li, Jamieson, DeSalvo, Rostamizadeh & Talwalkar, "Hyperband: A novel bandit-based approach to hyperparameter optimization", 2018,
// algorithm 1):
//
//	bracket s = s_max…0: n = ⌈(s_max+1)/(s+1) · η^s⌉ architectures with r = R·η^−s,
//	then n_i = ⌊n·η^−i⌋ with r_i = r·η^i for i = 1…s
//
// The last bracket is a plain search at the full amount, so Hyperband is never much slower than that where low fidelities mislead. After the last
// comes the first again. There is one instance of the inner strategy for each bracket of a round.
type Hyperband struct{ *brackets }

// NewHyperband returns Hyperband over an inner strategy.
func NewHyperband(p search.Problem, inner Inner, c Config) (*Hyperband, error) {
	h, err := newHistory("hyperband", p, c)
	if err != nil {
		return nil, err
	}
	for k := range h.rungs {
		if h.sources[k], err = h.newSource(inner, k); err != nil {
			return nil, err
		}
	}
	return &Hyperband{newBrackets(h, len(h.rungs), h.hyperbands)}, nil
}

// hyperbands returns the rung and the number of architectures with which the i-th bracket of Hyperband starts.
func (h *history) hyperbands(i int) (rung, size int) {
	rung = i % len(h.rungs)
	s := len(h.rungs) - 1 - rung
	n := len(h.rungs) * power(h.config.Eta, s)
	return rung, (n + s) / (s + 1)
}
