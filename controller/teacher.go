package controller

import (
	"math"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/tensor"
)

// teacher is the training step of a controller: so many derivations at once, all of the length of the longest, given as tokens and flags of what
// was open. Where a derivation has ended, and where there are fewer, one class alone is open, which has the probability 1 whatever the
// weights are: no gradient comes from there.
type teacher struct {
	program  *autograd.Program
	rows     int
	words    int
	tokens   []*autograd.Tokens // by step: what was taken
	open     [][]bool           // by step: flags of all rows
	figures  *autograd.Var      // rows × 2·steps: the log-probabilities of what was taken, and then the entropies
	worth    []float32          // rows × 2·steps: of each figure
	previous []float32          // log-probabilities
}

func newTeacher(pool *kernel.Pool, s *nn.Store, units, words, steps, rows int) *teacher {
	t := autograd.NewTape(autograd.Train, pool)
	v := record(t, s)
	b := &teacher{rows: rows, words: words, worth: make([]float32, rows*2*steps), previous: make([]float32, rows*steps)}
	// An option has one embedding, so the LSTM's input weights multiply them all at once, and a step takes a row.
	table := t.Dense(v.embedding, v.input, v.inputBias)
	cell, head := t.Shared(v.state, nil, steps, rows), t.Shared(v.head, v.headBias, steps, rows)
	last := autograd.NewTokens(rows)
	for i := range last.ID {
		last.ID[i] = int32(words)
	}
	var state *autograd.Var
	var logps, entropies []*autograd.Var
	for range steps {
		state = cell.LSTMStep(t.Rows(table, last), state)
		open, taken := make([]bool, rows*words), autograd.NewTokens(rows)
		d := t.Categorical(head.Apply(t.Slice(state, 0, units)), open)
		logps, entropies = append(logps, d.LogProb(taken)), append(entropies, d.Entropy())
		b.tokens, b.open = append(b.tokens, taken), append(b.open, open)
		last = taken
	}
	b.figures = t.Hold(t.Concat(append(logps, entropies...)...))
	worth := t.Input(b.figures.Shape())
	worth.Feed(b.worth)
	// Reinforce is −mean(figure·worth): a bonus that is worth as much as others is one of the figures.
	loss := t.Reinforce(b.figures, b.figures, worth, 0)
	b.program = t.Compile(new(tensor.Arena), loss)
	return b
}

// steps returns the length of the longest derivation.
func (b *teacher) steps() int { return len(b.tokens) }

// clear makes all rows empty.
func (b *teacher) clear() {
	clear(b.worth)
	for t, open := range b.open {
		clear(open)
		clear(b.tokens[t].ID)
		for row := range b.rows {
			open[row*b.words] = true
		}
	}
}

// set says what was taken at a step of a row, and what was open.
func (b *teacher) set(row, step, first, option int, open []int) {
	flags := b.open[step][row*b.words : (row+1)*b.words]
	flags[0] = false
	for _, o := range open {
		flags[first+o] = true
	}
	b.tokens[step].ID[row] = int32(first + option)
}

// value says what the log-probabilities and the entropies of the first steps of a row are worth, for each row the same as for others.
func (b *teacher) value(row, step int, advantage, bonus float64) {
	scale := float64(2 * b.steps()) // the mean is over figures, and should be over rows
	at := row*2*b.steps() + step
	b.worth[at], b.worth[at+b.steps()] = float32(scale*advantage), float32(scale*bonus)
}

// remember keeps the log-probabilities for ratio.
func (b *teacher) remember() {
	for row := range b.rows {
		copy(b.previous[row*b.steps():(row+1)*b.steps()], b.figures.Value()[row*2*b.steps():])
	}
}

// ratio returns the probability of what was taken at a step of a row as a multiple of the remembered one.
func (b *teacher) ratio(row, step int) float64 {
	return math.Exp(float64(b.figures.Value()[row*2*b.steps()+step] - b.previous[row*b.steps()+step]))
}
