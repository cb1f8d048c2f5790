package network

import "fmt"

// Dense is a fully connected layer from a vector to Out numbers. Its weights lie as [C][Out]; it has a bias unless
// NoBias is set. To apply a dense layer at every position of an image or a sequence, use [Pointwise] with Bias.
type Dense struct {
	Out    int
	NoBias bool
}

// Kind returns "dense".
func (Dense) Kind() string { return "dense" }

// String returns the text form, as "dense(out=10)".
func (d Dense) String() string {
	var t opText
	t.number("out", d.Out)
	t.flag("nobias", d.NoBias)
	return t.of("dense")
}

// Infer returns the vector of Out numbers for one input vector.
func (d Dense) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	if !x.IsVector() {
		return Shape{}, fmt.Errorf("input %v is no vector; flatten it to %v or pool it to %v first",
			x, Vector(x.Elements()), Vector(x.C))
	}
	if err := atLeastOne("out", d.Out, maxElements); err != nil {
		return Shape{}, err
	}
	return Vector(d.Out), checkCost("weights", x.C, d.Out)
}

// Cost counts C·Out weights, Out biases unless NoBias, and one MAC a weight.
func (d Dense) Cost(in []Shape) Cost {
	weights := int64(in[0].C) * int64(d.Out)
	cost := Cost{Params: weights, MACs: weights}
	if !d.NoBias {
		cost.Params += int64(d.Out)
	}
	return cost
}

func (d Dense) normal() Op { return d }
