package predict

import "math"

// KernelView is one way to compare points. Distance is symmetric, 0 between equal points, and of a kind that exp(−distance) is a kernel:
// an L1 distance or a squared Euclidean one.
type KernelView interface {
	Distance(a, b *Point) float64
}

// Hamming counts the decisions that two points make differently; one that only one of them meets counts.
type Hamming struct{}

// Distance returns the number of decisions.
func (Hamming) Distance(a, b *Point) float64 {
	short, long := a.Options, b.Options
	if len(short) > len(long) {
		short, long = long, short
	}
	differ := 0
	for i, o := range short {
		x := uint64(o ^ long[i])
		differ += int((x | -x) >> 63) // 1 if they differ, without a branch that is hard to foresee
	}
	for _, o := range long[len(short):] {
		if o != 0 {
			differ++
		}
	}
	return float64(differ)
}

// most returns the greatest distance of a point to another whose decisions are no more.
func (Hamming) most(a *Point) int { return len(a.Options) }

// Graphs compares the Weisfeiler-Lehman labels of the networks' graphs: the L1 distance of the logarithms of one more than their
// counts, so that a cell that is used five times is not five times a cell.
type Graphs struct{}

// Distance merges the two histograms.
func (Graphs) Distance(a, b *Point) float64 { return apart(a.Labels, b.Labels) }

func (Graphs) counts(p *Point) []Count { return p.Labels }

// Paths compares the paths through the networks' cells (the path encoding of White et al., "BANANAS", 2021), as [Graphs] does labels.
type Paths struct{}

// Distance merges the two histograms.
func (Paths) Distance(a, b *Point) float64 { return apart(a.Paths, b.Paths) }

func (Paths) counts(p *Point) []Count { return p.Paths }

// Costs compares params and MACs on logarithmic scales: the squared distance.
type Costs struct{}

// Distance returns the squared distance.
func (Costs) Distance(a, b *Point) float64 {
	p, m := a.Cost[0]-b.Cost[0], a.Cost[1]-b.Cost[1]
	return p*p + m*m
}

// apart returns the L1 distance of two histograms.
func apart(x, y []Count) float64 {
	var d float64
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0].Feature < y[0].Feature:
			d += x[0].Log
			x = x[1:]
		case x[0].Feature > y[0].Feature:
			d += y[0].Log
			y = y[1:]
		default:
			d += math.Abs(x[0].Log - y[0].Log)
			x, y = x[1:], y[1:]
		}
	}
	for _, c := range x {
		d += c.Log
	}
	for _, c := range y {
		d += c.Log
	}
	return d
}
