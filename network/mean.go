package network

import "fmt"

// Mean takes the mean over the axes that are set, each of which becomes 1: over Width it is the mean over the time of a
// sequence, over Height and Width that of GlobalAvgPool. With Padded a second input 1×1×1 gives the length of each
// sequence, and only so many first steps count (0 steps have the mean 0); the axes must then be Width alone.
type Mean struct{ Height, Width, Channels, Padded bool }

// Kind returns "mean".
func (Mean) Kind() string { return "mean" }

// String returns the text form, as "mean(width)".
func (m Mean) String() string {
	var t opText
	t.flag("height", m.Height)
	t.flag("width", m.Width)
	t.flag("channels", m.Channels)
	t.flag("padded", m.Padded)
	return t.of("mean")
}

// Infer returns the shape of the first input with 1 for each axis that is set.
func (m Mean) Infer(in []Shape) (Shape, error) {
	n := 1
	if m.Padded {
		n = 2
	}
	if err := takes(in, n); err != nil {
		return Shape{}, err
	}
	x := in[0]
	if !m.Height && !m.Width && !m.Channels {
		return Shape{}, fmt.Errorf("no axis is set; set height, width or channels")
	}
	if m.Padded {
		if x.H != 1 || !m.Width || m.Channels {
			return Shape{}, fmt.Errorf("a padded mean is over the width of a sequence 1xTxC, not of input %v by %v", x, m)
		}
		if in[1] != Vector(1) {
			return Shape{}, fmt.Errorf("the lengths have shape %v; they need %v", in[1], Vector(1))
		}
	}
	if m.Height {
		x.H = 1
	}
	if m.Width {
		x.W = 1
	}
	if m.Channels {
		x.C = 1
	}
	return x, nil
}

// Cost returns zero.
func (Mean) Cost([]Shape) Cost { return Cost{} }

func (m Mean) normal() Op { return m }
