package lattice

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/trellis-nas/trellis/space"
)

// CostModel is a further cost of a lattice, a real number for every step or for every operator, such as milliseconds.
//
// Of steps, it is the options of decisions that cost. Of operators, it is what the network is made of, whatever decisions caused it: the
// cost of an architecture is the sum over [space.Space.Operators], counted as params and MACs are.
//
// Sums of real numbers are too many to be told apart, so each number is rounded to a whole number of bins, always in the same direction.
// Rounded up, what a lattice says of an architecture is no less than what it costs: what is within a limit is surely within. Rounded
// down it is no more: nothing that is within is left out. Either way it is off by less than a bin for each decision (or operator) of the
// architecture, and one; where all numbers are whole bins, as 0.41 is of 0.01, it is not off at all. Numbers are taken as the decimals they are
// written as.
type CostModel struct {
	Metric Metric             // its name, other than those of the other metrics
	Unit   string             // such as "ms"
	Bin    float64            // in units, above 0
	Down   bool               // round down to bins, otherwise up
	Of     func(Step) float64 // of every step, the fixed one too; nil where operators cost

	// OfOperator is what every operator costs, and Offset what every architecture costs besides. It is asked about operators of
	// derivations too that cannot be finished. It must give equal ones, see [space.Operator.Key], the same number of at least 0.
	OfOperator func(space.Operator) float64
	Offset     float64
}

// maxBins bounds the bins of a number, so that sums along paths are exact.
const maxBins = 1 << 40

// WithCosts returns the lattice with a further metric, which may be limited as params and MACs are, and has a range, a histogram and fronts.
// A lattice holds at most six metrics beside params and MACs; counters and limits from below are among them. It is an error if a
// number is not finite or has more than 10¹² bins.
func (l *Lattice) WithCosts(p CostModel) (*Lattice, error) {
	if _, err := l.index(p.Metric); err == nil || p.Metric.Named() {
		return nil, fmt.Errorf("space %q has a metric %q already", l.space.Name(), string(p.Metric))
	}
	if !(p.Bin > 0) || math.IsInf(p.Bin, 0) {
		return nil, fmt.Errorf("bins of %v %s are out of range; they must be above 0", p.Bin, p.Unit)
	}
	m := &metricDefinition{metric: p.Metric, unit: p.Unit, bin: rational(p.Bin), down: p.Down}
	if p.OfOperator != nil {
		return l.withOperatorCosts(p, m)
	}
	var failed error
	check := func(s Step) {
		if _, err := m.bins(p.Of(s)); err != nil && failed == nil {
			failed = fmt.Errorf("the %s of %s=%s: %w", p.Metric, s.Decision, s.Option, err)
		}
	}
	check(l.fixedStep())
	l.eachStep(func(item, at int32) { check(l.step(item, at)) })
	if failed != nil {
		return nil, failed
	}
	m.of = func(s Step) int64 {
		n, _ := m.bins(p.Of(s)) // checked
		return n
	}
	return l.withDefinition(m)
}

// withOperatorCosts compiles the space again with what operators cost.
func (l *Lattice) withOperatorCosts(p CostModel, m *metricDefinition) (*Lattice, error) {
	var failed error
	if m.offset, failed = m.bins(p.Offset); failed != nil {
		return nil, fmt.Errorf("the offset of %s: %w", p.Metric, failed)
	}
	m.operator = func(o space.Operator) int64 {
		x := p.OfOperator(o)
		n, err := m.bins(x)
		if err == nil && x < 0 {
			err = fmt.Errorf("%v %s are less than nothing", x, m.unit)
		}
		if err != nil && failed == nil {
			failed = fmt.Errorf("the %s of %s: %w", p.Metric, o, err)
		}
		return n
	}
	out, err := l.recompile(append(slices.Clone(l.definitions), m), func(*compiler) {})
	if failed != nil {
		return nil, failed
	}
	m.operator = func(o space.Operator) int64 {
		n, _ := m.bins(p.OfOperator(o)) // checked
		return n
	}
	return out, err
}

// rational is the decimal that a number is written as.
func rational(x float64) *big.Rat {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(x, 'g', -1, 64))
	return r
}

// bins rounds a number to bins.
func (m *metricDefinition) bins(x float64) (int64, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("%v is no number", x)
	}
	n := floor(new(big.Rat).Quo(rational(x), m.bin), !m.down)
	if n.CmpAbs(big.NewInt(maxBins)) > 0 {
		return 0, fmt.Errorf("%v %s are more than %d bins", x, m.unit, int64(maxBins))
	}
	return n.Int64(), nil
}

// floor rounds down, or up.
func floor(x *big.Rat, up bool) *big.Int {
	n, rest := new(big.Int).DivMod(x.Num(), x.Denom(), new(big.Int))
	if up && rest.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	return n
}
