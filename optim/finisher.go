package optim

import "github.com/trellis-nas/trellis/internal/kernel"

// Finisher is a Rule that changes the weights itself, in one pass with its own rewriting of the gradients. It can only
// stand last in a chain; Init of the chain panics otherwise.
type Finisher interface {
	Rule
	// Finish does what Rewrite and the subtraction of the updates would, up to rounding. Results do not depend on the pool.
	Finish(step int, pool *kernel.Pool)
}

// finished is embedded by finishers, whose Rewrite nobody calls.
type finished struct{}

func (finished) Rewrite(int) {
	panic("optim: a transform that changes the weights itself must be the last of its chain")
}
