package controller

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/optim"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
)

// Controller is an LSTM that decides architectures of a region; it implements search.Policy.
type Controller struct {
	Config
	proximal bool // PPO instead of REINFORCE
	seed     uint64
	restarts uint64
	ways     search.Derivations
	words    vocabulary
	begin    int // the token that begins a derivation
	pool     *kernel.Pool
	store    *nn.Store
	adam     *optim.Optimizer
	walker   *walker
	teacher  *teacher
	baseline float64
	entropy  float64 // running mean over draws
	drawn    bool
}

// vocabulary holds the token of the first option of each decision; those of its others follow.
type vocabulary []int

// NewReinforce returns a strategy that trains a controller by REINFORCE (Williams, 1992), as Zoph & Le do: the gradient of the mean of
// (reward − baseline)·log π over the batch, a moving average as baseline, an entropy bonus, and Adam. It is an error if there is no
// objective, a setting is out of range, or the region has no derivations.
func NewReinforce(p search.Problem, c Config) (*search.PolicyGradient, error) {
	return start("reinforce", p, c, 2, 0.01, false)
}

// NewPPO returns a strategy that trains a controller by proximal policy optimisation (Schulman et al., "Proximal policy optimization
// algorithms", 2017): several updates on each batch, each decision's advantage times the ratio of its new to its old probability, where this
// has not left 1 ± Clip to the advantage's side. The advantage is that of NewReinforce. Errors are those too.
func NewPPO(p search.Problem, c Config) (*search.PolicyGradient, error) {
	return start("ppo", p, c, 5, 0.005, true)
}

func start(name string, p search.Problem, c Config, batch int, rate float64, proximal bool) (*search.PolicyGradient, error) {
	controller, err := newController(name, p, c, batch, rate, proximal)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s, err := search.NewPolicyGradient(name, p, controller, controller.PolicyGradientConfig)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

func newController(name string, p search.Problem, c Config, batch int, rate float64, proximal bool) (*Controller, error) {
	c, err := c.usual(batch, rate)
	if err != nil {
		return nil, err
	}
	ways, err := search.DerivationsOf(p.Region)
	if err != nil {
		return nil, err
	}
	s := &Controller{Config: c, proximal: proximal, seed: stream.Seed(p.Seed, name+" weights"), ways: ways, pool: kernel.NewPool(1)}
	for _, d := range ways.Decisions {
		s.words = append(s.words, s.begin)
		s.begin += len(d.Options)
	}
	s.store = weights(s.seed, s.begin, s.Units)
	s.walker = newWalker(s.pool, s.store, s.Units)
	if ways.Longest > 0 {
		s.teacher = newTeacher(s.pool, s.store, s.Units, s.begin, ways.Longest, s.Batch)
	}
	s.forget()
	return s, nil
}

// forget drops what is not in the weights.
func (s *Controller) forget() {
	s.adam = optim.NewOn(s.pool, s.store.Params(), optim.Chain(optim.Clip(5), optim.Adam{}, optim.Rate(optim.Constant(s.Rate))))
	s.baseline, s.entropy, s.drawn = 0, 0, false
}

// Restart implements search.Policy: the weights are drawn anew.
func (s *Controller) Restart() {
	s.restarts++
	if err := s.store.Restore(weights(stream.Seed(s.seed, "restart", s.restarts), s.begin, s.Units).Snapshot()); err != nil {
		panic(fmt.Sprintf("controller: weights of the same controller do not fit: %v", err))
	}
	s.forget()
}

// Sample implements search.Policy.
func (s *Controller) Sample(r *rand.Rand, temperature float64) space.Arch {
	d := s.ways.Begin()
	h := s.walker.walk(d, s.words, s.begin, r, temperature)
	if temperature == 1 {
		const blend = 0.05
		if !s.drawn {
			s.entropy, s.drawn = h, true
		}
		s.entropy += blend * (h - s.entropy)
	}
	return d.Arch()
}

// Entropy implements search.Policy: a running mean, over some twenty draws, of the sum of the entropies of the decisions met, whose
// expectation is the entropy of the policy.
func (s *Controller) Entropy() float64 { return s.entropy }
