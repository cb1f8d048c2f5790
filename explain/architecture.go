package explain

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// Figure is a real number of an exact answer. JSON has the twelve digits of it that matter: what follows is rounding of sums, which would
// print a half as 0.49999999999999994.
type Figure float64

// MarshalJSON implements json.Marshaler.
func (f Figure) MarshalJSON() ([]byte, error) {
	if x := float64(f); math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, fmt.Errorf("%v is no number that JSON has", x)
	}
	x, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', 12, 64), 64)
	if err != nil {
		return nil, err
	}
	return strconv.AppendFloat(nil, x, 'g', -1, 64), nil
}

// Size is the absolute value of a figure.
func (f Figure) Size() Figure { return Figure(math.Abs(float64(f))) }

// Architecture is an architecture of a region with what it costs.
type Architecture struct {
	Rank   string `json:"rank,omitempty"` // within the limits, where these are counted
	Arch   string `json:"arch"`
	Params int64  `json:"params"`
	MACs   int64  `json:"macs"`

	Costs map[string]json.Number `json:"costs,omitempty"` // of cost files, and what was asked for
}

// Scored is an architecture with its score.
type Scored struct {
	Architecture
	Score Figure `json:"score"`
}

// Feasible is what keeps some limits: a region, or an outline, which is not counted.
type Feasible interface {
	Lattice() *lattice.Lattice
	Space() *space.Space
	Limits() []lattice.Limit
}

// Describe returns the costs of an architecture and, in a region, its rank.
func Describe(r Feasible, a space.Arch) (Architecture, error) {
	out := Architecture{Arch: r.Space().Format(a)}
	if counted, ok := r.(*lattice.CountedRegion); ok {
		rank, err := counted.Rank(a)
		if err != nil {
			return out, err
		}
		out.Rank = rank.String()
	}
	var err error
	if out.Params, err = r.Lattice().Cost(a, lattice.Params); err != nil {
		return out, err
	}
	if out.MACs, err = r.Lattice().Cost(a, lattice.MACs); err != nil {
		return out, err
	}
	for _, m := range r.Lattice().Metrics()[2:] {
		n, err := r.Lattice().Cost(a, m)
		if err != nil {
			return out, err
		}
		out.AddCost(r, m, n)
	}
	return out, nil
}

// AddCost adds an amount of a metric to the costs, unless the metric has a field of its own.
func (a *Architecture) AddCost(r Feasible, m lattice.Metric, n int64) {
	if m == lattice.Params || m == lattice.MACs {
		return
	}
	if a.Costs == nil {
		a.Costs = map[string]json.Number{}
	}
	a.Costs[string(m)] = decimal(r.Lattice(), m, n)
}

// decimal writes an amount of a metric in its unit.
func decimal(l *lattice.Lattice, m lattice.Metric, n int64) json.Number {
	return json.Number(l.Decimal(m, n))
}

// float is an amount of a metric in its unit.
func float(l *lattice.Lattice, m lattice.Metric, n int64) float64 {
	x, _ := decimal(l, m, n).Float64()
	return x
}
