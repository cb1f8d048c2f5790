package explain

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// LimitValues is what limits on a cost are worth.
type LimitValues struct {
	Cost   string       `json:"cost"`
	Unit   string       `json:"unit,omitempty"` // of costs
	Amount json.Number  `json:"amount"`         // by which a limit is raised for its gain
	Values []LimitValue `json:"limit_values"`

	Front  []Point  `json:"-"` // all that the values are read from, the least cost first
	Others []string `json:"-"` // the limits on other costs, which all keep
}

// LimitValue is what a limit on a cost is worth.
type LimitValue struct {
	Limit json.Number `json:"limit"`
	Given bool        `json:"given,omitempty"` // it is the limit of the region, and not one among others
	Best  Figure      `json:"best"`
	Error Figure      `json:"error,omitempty"` // the standard error of Best
	Arch  string      `json:"arch"`            // the best
	More  json.Number `json:"more,omitempty"`  // what the next better one costs more
	Buys  Figure      `json:"buys,omitempty"`  // and by how much it is better
	Gain  Figure      `json:"gain"`            // by how much the best of a limit raised by Amount is better
	Slope Figure      `json:"slope"`           // per unit, along the concave hull of the front
	arch  space.Arch
}

// Point is a cost, in its unit, and a score or a measured value.
type Point struct{ Cost, Value float64 }

// limitValues returns the values of round limits over the costs of a front, and of the limit that there is, as far as they have better
// architectures than lower limits. Of those above which nothing is better any more there is one.
func limitValues(r *lattice.CountedRegion, m lattice.Metric, front []lattice.FrontPoint) LimitValues {
	l := r.Lattice()
	out := LimitValues{Cost: string(m), Unit: l.Unit(m)}
	for _, p := range front {
		out.Front = append(out.Front, Point{float(l, m, p.Cost), p.Score})
	}
	least, greatest := out.Front[0].Cost, out.Front[len(front)-1].Cost
	unit, scale := float(l, m, 1), 1.0
	if m == lattice.Memory {
		scale = binaryUnit(greatest)
	}
	amountOf := func(x float64) int64 { return int64(math.Floor(x*scale/unit + 1e-6)) }
	round, gap := roundLimits(least/scale, greatest/scale)
	amount := max(1, amountOf(gap))
	out.Amount = decimal(l, m, amount)
	given := int64(-1)
	for _, of := range r.Limits() {
		switch {
		case of.Metric != m:
			out.Others = append(out.Others, of.String())
		case of.Max < lattice.Unlimited:
			given = of.Max
		}
	}
	last := front[len(front)-1].Cost
	var limits []int64
	for _, x := range round {
		if n := amountOf(x); given < last || n < last {
			limits = append(limits, n)
		}
	}
	if given >= 0 {
		limits = append(limits, given)
	}
	slices.Sort(limits)
	for _, limit := range slices.Compact(limits) {
		v, ok := MarginalValueAt(front, m, limit)
		if !ok {
			continue
		}
		raised, _ := MarginalValueAt(front, m, limit+amount)
		x := LimitValue{
			Limit: decimal(l, m, limit), Given: limit == given,
			Best: Figure(v.Best.Score), Arch: r.Space().Format(v.Best.Arch), arch: v.Best.Arch,
			Gain: Figure(raised.Best.Score - v.Best.Score), Slope: Figure(v.Slope / unit),
		}
		if n := len(out.Values); n > 0 && v.More && !x.Given && x.Best == out.Values[n-1].Best {
			continue // as much as within a lower limit
		}
		if v.More {
			x.More, x.Buys = decimal(l, m, v.Next.Cost-limit), Figure(v.Next.Score-v.Best.Score)
		}
		if out.Values = append(out.Values, x); !v.More {
			break
		}
	}
	return out
}

// binaryUnit is the unit that so many bytes are written in.
func binaryUnit(bytes float64) float64 {
	unit := 1.0
	for bytes >= 1024*unit && unit < 1<<30 {
		unit *= 1024
	}
	return unit
}

// wide is how many times the least cost the greatest is where limits are multiples of each other and not evenly spaced.
const wide = 10

// fewLimits is about how many limits are valued.
const fewLimits = 8

// roundLimits returns round numbers from the least cost to the greatest, both rounded up to three digits: evenly spaced, or each
// about the same multiple of the one before where the greatest is at least ten times the least. gap is the greatest power of ten below what is between two on
// average.
func roundLimits(least, greatest float64) (round []float64, gap float64) {
	const below = 0.999
	if greatest <= least {
		return []float64{up(least)}, power(max(least/wide, math.SmallestNonzeroFloat64))
	}
	var between []float64
	if least > 0 && greatest >= wide*least {
		for _, digits := range [][]float64{{1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1}} {
			if between = series(least, greatest, digits); len(between) <= fewLimits+1 {
				break
			}
		}
	} else {
		step := power((greatest - least) / fewLimits)
		for _, times := range []float64{2, 5, 10} {
			if step*fewLimits < greatest-least {
				step = times * power((greatest-least)/fewLimits)
			}
		}
		step = max(step, power(greatest)/100) // limits are written with three digits
		for i := math.Floor(least/step) + 1; i*step < greatest; i++ {
			between = append(between, i*step)
		}
	}
	apart := greatest - least
	if n := len(between) - 1; n > 0 {
		apart = (between[n] - between[0]) / float64(n)
	}
	return slices.Concat([]float64{up(least)}, between, []float64{up(greatest)}), power(apart * below)
}

// series returns the digits times powers of ten between two numbers.
func series(least, greatest float64, digits []float64) []float64 {
	var out []float64
	for at := power(least); at < greatest; at *= 10 {
		for _, d := range digits {
			if x := d * at; x > least && x < greatest {
				out = append(out, x)
			}
		}
	}
	return out
}

// power is the greatest power of ten that is at most x.
func power(x float64) float64 { return math.Pow10(int(math.Floor(math.Log10(x) + 1e-9))) }

// up rounds up to three digits.
func up(x float64) float64 {
	if x <= 0 {
		return x
	}
	unit := power(x) / 100
	return math.Ceil(x/unit-1e-9) * unit
}
