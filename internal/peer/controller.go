package peer

import (
	"math"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/optim"
	"github.com/trellis-nas/trellis/tensor"
)

// The controller's sizes: decisions of so many operations, taken by an LSTM of so many units.
const (
	controllerUnits     = 100
	controllerDecisions = 20
	controllerOps       = 6
)

// controller is a recurrent controller (Zoph & Le, 2017; Pham et al., 2018): an LSTM cell that is fed the embedding of
// its last decision, trained by REINFORCE with a moving baseline and an entropy bonus. The reward of a sample is the
// share of its decisions for operation 2.
//
// A decision has few values, so the LSTM's input weights multiply the embedding once, and a step takes its row.
type controller struct {
	pool      *kernel.Pool
	store     *nn.Store
	program   *autograd.Program
	optimizer *optim.Optimizer
	tokens    []*autograd.Tokens
	loss      *autograd.Var
	advantage []float32
	baseline  float64
	step      uint64
}

func startController(batch, threads int) (Training, error) { return newController(batch, threads), nil }

func newController(batch, threads int) *controller {
	const h, ops = controllerUnits, controllerOps
	c := &controller{pool: kernel.NewPool(threads), store: nn.NewStore(1), advantage: make([]float32, batch)}
	bound := nn.Uniform(1 / math.Sqrt(h))
	t := autograd.NewTape(autograd.Train, c.pool)
	param := func(name string, init nn.Init, dims ...int) *autograd.Var {
		return t.Param(c.store.Param(name, tensor.Of(dims...), init, false))
	}
	embedding := param("embedding", nn.Uniform(1), ops+1, 1, 1, h) // its last row begins a sample
	bias := t.Add(param("lstm.inputbias", bound, 4*h), param("lstm.statebias", bound, 4*h))
	table := t.Dense(embedding, param("lstm.input", bound, h, 4*h), bias)
	cell := t.Shared(param("lstm.state", bound, h, 4*h), nil, controllerDecisions, batch)
	head := t.Shared(param("head.weight", bound, h, ops), param("head.bias", bound, ops), controllerDecisions, batch)
	last := autograd.NewTokens(batch)
	for i := range last.ID {
		last.ID[i] = ops
	}
	var state *autograd.Var
	var logps, entropies []*autograd.Var
	for range controllerDecisions {
		state = cell.LSTMStep(t.Rows(table, last), state)
		d := t.Categorical(head.Apply(t.Slice(state, 0, h)), nil)
		last = autograd.NewTokens(batch)
		d.Sample(last, 1, "decision"+string(rune('a'+len(c.tokens))))
		c.tokens = append(c.tokens, last)
		logps, entropies = append(logps, d.LogProb(last)), append(entropies, d.Entropy())
	}
	advantage := t.Input(tensor.Of(batch, 1, 1, 1))
	advantage.Feed(c.advantage)
	c.loss = t.Hold(t.Reinforce(t.Add(logps...), t.Add(entropies...), advantage, 1e-4))
	c.program = t.Compile(new(tensor.Arena), c.loss)
	c.optimizer = optim.NewOn(c.pool, c.store.Params(), optim.Adam{}.Fused(optim.Constant(3.5e-4), 0))
	return c
}

// Step samples, rewards and updates.
func (c *controller) Step() error {
	c.program.Forward(c.step)
	c.reward()
	c.program.Backward()
	c.optimizer.Step()
	c.step++
	return nil
}

// replay makes a step with given decisions, those of all samples one after another for each place, and returns its loss.
func (c *controller) replay(decisions [][]int32) float64 {
	for k, t := range c.tokens {
		t.Given = true
		copy(t.ID, decisions[k])
	}
	c.reward()
	c.program.Forward(c.step)
	c.program.Backward()
	c.optimizer.Step()
	c.step++
	return float64(c.loss.Value()[0])
}

// reward moves the baseline towards the mean reward and sets the advantages over it.
func (c *controller) reward() {
	n := len(c.advantage)
	mean := 0.0
	for i := range n {
		hits := 0
		for _, t := range c.tokens {
			if t.ID[i] == 2 {
				hits++
			}
		}
		r := float64(hits) / controllerDecisions
		c.advantage[i] = float32(r)
		mean += r / float64(n)
	}
	c.baseline = 0.95*c.baseline + 0.05*mean
	for i := range c.advantage {
		c.advantage[i] -= float32(c.baseline)
	}
}

// Work counts the products of cell and head as the other side does, which multiplies the embedding anew in every step.
func (c *controller) Work() float64 {
	const h = controllerUnits
	return float64(len(c.advantage)) * 3 * controllerDecisions * (2*4*h*2*h + 2*h*controllerOps)
}

func (c *controller) Params() []autograd.Param { return c.store.Params() }
func (c *controller) Close()                   { c.pool.Close() }
