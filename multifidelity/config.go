package multifidelity

import (
	"fmt"

	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/trial"
)

// Inner makes the strategy that a scheduler asks for architectures. A scheduler may call it several times: once for each rung at which architectures
// start, each time with another seed.
type Inner func(search.Problem) (search.Strategy, error)

// Config holds the settings that all schedulers share.
type Config struct {
	// Full is the fidelity of the highest rung. It has no default. The reductions of lower rungs are those of the highest.
	Full trial.Fidelity
	Min  int // the least amount of the lowest rung; 0 means 1
	Eta  int // factor between the amounts of two rungs, and the inverse of the share that is promoted; 0 means 3
	// Scalarization makes one number, to be maximised, of several objectives, given as they are measured and in their order. Nil compares by
	// non-domination rank, then by crowding distance.
	Scalarization func(objectives []float64) float64
}

// Rungs returns the fidelities of the rungs, lowest first. They are Full divided by powers of eta and rounded, as in Hyperband, so the
// lowest amount is Min or up to eta times as much.
func (c Config) Rungs() ([]trial.Fidelity, error) {
	c = c.defaults()
	switch err := c.Full.Check(); {
	case err != nil:
		return nil, fmt.Errorf("the full fidelity: %w", err)
	case c.Min < 1:
		return nil, fmt.Errorf("a least amount of %d is too small; it needs 1 or more", c.Min)
	case c.Min > c.Full.Amount:
		return nil, fmt.Errorf("a least amount of %d is above the full amount, %d", c.Min, c.Full.Amount)
	case c.Eta < 2:
		return nil, fmt.Errorf("an eta of %d is too small; it needs 2 or more", c.Eta)
	}
	power, count := 1, 1
	for power <= c.Full.Amount/c.Eta/c.Min {
		power *= c.Eta
		count++
	}
	rungs := make([]trial.Fidelity, count)
	for k := range rungs {
		rungs[k] = c.Full.At((2*c.Full.Amount + power) / (2 * power))
		power /= c.Eta
	}
	return rungs, nil
}

func (c Config) defaults() Config {
	if c.Min == 0 {
		c.Min = 1
	}
	if c.Eta == 0 {
		c.Eta = 3
	}
	return c
}
