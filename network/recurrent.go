package network

import "fmt"

// LSTM is a long short-term memory layer of Hidden units over a sequence (Hochreiter & Schmidhuber, 1997). It gives the
// hidden state after every step, or with Last only that after the last one. Several layers are stacked by writing them
// behind one another. Weights are those of PyTorch's LSTM, transposed: input [C][4·Hidden] and state
// [Hidden][4·Hidden] with the gates in the order i, f, g, o, and two biases of 4·Hidden.
type LSTM struct {
	Hidden int
	Last   bool
}

// Kind returns "lstm".
func (LSTM) Kind() string { return "lstm" }

// String returns the text form, as "lstm(hidden=64,last)".
func (l LSTM) String() string { return recurrentText("lstm", l.Hidden, l.Last) }

// Infer returns 1×T×Hidden for a sequence 1×T×C, or the vector of Hidden numbers with Last.
func (l LSTM) Infer(in []Shape) (Shape, error) { return inferRecurrent(in, 4, l.Hidden, l.Last) }

// Cost counts 4·Hidden·(C+Hidden+2) params, and one MAC a weight and step.
func (l LSTM) Cost(in []Shape) Cost { return recurrentCost(in[0], 4, l.Hidden) }

func (l LSTM) normal() Op { return l }

// GRU is a layer of gated recurrent units over a sequence (Cho et al., 2014, in PyTorch's form, whose reset gate stands
// behind the product). It gives the hidden state after every step, or with Last only that after the last one. Its
// weights are those of LSTM with three gates, in the order r, z, n.
type GRU struct {
	Hidden int
	Last   bool
}

// Kind returns "gru".
func (GRU) Kind() string { return "gru" }

// String returns the text form, as "gru(hidden=64,last)".
func (g GRU) String() string { return recurrentText("gru", g.Hidden, g.Last) }

// Infer returns 1×T×Hidden for a sequence 1×T×C, or the vector of Hidden numbers with Last.
func (g GRU) Infer(in []Shape) (Shape, error) { return inferRecurrent(in, 3, g.Hidden, g.Last) }

// Cost counts 3·Hidden·(C+Hidden+2) params, and one MAC a weight and step.
func (g GRU) Cost(in []Shape) Cost { return recurrentCost(in[0], 3, g.Hidden) }

func (g GRU) normal() Op { return g }

func recurrentText(kind string, hidden int, last bool) string {
	var t opText
	t.number("hidden", hidden)
	t.flag("last", last)
	return t.of(kind)
}

func inferRecurrent(in []Shape, gates, hidden int, last bool) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	if x.H != 1 {
		return Shape{}, fmt.Errorf("input %v is no sequence; a sequence has shape 1xTxC", x)
	}
	if err := atLeastOne("hidden", hidden, maxElements/gates); err != nil {
		return Shape{}, err
	}
	if err := checkCost("weights", x.C+hidden, gates*hidden); err != nil {
		return Shape{}, err
	}
	out := Shape{H: 1, W: x.W, C: hidden}
	if last {
		out.W = 1
	}
	return out, out.Check()
}

func recurrentCost(x Shape, gates, hidden int) Cost {
	columns := int64(gates) * int64(hidden)
	weights := columns * int64(x.C+hidden)
	return Cost{Params: weights + 2*columns, MACs: weights * int64(x.W)}
}
