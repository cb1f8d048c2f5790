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
		if c.memory > 0 {
			after.course = after.course.waits(x)
			after.course.alias = x.number > 0
			x.number = 0
			x, fits := c.promise(&after, x)
			return c.frame(after), x, fits
		}
		return c.frame(after), x, true
	}
	if f.kind == links && c.memory > 0 {
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
	if c.memory > 0 {
		x = c.named(x, f.next.waiting(), f.course.named())
		after.course = course{numbers: append(slices.Clone(f.course.numbers), x.number)}
	}
	return c.push(n.Layers[after.i], under(f.scope, n.LayerName(after.i)), c.frame(after)), x, true
}

// linked returns the output of a layer once all links to it are decided: the sum of what waits, if there is more than one, normalised.
func (c *compiler) linked(f *frame, x value) (value, bool) {
	if f.course.promised {
		return x, true
	}
	k := f.besides()
	if f.course.several {
		var fits bool
		if x, fits = c.joins(&f.kept, f.course, x.provisos, x.shape, k); !fits {
			return x, false
		}
	} else if f.course.waiting != 0 {
		x.number, _ = f.course.waiting.first()
	}
	provisos, fits := c.reads(x, network.Footprint{Before: 2 * x.shape.Bytes()}, k)
	return value{shape: x.shape, provisos: provisos}, fits
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
		if c.memory > 0 {
			on = c.link(f, e, x)
		}
		return on.after(c.costOf(on.fits, cost, func() (space.Operator, error) { return space.AdaptOperator(f.shapes[f.j], x.shape) }), nil)
	})
}

// without returns the outcome where a link is not taken.
func (c *compiler) without(after *frame, e env, x value) outcome {
	if c.memory > 0 {
		var fits bool
		if x, fits = c.promise(after, x); !fits {
			return outcome{}
		}
	}
	return c.derive(c.frame(*after), e, x)
}

// link returns the outcome where link j of a layer is taken and memory is limited.
func (c *compiler) link(f *frame, e env, x value) outcome {
	after := *f
	after.j++
	number := f.course.numbers[f.j]
	if f.course.promised {
		k := after.keeps()
		var fits bool
		if x.provisos, fits = c.demand(x.provisos, only(number)|k.sure, k.perhaps, &f.kept); !fits {
			return outcome{}
		}
		return c.derive(c.frame(after), e, x)
	}
	from := value{shape: f.shapes[f.j], number: number}
	adapt, err := space.AdaptFootprint(from.shape, x.shape)
	if err != nil {
		return outcome{}
	}
	after.course.several = true
	var fits bool
	if adapt.Through {
		after.course = after.course.waits(from)
	} else {
		k := after.keeps()
		if from.provisos, fits = c.demand(x.provisos, only(number)|k.sure, k.perhaps, &f.kept); !fits {
			return outcome{}
		}
		if x.provisos, fits = c.reads(from, adapt, &k); !fits {
			return outcome{}
		}
		after.course = after.course.waits(value{shape: x.shape})
	}
	if x, fits = c.promise(&after, x); !fits {
		return outcome{}
	}
	return c.derive(c.frame(after), e, x)
}

// promise makes a proviso of the sum of a layer as soon as its other links come from tensors that wait for it as they are. They and the outputs that
// are read later have to have room beside what waits by then: which of them it will be need not be known, and neither, from then on, what waits.
// The batch normalisation needs no more than the sum, unless the layer's output is a tensor that was there before.
func (c *compiler) promise(f *frame, x value) (value, bool) {
	if f.course.promised || f.course.alias {
		return x, true
	}
	for _, from := range f.shapes[f.j:] {
		if from != x.shape {
			return x, true
		}
	}
	k := f.keeps()
	var fits bool
	if x.provisos, fits = c.demand(x.provisos, k.sure, k.perhaps, &k); fits {
		x.provisos, fits = c.needs(x.provisos, k.held()+x.shape.Bytes(), k.perhaps, &k)
	}
	f.course = course{numbers: f.course.numbers, promised: true}
	return x, fits
}
