package controller

import (
	"math"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/tensor"
)

// weights returns the parameters of a controller in their initial state. words is the number of all options; one more embedding begins a
// derivation. They begin small, so that the softmax is nearly uniform.
func weights(seed uint64, words, units int) *nn.Store {
	s := nn.NewStore(seed)
	small, recurrent := nn.Uniform(0.1), nn.Uniform(1/math.Sqrt(float64(units)))
	s.Param("embedding", tensor.Of(words+1, 1, 1, units), small, false)
	s.Param("input.weight", tensor.Of(units, 4*units), recurrent, false)
	s.Param("input.bias", tensor.Of(4*units), nn.Fill(0), false)
	s.Param("state.weight", tensor.Of(units, 4*units), recurrent, false)
	s.Param("head.weight", tensor.Of(units, words), small, false)
	s.Param("head.bias", tensor.Of(words), nn.Fill(0), false)
	return s
}

// recorded are the parameters on a tape.
type recorded struct {
	embedding, input, inputBias, state, head, headBias *autograd.Var
}

func record(t *autograd.Tape, s *nn.Store) recorded {
	var v []*autograd.Var
	for _, p := range s.Params() {
		v = append(v, t.Param(p))
	}
	return recorded{v[0], v[1], v[2], v[3], v[4], v[5]}
}
