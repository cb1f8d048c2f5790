package controller

import (
	"math"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/tensor"
)

// walker takes one step of the controller after another, so that what is open at a decision can depend on all that was drawn before.
type walker struct {
	program *autograd.Program
	last    *autograd.Tokens
	state   []float32
	next    *autograd.Var
	logits  *autograd.Var
	odds    []float64
}

func newWalker(pool *kernel.Pool, s *nn.Store, units int) *walker {
	w := &walker{last: autograd.NewTokens(1), state: make([]float32, 2*units)}
	t := autograd.NewTape(autograd.Eval, pool)
	v := record(t, s)
	state := t.Input(tensor.Of(1, 1, 1, 2*units))
	state.Feed(w.state)
	share := t.Dense(t.Rows(v.embedding, w.last), v.input, v.inputBias)
	w.next = t.Hold(t.Shared(v.state, nil, 1, 1).LSTMStep(share, state))
	w.logits = t.Hold(t.Dense(t.Slice(w.next, 0, units), v.head, v.headBias))
	w.program = t.Compile(new(tensor.Arena), nil)
	return w
}

// walk draws an option of every decision, with the logits divided by a temperature, and returns the sum of the entropies of the softmaxes met,
// in nats. begin is the token that begins a derivation.
func (w *walker) walk(d search.Derivation, words vocabulary, begin int, r *rand.Rand, temperature float64) (entropy float64) {
	clear(w.state)
	w.last.ID[0] = int32(begin)
	for {
		decision, more := d.Decision()
		if !more {
			return entropy
		}
		w.program.Forward(0)
		copy(w.state, w.next.Value())
		open := d.Open()
		option, h := w.draw(open, words[decision], r, temperature)
		entropy += h
		d.Take(option)
		w.last.ID[0] = int32(words[decision] + option)
	}
}

// draw returns one of the open options of the decision whose first token is given, and the entropy.
func (w *walker) draw(open []int, first int, r *rand.Rand, temperature float64) (option int, entropy float64) {
	logits := w.logits.Value()
	top := math.Inf(-1)
	for _, o := range open {
		top = max(top, float64(logits[first+o])/temperature)
	}
	w.odds = w.odds[:0]
	sum, along := 0.0, 0.0
	for _, o := range open {
		x := float64(logits[first+o])/temperature - top
		p := math.Exp(x)
		w.odds = append(w.odds, p)
		sum += p
		along += p * x
	}
	u := r.Float64() * sum
	at := 0
	for at < len(open)-1 && u >= w.odds[at] {
		u -= w.odds[at]
		at++
	}
	return open[at], math.Log(sum) - along/sum
}
