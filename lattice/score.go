package lattice

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/space"
)

// Score is a score of the architectures of a space: an offset, a number for each option of each decision, numbers for pairs of options of
// neighbouring decisions, and numbers for how often options are taken. The zero value scores everything 0. It is immutable and may be
// used from several goroutines at once.
//
// Weights are whole numbers of units of a power of ten, so that scores that are equal on paper, as 0.1 + 0.2 and 0.3, are equal, and
// a front has no point that another one beats but for rounding. Where there are too many digits for that, weights are as they are
// written, and sums are those of float64.
type Score struct {
	units    float64 // in 1; 0 stands for 1
	offset   float64
	of       map[string]map[string]float64 // by decision and option; what is not there is 0
	pairs    []pairScore
	counters []counterScore
}

// ScoreTerms are the numbers that a [Score] adds up.
type ScoreTerms struct {
	Offset   float64                       // of every architecture
	Options  map[string]map[string]float64 // by decision and option; what is not there is 0
	Pairs    []PairScore
	Counters []CounterScore
}

// NewScore returns the score of these terms. It is an error if a pair or a counter is not of the space, or if steps would need more of
// them than items hold.
func (l *Lattice) NewScore(terms ScoreTerms) (Score, error) {
	s := Score{offset: terms.Offset, of: terms.Options}
	for _, p := range terms.Pairs {
		steps := l.MaxPairs(p.Rule, p.For)
		if steps == 0 {
			return Score{}, fmt.Errorf("no architecture decides %q before %q", p.Rule, p.For)
		}
		s.pairs = append(s.pairs, pairScore{p, steps})
	}
	for _, c := range terms.Counters {
		_, most, err := l.CounterRange(c.Metric)
		if err != nil {
			return Score{}, err
		}
		s.counters = append(s.counters, counterScore{c, c.Metric.share(), most})
	}
	if counters, remembered := s.needs(); len(counters)+len(remembered) > maxContext {
		return Score{}, fmt.Errorf("a score has at most %d pairs and counters, and this one has %d", maxContext, len(counters)+len(remembered))
	}
	return s.exact(), nil
}

// Of returns the share of a step in the score, in units: of the fixed step the offset and what counters score at 0, of any other what its
// option adds. It is a weight for [CountedRegion.Best], [CountedRegion.Front] and the folds, whose sums [Score.Value] takes. A score of pairs or
// counters may be asked of the lattices and regions that [Lattice.ForScore] and [CountedRegion.ForScore] return, and panics elsewhere.
func (s Score) Of(step Step) float64 {
	sum := s.OfOptions(step)
	for _, c := range s.counters {
		sum += c.ofStep(step)
	}
	return sum
}

// OfOptions is [Score.Of] without the counters: the offset, options and pairs. A pair is the share of the later step.
func (s Score) OfOptions(step Step) float64 {
	if step.Fixed {
		return s.offset
	}
	sum := s.of[step.Decision][step.Option]
	for _, p := range s.pairs {
		sum += p.ofStep(step)
	}
	return sum
}

// Counters returns the counters that the score depends on.
func (s Score) Counters() []Metric {
	var out []Metric
	for _, c := range s.counters {
		out = append(out, c.Metric)
	}
	return out
}

// OfCounter is the part of [Score.Of] that a counter has; 0 for one that the score does not depend on.
func (s Score) OfCounter(m Metric) func(Step) float64 {
	for _, c := range s.counters {
		if c.Metric == m {
			return c.ofStep
		}
	}
	return func(Step) float64 { return 0 }
}

// Value returns the score that a sum of weights means.
func (s Score) Value(sum float64) float64 {
	if s.units == 0 {
		return sum
	}
	return sum / s.units
}

// Tempered returns the weights whose [CountedRegion.Gibbs] is the Gibbs distribution of the score at a temperature above 0: an architecture has a
// probability proportional to exp(score/temperature). What all architectures share is left out.
func (s Score) Tempered(temperature float64) func(Step) float64 {
	return func(step Step) float64 {
		if step.Fixed {
			return 0
		}
		return s.Value(s.Of(step)) / temperature
	}
}

// ForScore returns a lattice whose steps have what a score depends on: this one for an additive score, and otherwise one made by
// [Lattice.Remember] and [Lattice.TrackCounters], whose errors it has.
func (l *Lattice) ForScore(s Score) (*Lattice, error) {
	counters, remembered := s.needs()
	return l.withContext(counters, remembered, maxItems)
}

// needs returns what steps must know for the score.
func (s Score) needs() ([]TrackedCounter, []RememberedOption) {
	var counters []TrackedCounter
	for _, c := range s.counters {
		if flat := c.flat(); flat > 0 {
			counters = append(counters, TrackedCounter{Metric: c.Metric, UpTo: flat, Total: true})
		}
	}
	var remembered []RememberedOption
	for _, p := range s.pairs {
		remembered = append(remembered, p.remembered())
	}
	return counters, remembered
}

// ForScore returns the same architectures as a feasible set of the lattice that [Lattice.ForScore] returns for the score.
func (o *FeasibleSet) ForScore(s Score) (*FeasibleSet, error) {
	l, err := o.lattice.ForScore(s)
	if err != nil || l == o.lattice {
		return o, err
	}
	return l.Feasible(o.limits...)
}

// ForScore returns the same architectures as a counted region of the lattice that [Lattice.ForScore] returns for the score.
func (r *CountedRegion) ForScore(s Score) (*CountedRegion, error) {
	l, err := r.lattice.ForScore(s)
	if err != nil || l == r.lattice {
		return r, err
	}
	return l.Within(r.limits...)
}

// Score returns the score of an architecture, or an error if it is not of the space. Any lattice of the space will do.
func (l *Lattice) Score(a space.Arch, s Score) (float64, error) {
	counters, remembered := s.needs()
	context := l.newContext(counters, remembered)
	sum, now := s.Of(l.fixedStep()), contextValues{}
	err := l.follow(a, func(item int32, at int) {
		step := l.step(item, int32(at))
		step.context, step.values = context, &now
		sum += s.Of(step)
		now = context.after(now, step)
	})
	return s.Value(sum), err
}

// exact returns the score in units in which all of its numbers are whole, if no sum of them is too great to be exact.
func (s Score) exact() Score {
	digits, most := decimals(s.offset), math.Abs(s.offset)
	add := func(numbers []float64, times float64) {
		greatest := 0.0
		for _, v := range numbers {
			digits, greatest = max(digits, decimals(v)), max(greatest, math.Abs(v))
		}
		most += times * greatest
	}
	for _, decision := range slices.Sorted(maps.Keys(s.of)) { // in order, for a sum has one
		add(numbers(s.of[decision]), 1)
	}
	for _, p := range s.pairs {
		add(numbers(p.Of), float64(p.steps))
	}
	for _, c := range s.counters {
		add([]float64{c.Each}, float64(c.most))
		add(numbers(c.At), 2)
		add(numbers(c.From), 2)
	}
	units := math.Pow10(digits)
	const wholeUpTo = 1 << 52
	if most*units > wholeUpTo {
		return s
	}
	whole := func(v float64) float64 { return math.Round(v * units) }
	out := Score{units: units, offset: whole(s.offset), of: map[string]map[string]float64{}}
	for decision, scores := range s.of {
		out.of[decision] = mapped(scores, whole)
	}
	for _, p := range s.pairs {
		p.Of = mapped(p.Of, whole)
		out.pairs = append(out.pairs, p)
	}
	for _, c := range s.counters {
		c.Each, c.At, c.From = whole(c.Each), mapped(c.At, whole), mapped(c.From, whole)
		out.counters = append(out.counters, c)
	}
	return out
}

func numbers[K comparable](of map[K]float64) []float64 {
	var out []float64
	for _, v := range of {
		out = append(out, v)
	}
	return out
}

func mapped[K comparable](of map[K]float64, to func(float64) float64) map[K]float64 {
	out := make(map[K]float64, len(of))
	for k, v := range of {
		out[k] = to(v)
	}
	return out
}

// decimals returns how many digits behind the point a number is written with.
func decimals(v float64) int {
	_, behind, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return len(behind)
}
