package lattice

import "math"

// scoring is the name of the metric of a score.
const scoring Metric = "score"

// WithScore returns the lattice, whose steps must have what a score depends on (see [Lattice.ForScore]), with the score as a further metric, "score", of
// which a region has a range and a histogram: how many architectures score how much. It is counted in bins. Where all numbers of
// the score are multiples of a power of ten, and no more than most of these lie between the least score of the lattice and the greatest, bins
// are that, and exact: off is 0. Otherwise they are the least power of ten of which there are no more, what each step scores is rounded down to
// them, and a score is less than off above what is counted: a bin for each decision that an architecture meets at most, and one.
func (l *Lattice) WithScore(s Score, most int) (out *Lattice, of Metric, off float64, err error) {
	apart := s.Value(Fold(l, MaxPlus{}, s.Of)) - s.Value(Fold(l, MinPlus{}, s.Of))
	bin := 1.0
	switch {
	case s.units > 0 && apart <= float64(most)/s.units:
		bin = 1 / s.units
	case apart > 0:
		bin = math.Pow10(int(math.Ceil(math.Log10(apart / float64(most)))))
		fallthrough
	default:
		off = bin * (1 + Fold(l, MaxPlus{}, func(step Step) float64 {
			if step.Fixed {
				return 0
			}
			return 1
		}))
	}
	out, err = l.WithCosts(CostModel{Metric: scoring, Bin: bin, Down: true, Of: func(step Step) float64 { return s.Value(s.Of(step)) }})
	return out, scoring, off, err
}
