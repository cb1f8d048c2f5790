package pareto

import "math"

// Improvement answers by how much a further point would enlarge the hypervolume of a front. It is immutable and may be used from several
// goroutines at once.
type Improvement struct {
	levels [][]float64 // of each component, the different bounds of boxes above −Inf
	boxes  []levelBox
	rough  *Improvement // of a few points of the front; nil for all of them
}

// levelBox is a box by the places of its bounds among the levels, −1 standing for −Inf.
type levelBox struct{ lower, upper [3]int32 }

// NewImprovement prepares the gaps of a front of one to three components towards a reference; it panics on any other number.
func NewImprovement(points [][]float64, reference []float64) *Improvement {
	im := gapsOf(points, reference)
	if few := some(points, reference); few != nil {
		im.rough = gapsOf(few, reference)
	}
	return im
}

// roughly is how many points of a front bound an improvement.
const roughly = 5

// some returns a few points of the front, even by its first component, or nil if it has not many more.
func some(points [][]float64, reference []float64) [][]float64 {
	front := better(points, reference, 0)
	if len(front) < 2*roughly {
		return nil
	}
	out := make([][]float64, roughly)
	for i := range out {
		out[i] = front[i*(len(front)-1)/(roughly-1)]
	}
	return out
}

func gapsOf(points [][]float64, reference []float64) *Improvement {
	im := &Improvement{levels: make([][]float64, len(reference))}
	known := make([]map[float64]int32, len(reference))
	for c := range known {
		known[c] = map[float64]int32{math.Inf(-1): -1}
	}
	place := func(c int, x float64) int32 {
		at, ok := known[c][x]
		if !ok {
			at = int32(len(im.levels[c]))
			known[c][x] = at
			im.levels[c] = append(im.levels[c], x)
		}
		return at
	}
	for _, b := range Gaps(points, reference) {
		var l levelBox
		for c := range reference {
			l.lower[c], l.upper[c] = place(c, b.Lower[c]), place(c, b.Upper[c])
		}
		im.boxes = append(im.boxes, l)
	}
	return im
}

// Expected returns the expected hypervolume improvement of a point whose components are independent and normal with these means and standard
// deviations, exactly (Emmerich et al., "Hypervolume-based expected improvement", 2011, for two and three objectives). A deviation
// of 0 means that the component is known, so that with all 0 it is the improvement itself. It costs two transcendental functions for each
// level of the front.
//
// The expectation is the integral over the gaps of the probability to dominate a place, a product of a function of every component; so
// each box adds the product of the growth of the components' integrals Ψ(x) = (x−μ)Φ(z) + σφ(z), z = (x−μ)/σ.
func (im *Improvement) Expected(mean, deviation []float64) float64 {
	var room [192]float64
	flat := room[:0]
	var first [3]int
	for c, levels := range im.levels {
		first[c] = len(flat)
		for _, x := range levels {
			flat = append(flat, below(x-mean[c], deviation[c]))
		}
	}
	var sum float64
	for i := range im.boxes {
		b := &im.boxes[i]
		product := 1.0
		for c := range im.levels {
			side := flat[first[c]+int(b.upper[c])]
			if b.lower[c] >= 0 {
				side -= flat[first[c]+int(b.lower[c])]
			}
			product *= side
		}
		sum += product
	}
	return sum
}

// AtMost returns a bound above Expected for a fraction of its cost: the expectation for a part of the front, which leaves larger gaps. Where a
// candidate of the largest expectation is sought, most need no more.
func (im *Improvement) AtMost(mean, deviation []float64) float64 {
	if im.rough == nil {
		return im.Expected(mean, deviation)
	}
	const rounding = 1e-9 // of sums of a thousand boxes
	return (1 + rounding) * im.rough.Expected(mean, deviation)
}

// ExpectedImprovement returns E max(0, best−Y) of a normal Y: the improvement of a single component (Jones, Schonlau & Welch, "Efficient
// global optimization of expensive black-box functions", 1998).
func ExpectedImprovement(mean, deviation, best float64) float64 { return below(best-mean, deviation) }

// below returns the integral up to x of the distribution function of a normal variable of mean 0: E max(0, x−Y).
func below(x, deviation float64) float64 {
	if deviation <= 0 {
		return max(0, x)
	}
	z := x / deviation
	switch {
	case z < -37: // φ is less than the smallest number
		return 0
	case z > 9: // Φ is 1 in float64, and φ nothing beside x
		return x
	}
	const invSqrt2Pi = 0.3989422804014327
	return max(0, 0.5*x*math.Erfc(-z/math.Sqrt2)+deviation*invSqrt2Pi*math.Exp(-0.5*z*z))
}
