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
			x.number = 0
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
	off := c.derive(c.frame(after), e, x)
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

// link returns the outcome where link j of a layer is taken and memory is limited.
func (c *compiler) link(f *frame, e env, x value) outcome {
	from := value{shape: f.shapes[f.j], number: f.course.numbers[f.j]}
	adapt, err := space.AdaptFootprint(from.shape, x.shape)
	if err != nil {
		return outcome{}
	}
	after := *f
	after.j++
	after.course.several = true
	if adapt.Through {
		after.course = after.course.waits(from)
		return c.derive(c.frame(after), e, x)
	}
	k := after.keeps()
	var fits bool
	if from.provisos, fits = c.demand(x.provisos, only(from.number)|k.sure, k.perhaps, &f.kept); !fits {
		return outcome{}
	}
	if x.provisos, fits = c.reads(from, adapt, &k); !fits {
		return outcome{}
	}
	after.course = after.course.waits(value{shape: x.shape})
	return c.derive(c.frame(after), e, x)
}
