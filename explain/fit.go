package explain

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// Trial is an architecture with what was measured of it.
type Trial struct {
	Arch  space.Arch
	Value float64
}

// Fit is how well a surrogate describes the trials it was fitted to.
type Fit struct {
	Trials      int     `json:"trials"`
	R2          float64 `json:"r2"`            // share of the variance of the values that the surrogate explains
	Spearman    float64 `json:"spearman"`      // rank correlation of measured and fitted values
	LeaveOneOut float64 `json:"leave_one_out"` // R² of predicting each trial from all the others; below 0 the mean is better
	Ridge       float64 `json:"ridge"`         // the penalty, the one of the greatest LeaveOneOut
}

// Weak is the [Fit.LeaveOneOut] below which a surrogate hardly predicts trials that it has not seen: its error is then more than 87% of the
// error of predicting the mean of all, √(1 − 0.25).
const Weak = 0.25

// Weak reports whether the surrogate hardly predicts trials that it has not seen; see the constant.
func (f Fit) Weak() bool { return f.LeaveOneOut < Weak }

// Surrogate is a score fitted to trials by ridge regression: a number for every parameter of a lattice, and an offset.
type Surrogate struct {
	Parameters []lattice.Parameter
	Weights    []float64 // of Parameters
	Offset     float64
	Fit        Fit

	of       map[lattice.Parameter]int // the place of every parameter
	residual []float64                 // by trial: its value less what is predicted from the others
	without  []fitted                  // the fits of the jackknife, each without a group of trials
}

// fitted are the weights and the offset of a fit to some of the trials.
type fitted struct {
	weights []float64
	offset  float64
}

// The powers of ten that are tried as penalties.
const leastRidge, greatestRidge = -6, 4

// leastTrials is the number of trials below which nothing is fitted.
const leastTrials = 4

// New fits a surrogate over the parameters of a lattice to trials: an additive one, or of a chained lattice one of pairs of neighbouring
// decisions, in which the number of a pair is that of its later option and one of its own, so that what pairs have in common is learnt
// once. It minimises the sum of squares plus the penalty times the squared weights (Hoerl & Kennard, 1970), which is the mean of
// the posterior of Bayesian least squares with independent normal weights; the offset is not penalised. The penalty is the power of ten with
// the least error of predicting each trial from the others, which is found in closed form (Allen, 1974). It is an error if there are
// fewer than 4 trials, if all have one value, or if one is not of the space.
func New(l *lattice.Lattice, trials []Trial) (Surrogate, error) {
	var penalties []float64
	for power := leastRidge; power <= greatestRidge; power++ {
		penalties = append(penalties, math.Pow10(power))
	}
	return fit(l, trials, penalties)
}

// Ridge is [New] with a given penalty, above 0.
func Ridge(l *lattice.Lattice, trials []Trial, penalty float64) (Surrogate, error) {
	if !(penalty > 0) {
		return Surrogate{}, fmt.Errorf("a penalty of %v is out of range; it must be above 0", penalty)
	}
	return fit(l, trials, []float64{penalty})
}

func fit(l *lattice.Lattice, trials []Trial, penalties []float64) (Surrogate, error) {
	if len(trials) < leastTrials {
		return Surrogate{}, fmt.Errorf("a surrogate is fitted to at least %d trials, and there are %d", leastTrials, len(trials))
	}
	s := Surrogate{Parameters: l.Parameters()}
	option, p := options(l, s.Parameters)
	n := len(trials)
	x, y := mat.NewDense(n, max(1, p), nil), make([]float64, n)
	for i, t := range trials {
		features, err := l.Features(t.Arch)
		if err != nil {
			return Surrogate{}, err
		}
		for _, f := range features {
			x.Set(i, f, 1)
			x.Set(i, option[f], 1)
		}
		y[i] = t.Value
	}
	middle := stat.Mean(y, nil)
	if slices.Min(y) == slices.Max(y) || math.IsNaN(middle) || math.IsInf(middle, 0) {
		return Surrogate{}, fmt.Errorf("all %d trials have the value %v: there is nothing to explain", n, y[0])
	}
	means := make([]float64, p)
	for j := range means {
		means[j] = stat.Mean(mat.Col(nil, j, x), nil)
		for i := range n {
			x.Set(i, j, x.At(i, j)-means[j])
		}
	}
	for i := range y {
		y[i] -= middle
	}
	d, err := decompose(x)
	if err != nil {
		return Surrogate{}, err
	}
	best := d.solve(y, penalties)
	// of returns the surrogate of the weights Xᵀα and the mean of the values.
	of := func(alpha []float64, mean float64) fitted {
		weights := mat.NewVecDense(max(1, p), nil)
		weights.MulVec(x.T(), mat.NewVecDense(n, alpha))
		all, out := weights.RawVector().Data[:p], fitted{make([]float64, len(s.Parameters)), mean}
		for j, w := range all {
			out.offset -= w * means[j]
		}
		for j := range out.weights {
			if out.weights[j] = all[j]; option[j] != j {
				out.weights[j] += all[option[j]]
			}
		}
		return out
	}
	whole := of(best.alpha, middle)
	s.Weights, s.Offset = whole.weights, whole.offset
	s.of = make(map[lattice.Parameter]int, len(s.Parameters))
	for j, parameter := range s.Parameters {
		s.of[parameter] = j
	}
	for _, g := range d.leftOut(best) {
		s.without = append(s.without, of(g.alpha, middle+g.mean))
	}
	s.residual = best.looResidual
	s.Fit = Fit{Trials: n, Ridge: best.penalty, R2: rSquared(y, best.residual), LeaveOneOut: rSquared(y, best.looResidual), Spearman: Spearman(y, best.fitted)}
	return s, nil
}

// options returns for every parameter the column of its option, and how many columns there are. In a chained lattice options have
// columns behind those of the pairs; otherwise they are the parameters.
func options(l *lattice.Lattice, parameters []lattice.Parameter) (column []int, columns int) {
	column, columns = make([]int, len(parameters)), len(parameters)
	at, chained := map[lattice.Taken]int{}, l == l.WithPrevious()
	for i, p := range parameters {
		if !chained {
			column[i] = i
			continue
		}
		option := lattice.Taken{Decision: p.Decision, Option: p.Option}
		if _, ok := at[option]; !ok {
			at[option] = columns
			columns++
		}
		column[i] = at[option]
	}
	return column, columns
}

// rSquared returns R² of predictions of centred values with these residuals.
func rSquared(y, residual []float64) float64 {
	off, all := 0.0, 0.0
	for i := range y {
		off += residual[i] * residual[i]
		all += y[i] * y[i]
	}
	return 1 - off/all
}

// Of returns the share of a step of the surrogate's lattice in its score: a weight for regions of that lattice.
func (s Surrogate) Of(step lattice.Step) float64 {
	if step.Fixed {
		return s.Offset
	}
	return s.weight(s.Weights, lattice.Parameter{Before: step.Before, Decision: step.Decision, Option: step.Option})
}

// weight returns the one of weights that is a parameter's; 0 for one that the surrogate does not have.
func (s Surrogate) weight(weights []float64, of lattice.Parameter) float64 {
	if at, ok := s.of[of]; ok {
		return weights[at]
	}
	return 0
}

// Negated returns the surrogate of the negative values: of an objective that is to be small, the score of which the greatest is the best.
func (s Surrogate) Negated() Surrogate {
	negated := func(f fitted) fitted {
		out := fitted{make([]float64, len(f.weights)), -f.offset}
		for i, w := range f.weights {
			out.weights[i] = -w
		}
		return out
	}
	whole := negated(fitted{s.Weights, s.Offset})
	s.Weights, s.Offset = whole.weights, whole.offset
	s.without = slices.Clone(s.without)
	for i, f := range s.without {
		s.without[i] = negated(f)
	}
	s.residual = slices.Clone(s.residual)
	for i := range s.residual {
		s.residual[i] = -s.residual[i]
	}
	return s
}
