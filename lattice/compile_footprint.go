package lattice

import (
	"slices"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// footprint is what memory a node without decisions takes. Where it depends on open variables it is an upper bound, which settles the matter
// if it is within the limit; if not, the variables are closed.
type footprint struct {
	network.Footprint
	varies []string // the open variables that it depends on, sorted
	mixed  bool     // some of their values give the input through, and others not
}

// over returns a footprint that bounds both, which depends on a variable if they differ.
func (f footprint) over(g footprint, variable string) footprint {
	out := footprint{varies: union(f.varies, g.varies), mixed: f.mixed || g.mixed || f.Through != g.Through}
	if f.Footprint != g.Footprint || f.mixed != g.mixed {
		out.varies = union(out.varies, []string{variable})
	}
	// a copy of the input needs no less than the input itself
	out.Footprint = network.Footprint{Through: f.Through && g.Through, Before: max(f.Before, g.Before), After: max(f.After, g.After)}
	return out
}

func union(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// tape is the execution of a node without decisions: parts and joins that run one after another on numbered tensors. Tensor 0 is the input.
type tape struct {
	sizes  []int64
	mixed  []bool // of tensors: for some values of open variables it is another one
	runs   []run
	varies []string
}

type run struct {
	in            []int // tensors read
	out           int
	before, after int64 // as in network.Footprint, of all inputs
}

func newTape(x network.Shape) *tape {
	return &tape{sizes: []int64{x.Bytes()}, mixed: []bool{false}}
}

func (t *tape) made(x network.Shape, mixed bool) int {
	t.sizes, t.mixed = append(t.sizes, x.Bytes()), append(t.mixed, mixed)
	return len(t.sizes) - 1
}

// part runs a node on a tensor and returns the tensor that it gives.
func (t *tape) part(does effect, in int) int {
	f := does.memory
	t.varies = union(t.varies, f.varies)
	out := in
	if !f.Through {
		out = t.made(does.out, f.mixed)
	}
	if f.Before > 0 || !f.Through {
		t.runs = append(t.runs, run{[]int{in}, out, f.Before, f.After})
	}
	return out
}

// join joins tensors, and returns the only one of one.
func (t *tape) join(in []int, out network.Shape) int {
	if len(in) == 1 {
		return in[0]
	}
	need := out.Bytes()
	for i, x := range in {
		if !slices.Contains(in[:i], x) {
			need += t.sizes[x]
		}
	}
	made := t.made(out, false)
	t.runs = append(t.runs, run{slices.Clone(in), made, need, 0})
	return made
}

// footprint returns the footprint of all of it, with out as the output.
func (t *tape) footprint(out int) footprint {
	last := make([]int, len(t.sizes))
	for i, r := range t.runs {
		for _, x := range r.in {
			last[x] = i
		}
	}
	last[out] = len(t.runs)
	f := footprint{varies: t.varies, mixed: t.mixed[out], Footprint: network.Footprint{Through: out == 0}}
	beside := t.sizes[0] // all that is alive
	for i, r := range t.runs {
		held := int64(0) // of the inputs that are read again
		for k, x := range r.in {
			if slices.Contains(r.in[:k], x) {
				continue
			}
			beside -= t.sizes[x]
			if last[x] > i {
				held += t.sizes[x]
			}
		}
		t.note(&f, beside+r.before, i <= last[0])
		if r.after > 0 {
			t.note(&f, beside+held+r.after, i < last[0])
		}
		beside += held
		if !slices.Contains(r.in, r.out) {
			beside += t.sizes[r.out]
		}
	}
	return f
}

func (t *tape) note(f *footprint, need int64, before bool) {
	if before {
		f.Before = max(f.Before, need)
	} else {
		f.After = max(f.After, need)
	}
}

// leafFootprint asks the block, where memory is limited.
func (c *compiler) leafFootprint(n *space.Leaf, e env, x network.Shape) (f footprint, err error) {
	if c.peakLimit > 0 {
		f.Footprint, err = n.Footprint(e.bound(), x)
	}
	return f, err
}
