package explain

import (
	"math"
	"math/big"

	"gonum.org/v1/gonum/mat"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// mostGroups is how many groups of trials the jackknife leaves out, one after another. Up to so many trials each is a group of its own; of
// more, every 32nd is in one group, which gives a standard error to about an eighth of itself.
const mostGroups = 32

// group is a solution without some rows.
type group struct {
	alpha []float64 // its weights are Xᵀα
	mean  float64   // by which the mean of all values moves
}

// leftOut returns the solutions without each group of rows, with the same penalty, in closed form: with H the hat matrix, G the rows of
// a group and e their residuals, the residuals without them are (I − H_GG)⁻¹e (Cook & Weisberg, 1982).
func (d decomposition) leftOut(s solution) []group {
	n := len(s.alpha)
	out := make([]group, min(n, mostGroups))
	for g := range out {
		var rows []int
		for i := g; i < n; i += len(out) {
			rows = append(rows, i)
		}
		own, rest := mat.NewDense(len(rows), len(rows), nil), mat.NewVecDense(len(rows), nil)
		for a, i := range rows {
			for b, j := range rows {
				own.Set(a, b, -d.hat(i, j, s.penalty))
			}
			own.Set(a, a, own.At(a, a)+1)
			rest.SetVec(a, s.residual[i])
		}
		leftOut := mat.NewVecDense(len(rows), nil)
		_ = leftOut.SolveVec(own, rest) // a poor condition is no worse than the fit without these rows is
		out[g].alpha = append([]float64(nil), s.alpha...)
		for a := range rows {
			out[g].mean -= leftOut.AtVec(a) / float64(n)
		}
		for k, v := range d.values {
			along := 0.0
			for a, i := range rows {
				along += d.left.At(i, k) * leftOut.AtVec(a)
			}
			along /= v + s.penalty
			for i := range n {
				out[g].alpha[i] -= d.left.At(i, k) * along
			}
		}
	}
	return out
}

// spread returns the standard error of a number by the jackknife (Quenouille, 1956; Tukey, 1958): √((g−1)/g · Σ(x − x̄)²) of what it is without
// each of g groups. It tends to be too great rather than too small (Efron & Stein, 1981). 0 for fewer than two groups.
func spread(without []float64) float64 {
	g := float64(len(without))
	if g < 2 {
		return 0
	}
	mean, sum := 0.0, 0.0
	for _, x := range without {
		mean += x / g
	}
	for _, x := range without {
		sum += (x - mean) * (x - mean)
	}
	return math.Sqrt((g - 1) / g * sum)
}

// Predict returns what the surrogate says of an architecture of a lattice that it was fitted over, with its standard error by the jackknife over
// the trials. It is an error if the architecture is not of the space.
func (s Surrogate) Predict(l *lattice.Lattice, a space.Arch) (value, deviation float64, err error) {
	steps, err := l.Steps(a)
	if err != nil {
		return 0, 0, err
	}
	sum := func(f fitted) float64 {
		out := f.offset
		for _, step := range steps {
			if !step.Fixed {
				out += s.weight(f.weights, lattice.Parameter{Before: step.Before, Decision: step.Decision, Option: step.Option})
			}
		}
		return out
	}
	without := make([]float64, len(s.without))
	for i, f := range s.without {
		without[i] = sum(f)
	}
	return sum(fitted{s.Weights, s.Offset}), spread(without), nil
}

// sampled is how many architectures of a region standard errors are computed from; of one that has no more, all.
const sampled = 8192

// Effects is [Effects] of the surrogate over a region of its lattice, with standard errors by the jackknife over the trials. They do not cover
// what the surrogate cannot express, nor that its penalty shrinks all effects towards 0. Effects are exact; their errors are computed from up
// to 8,192 architectures of the region, always the same.
func (s Surrogate) Effects(r *lattice.CountedRegion) (Summary, error) {
	out := effects(r, s.Of)
	without, err := s.summaries(r)
	if err != nil {
		return out, err
	}
	differ := func(number func(Summary) float64) float64 {
		all := make([]float64, len(without))
		for i, w := range without {
			all[i] = number(w)
		}
		return spread(all)
	}
	out.Error = differ(func(s Summary) float64 { return s.Mean })
	for d := range out.Decisions {
		of := &out.Decisions[d]
		of.Error = differ(func(s Summary) float64 { return s.part(s.Decisions[d].Shapley) })
		of.AloneError = differ(func(s Summary) float64 { return s.part(s.Decisions[d].Alone) })
		for o := range of.Options {
			of.Options[o].Error = differ(func(s Summary) float64 { return s.Decisions[d].Options[o].Mean })
		}
		for p := range of.Pairs {
			of.Pairs[p].Error = differ(func(s Summary) float64 { return s.Decisions[d].Pairs[p].Mean })
			of.Pairs[p].BeyondError = differ(func(s Summary) float64 { return s.Decisions[d].Pairs[p].Beyond })
		}
	}
	return sorted(out), nil
}

// summaries returns the summaries of the fits without each group of trials, over sampled architectures of a region.
func (s Surrogate) summaries(r *lattice.CountedRegion) ([]Summary, error) {
	parameters := r.Lattice().Parameters()
	rows, err := rowsOf(r)
	if err != nil {
		return nil, err
	}
	taken := make([]float64, len(parameters))
	for _, row := range rows {
		for _, k := range row {
			taken[k] += 1 / float64(len(rows))
		}
	}
	var out []Summary
	for _, f := range s.without {
		weights := make([]float64, len(parameters))
		mean := 0.0
		for k, p := range parameters {
			weights[k] = s.weight(f.weights, p)
			mean += taken[k] * weights[k]
		}
		slopes := make([]float64, len(parameters))
		for _, row := range rows {
			beyond := -mean
			for _, k := range row {
				beyond += weights[k]
			}
			for _, k := range row {
				slopes[k] += beyond / float64(len(rows))
			}
		}
		o := newAccumulator(parameters)
		o.Mean = f.offset + mean
		for k, p := range parameters {
			o.add(p, taken[k], slopes[k], weights[k])
		}
		o.finish()
		out = append(out, o.Summary)
	}
	return out, nil
}

// rowsOf returns the parameters that architectures of a region take, as places: of all, or of as many as are sampled.
func rowsOf(r *lattice.CountedRegion) ([][]int, error) {
	random := stream.New(1, "explain")
	n, next := int64(sampled), func(int64) (space.Arch, error) { return r.Sample(random), nil }
	if all := r.Count(); all.Cmp(big.NewInt(n)) <= 0 {
		n, next = all.Int64(), func(i int64) (space.Arch, error) { return r.Unrank(big.NewInt(i)) }
	}
	out := make([][]int, n)
	for i := range out {
		a, err := next(int64(i))
		if err != nil {
			return nil, err
		}
		if out[i], err = r.Lattice().Features(a); err != nil {
			return nil, err
		}
	}
	return out, nil
}
