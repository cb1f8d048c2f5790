package lattice

import (
	"slices"
	"strconv"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// advanceSkips goes on after a layer, or after all links to it, which gave a tensor x.
func (c *compiler) advanceSkips(f *frame, n *space.Skips, x value) (*frame, value, bool) {
	if f.kind == layers && f.i > 0 {
		after := *f
		after.kind, after.j = links, 0
		if c.peakLimit > 0 {
			after.liveness = after.liveness.waits(x)
			after.liveness.alias = x.number > 0
			x.number = 0
			x, fits := c.constrainSum(&after, x)
			return c.frame(after), x, fits
		}
		return c.frame(after), x, true
	}
	if f.kind == links && c.peakLimit > 0 {
		var fits bool
		if x, fits = c.linked(f, x); !fits {
			return nil, x, false
		}
	}
	after := *f
	after.kind, after.i, after.j = layers, f.i+1, 0
	if after.i == len(n.Layers) {
		return f.next, x, true
	}
	after.shapes = append(slices.Clone(f.shapes), x.shape)
	if c.peakLimit > 0 {
		x = c.numbered(x, f.next.waiting(), f.liveness.numberedTensors())
		after.liveness = liveness{numbers: append(slices.Clone(f.liveness.numbers), x.number)}
	}
	return c.push(n.Layers[after.i], under(f.scope, n.LayerName(after.i)), c.frame(after)), x, true
}

// linked returns the output of a layer once all links to it are decided: the sum of what waits, if there is more than one, normalised.
func (c *compiler) linked(f *frame, x value) (value, bool) {
	if f.liveness.constrained {
		return x, true
	}
	k := f.besides()
	if f.liveness.several {
		var fits bool
		if x, fits = c.joins(&f.live, f.liveness, x.constraints, x.shape, k); !fits {
			return x, false
		}
	} else if f.liveness.waiting != 0 {
		x.number, _ = f.liveness.waiting.first()
	}
	constraints, fits := c.reads(x, network.Footprint{Before: 2 * x.shape.Bytes()}, k)
	return value{shape: x.shape, constraints: constraints}, fits
}

func (c *compiler) decideLink(f *frame, n *space.Skips, e env, x value) outcome {
	scope := under(f.scope, n.LayerName(f.i))
	at := c.decision(under(scope, "from-"+n.LayerName(f.j)), 2, strconv.Itoa)
	after := *f
	after.j++
	off := c.without(&after, e, x)
	return c.fork(at, 2, func(i int) outcome {
		if i == 0 {
			return off
		}
		cost, err := space.AdaptCost(f.shapes[f.j], x.shape)
		if err != nil {
			return outcome{}
		}
		on := off
		if c.peakLimit > 0 {
			on = c.link(f, e, x)
		}
		return on.after(c.costOf(on.fits, cost, func() (space.Operator, error) { return space.AdaptOperator(f.shapes[f.j], x.shape) }), nil)
	})
}

// without returns the outcome where a link is not taken.
func (c *compiler) without(after *frame, e env, x value) outcome {
	if c.peakLimit > 0 {
		var fits bool
		if x, fits = c.constrainSum(after, x); !fits {
			return outcome{}
		}
	}
	return c.derive(c.frame(*after), e, x)
}

// link returns the outcome where link j of a layer is taken and memory is limited.
func (c *compiler) link(f *frame, e env, x value) outcome {
	after := *f
	after.j++
	number := f.liveness.numbers[f.j]
	if f.liveness.constrained {
		k := after.liveBehind()
		var fits bool
		if x.constraints, fits = c.settle(x.constraints, only(number)|k.sure, k.perhaps, &f.live); !fits {
			return outcome{}
		}
		return c.derive(c.frame(after), e, x)
	}
	from := value{shape: f.shapes[f.j], number: number}
	adapt, err := space.AdaptFootprint(from.shape, x.shape)
	if err != nil {
		return outcome{}
	}
	after.liveness.several = true
	var fits bool
	if adapt.Through {
		after.liveness = after.liveness.waits(from)
	} else {
		k := after.liveBehind()
		if from.constraints, fits = c.settle(x.constraints, only(number)|k.sure, k.perhaps, &f.live); !fits {
			return outcome{}
		}
		if x.constraints, fits = c.reads(from, adapt, &k); !fits {
			return outcome{}
		}
		after.liveness = after.liveness.waits(value{shape: x.shape})
	}
	if x, fits = c.constrainSum(&after, x); !fits {
		return outcome{}
	}
	return c.derive(c.frame(after), e, x)
}

// constrainSum makes a deferred constraint of the sum of a layer as soon as its other links come from tensors that wait for it as they are. They and the outputs that
// are read later have to fit beside what waits by then: it need not be decided yet which of them it will be, and from then on the item need
// not say what waits.
// The batch normalisation needs no more than the sum, unless the layer's output is a tensor that was there before.
func (c *compiler) constrainSum(f *frame, x value) (value, bool) {
	if f.liveness.constrained || f.liveness.alias {
		return x, true
	}
	for _, from := range f.shapes[f.j:] {
		if from != x.shape {
			return x, true
		}
	}
	k := f.liveBehind()
	var fits bool
	if x.constraints, fits = c.settle(x.constraints, k.sure, k.perhaps, &k); fits {
		x.constraints, fits = c.require(x.constraints, k.held()+x.shape.Bytes(), k.perhaps, &k)
	}
	f.liveness = liveness{numbers: f.liveness.numbers, constrained: true}
	return x, fits
}
