package main

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/report"
	"github.com/trellis-nas/trellis/space"
)

// priceList is what budgets of a cost are worth.
type priceList struct {
	Cost   string           `json:"cost"`
	Unit   string           `json:"unit,omitempty"` // of costs
	Amount json.Number      `json:"amount"`         // that more of a budget is priced by
	Prices []explainedPrice `json:"prices"`

	units report.Units // of costs
}

// explainedPrice is what a budget is worth.
type explainedPrice struct {
	Limit json.Number `json:"limit"`
	Given bool        `json:"given,omitempty"` // it is a limit that all is within, and not one among others
	Best  figure      `json:"best"`
	Error figure      `json:"error,omitempty"` // the standard error of Best
	Arch  string      `json:"arch"`            // the best
	More  json.Number `json:"more,omitempty"`  // what the next better one costs more
	Buys  figure      `json:"buys,omitempty"`  // and by how much it is better
	Gain  figure      `json:"gain"`            // by how much the best of Amount more is better
	Slope figure      `json:"slope"`           // per unit, along the concave hull of the front
	limit float64
	arch  space.Arch
}

// prices are the prices of round budgets over the costs of a front, and of the limit that there is, as far as they have better ones
// than smaller budgets. Of those in which nothing is better any more there is one.
func prices(r *lattice.Region, m lattice.Metric, front []lattice.Trade) priceList {
	out := priceList{Cost: string(m), Unit: r.Lattice().Unit(m), units: unitsOf(r)}
	number := func(n int64) float64 { x, _ := decimal(r, m, n).Float64(); return x }
	unit := number(1)
	scale := 1.0
	if m == lattice.Memory {
		scale = binary(number(front[len(front)-1].Cost))
	}
	in := func(x float64) int64 { return int64(math.Floor(x*scale/unit + 1e-6)) } // of the cost
	last := front[len(front)-1].Cost
	round, gap := budgets(number(front[0].Cost)/scale, number(last)/scale)
	amount := max(1, in(gap))
	out.Amount = decimal(r, m, amount)
	given := int64(-1)
	for _, l := range r.Limits() {
		if l.Metric == m && l.Max < lattice.Unlimited {
			given = l.Max
		}
	}
	var limits []int64
	for _, x := range round {
		if n := in(x); given < last || n < last {
			limits = append(limits, n)
		}
	}
	if given >= 0 {
		limits = append(limits, given)
	}
	slices.Sort(limits)
	for _, limit := range slices.Compact(limits) {
		p, ok := explain.PriceAt(front, m, limit)
		if !ok {
			continue
		}
		more, _ := explain.PriceAt(front, m, limit+amount)
		x := explainedPrice{Limit: decimal(r, m, limit), Given: limit == given, Best: figure(p.Best.Score), Arch: r.Space().Format(p.Best.Arch), arch: p.Best.Arch, Gain: figure(more.Best.Score - p.Best.Score), Slope: figure(p.Slope / unit), limit: number(limit)}
		if n := len(out.Prices); n > 0 && p.More && !x.Given && x.Best == out.Prices[n-1].Best {
			continue // as much again as a smaller budget has
		}
		if p.More {
			x.More, x.Buys = decimal(r, m, p.Next.Cost-limit), figure(p.Next.Score-p.Best.Score)
		}
		if out.Prices = append(out.Prices, x); !p.More {
			break
		}
	}
	return out
}

// binary is the unit that so many bytes are written in.
func binary(bytes float64) float64 {
	unit := 1.0
	for bytes >= 1024*unit && unit < 1<<30 {
		unit *= 1024
	}
	return unit
}

// wide is how many times the least cost the greatest is where costs are shown as multiples of each other and not evenly.
const wide = 10

// fewBudgets is about how many budgets are priced.
const fewBudgets = 8

// budgets returns round numbers from the least cost to the greatest, both rounded up to three digits: as far from each other as they are, or each
// a like multiple of the one before where the greatest is at least ten times the least. gap is the greatest power of ten below what is between two on
// average.
func budgets(least, greatest float64) (round []float64, gap float64) {
	const below = 0.999
	if greatest <= least {
		return []float64{up(least)}, power(max(least/wide, math.SmallestNonzeroFloat64))
	}
	var between []float64
	if least > 0 && greatest >= wide*least {
		for _, digits := range [][]float64{{1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1}} {
			if between = series(least, greatest, digits); len(between) <= fewBudgets+1 {
				break
			}
		}
	} else {
		step := power((greatest - least) / fewBudgets)
		for _, times := range []float64{2, 5, 10} {
			if step*fewBudgets < greatest-least {
				step = times * power((greatest-least)/fewBudgets)
			}
		}
		step = max(step, power(greatest)/100) // budgets are written with three digits
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

// priceChart is the picture of the front that prices are read from, without the limit on its cost but with a mark where that is.
func priceChart(r *lattice.Region, m lattice.Metric, front []lattice.Trade, e explained) draw.FrontChart {
	c := frontChart(r, m, front)
	var others []string
	for _, l := range r.Limits() {
		if l.Metric != m {
			others = append(others, l.String())
		}
	}
	c.Title, c.FrontName = e.Space+": the best within a budget", "best score"
	if len(others) > 0 {
		c.Note = "All within " + strings.Join(others, " and ") + "."
	}
	for _, p := range e.Prices {
		if p.Given {
			c.Limit = p.limit
		}
	}
	first, last := c.Front[0].X, c.Front[len(c.Front)-1].X
	c.Cost.Log = first > 0 && last >= wide*first
	if e.measure.name != "" {
		c.Score, c.FrontName, c.TrialsName = e.measure.axis(), "best, predicted", "trials, measured"
	}
	return c
}
