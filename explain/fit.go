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

// Fit says how well a surrogate describes the trials it was fitted to.
type Fit struct {
	Trials      int     `json:"trials"`
	R2          float64 `json:"r2"`            // share of the variance of the values that the surrogate explains
	Spearman    float64 `json:"spearman"`      // rank correlation of what was measured and what the surrogate says
	LeaveOneOut float64 `json:"leave_one_out"` // R² where each trial is predicted from all the others; below 0 the mean does better
	Ridge       float64 `json:"ridge"`         // the penalty, the one of the greatest LeaveOneOut
}

// Surrogate is a score fitted to trials by ridge regression: a number for every parameter of a lattice, and an offset.
type Surrogate struct {
	Parameters []lattice.Parameter
	Weights    []float64 // of Parameters
	Offset     float64
	Fit        Fit
	of         map[lattice.Parameter]float64
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

// Choose fits a surrogate by [New] over each lattice and returns all of them and the place of the one that predicts every trial best from
// the others: that of the greatest [Fit.LeaveOneOut], and of equal ones the first.
func Choose(trials []Trial, over ...*lattice.Lattice) (best int, all []Surrogate, err error) {
	for i, l := range over {
		s, err := New(l, trials)
		if err != nil {
			return 0, nil, err
		}
		if all = append(all, s); s.Fit.LeaveOneOut > all[best].Fit.LeaveOneOut {
			best = i
		}
	}
	return best, all, nil
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
		return Surrogate{}, fmt.Errorf("all %d trials have the value %v, so that there is nothing to explain", n, y[0])
	}
	means := make([]float64, p)
	for j := range means {
		means[j] = stat.Mean(mat.Col(nil, j, x), nil)
		for i := range n {
			x.Set(i, j, x.At(i, j)-means[j])
		}
	}
	centred := mat.NewVecDense(n, nil)
	for i := range n {
		centred.SetVec(i, y[i]-middle)
	}
	alpha, fitted, ridge, outside, err := ridgeOf(x, centred, penalties)
	if err != nil {
		return Surrogate{}, err
	}
	weights := mat.NewVecDense(max(1, p), nil)
	weights.MulVec(x.T(), alpha)
	all := weights.RawVector().Data[:p]
	s.Weights, s.Offset = make([]float64, len(s.Parameters)), middle
	for j, w := range all {
		s.Offset -= w * means[j]
	}
	s.of = make(map[lattice.Parameter]float64, len(s.Parameters))
	for j, parameter := range s.Parameters {
		if s.Weights[j] = all[j]; option[j] != j {
			s.Weights[j] += all[option[j]]
		}
		s.of[parameter] = s.Weights[j]
	}
	s.Fit = Fit{Trials: n, Ridge: ridge, R2: determined(centred, fitted), LeaveOneOut: determined(centred, outside),
		Spearman: Spearman(centred.RawVector().Data, fitted.RawVector().Data)}
	return s, nil
}

// options returns for every parameter the column of its option, and how many columns there are. In a chained lattice options have
// columns behind those of the pairs; otherwise they are the parameters.
func options(l *lattice.Lattice, parameters []lattice.Parameter) (column []int, columns int) {
	column, columns = make([]int, len(parameters)), len(parameters)
	at, chained := map[lattice.Taken]int{}, l == l.Chained()
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

// ridgeOf solves the dual problem (XXᵀ + λ)α = y for the λ of the least error left out, and returns what is fitted and what the others
// predict. One decomposition serves all λ.
func ridgeOf(x *mat.Dense, y *mat.VecDense, penalties []float64) (alpha, fitted *mat.VecDense, ridge float64, outside *mat.VecDense, err error) {
	n, _ := x.Dims()
	var gram mat.SymDense
	gram.SymOuterK(1, x)
	var e mat.EigenSym
	if !e.Factorize(&gram, true) {
		return nil, nil, 0, nil, fmt.Errorf("the least squares of %d trials do not converge", n)
	}
	values := e.Values(nil)
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	var turned mat.VecDense
	turned.MulVec(vectors.T(), y)
	least := math.Inf(1)
	for _, lambda := range penalties {
		a, f, out := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
		missed := 0.0
		for i := range n {
			hat := 1 / float64(n) // of the offset
			for j, v := range values {
				v = math.Max(0, v)
				u := vectors.At(i, j)
				hat += u * u * v / (v + lambda)
				a.SetVec(i, a.AtVec(i)+u*turned.AtVec(j)/(v+lambda))
				f.SetVec(i, f.AtVec(i)+u*turned.AtVec(j)*v/(v+lambda))
			}
			wrong := (y.AtVec(i) - f.AtVec(i)) / math.Max(1e-12, 1-hat)
			out.SetVec(i, y.AtVec(i)-wrong)
			missed += wrong * wrong
		}
		if missed < least {
			least, ridge, alpha, fitted, outside = missed, lambda, a, f, out
		}
	}
	return alpha, fitted, ridge, outside, nil
}

// determined returns R² of predictions of centred values.
func determined(y, predicted *mat.VecDense) float64 {
	rest, all := 0.0, 0.0
	for i := range y.Len() {
		d := y.AtVec(i) - predicted.AtVec(i)
		rest += d * d
		all += y.AtVec(i) * y.AtVec(i)
	}
	return 1 - rest/all
}

// Spearman returns the correlation of the ranks of x and y, of equal length, in which equal values share the mean of theirs (Spearman, 1904); 0
// where all of x or all of y are equal.
func Spearman(x, y []float64) float64 {
	r := stat.Correlation(ranks(x), ranks(y), nil)
	if math.IsNaN(r) {
		return 0
	}
	return r
}

// ranks returns the rank of every value; equal ones share the mean of theirs.
func ranks(of []float64) []float64 {
	order := make([]int, len(of))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case of[a] < of[b]:
			return -1
		case of[a] > of[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(of))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && of[order[to]] == of[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+to-1) / 2
		}
		from = to
	}
	return out
}

// Of returns the share of a step of the surrogate's lattice in its score: a weight for regions of that lattice.
func (s Surrogate) Of(step lattice.Step) float64 {
	if step.Fixed {
		return s.Offset
	}
	return s.of[lattice.Parameter{Before: step.Before, Decision: step.Decision, Option: step.Option}]
}
