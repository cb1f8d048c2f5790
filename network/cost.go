package network

import "fmt"

// maxCost bounds the params and the MACs of one operator. With at most maxNodes nodes no sum overflows an int64.
const maxCost = 1 << 46

// Cost is what a node or a network costs.
//
// MACs are the multiply-accumulate operations of one forward pass of one sample. They count convolutions (plain and
// depthwise), dense layers and both products of attention, without biases; pooling, normalisation, activations and element-wise operators count
// 0, which is the convention of the MobileNet papers (Howard et al. 2017; Sandler et al. 2018).
// Params are the trained numbers: weights, biases, and scale and shift of batch normalisation.
type Cost struct{ Params, MACs int64 }

// Plus returns the sum of two costs.
func (c Cost) Plus(d Cost) Cost { return Cost{c.Params + d.Params, c.MACs + d.MACs} }

// checkCost refuses an operator too large to be counted. The product is taken in floating point, which cannot wrap.
func checkCost(what string, factors ...int) error {
	product := 1.0
	for _, f := range factors {
		product *= float64(f)
	}
	if product > maxCost {
		return fmt.Errorf("needs %.3g %s, more than the %d an operator may have", product, what, int64(maxCost))
	}
	return nil
}
