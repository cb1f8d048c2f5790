package trial

import (
	"fmt"
	"math"
	"strings"
)

// Constraint bounds a metric that is known only after the trial, such as a measured latency. Bounds on parameters and
// MACs belong to the lattice instead, which never proposes an architecture that breaks them.
type Constraint struct {
	Metric  string  `json:"metric"`
	Bound   float64 `json:"bound"`
	AtLeast bool    `json:"at_least"` // the metric must be at least Bound; otherwise at most
}

// String returns "latency_ms at most 8".
func (c Constraint) String() string {
	if c.AtLeast {
		return fmt.Sprintf("%s at least %v", c.Metric, c.Bound)
	}
	return fmt.Sprintf("%s at most %v", c.Metric, c.Bound)
}

// Violation returns by how much the metrics break the constraint, as a share of the bound's magnitude (of 1, where the
// bound is 0): 0 if they keep it. A metric that is missing breaks it infinitely.
func (c Constraint) Violation(ms Metrics) float64 {
	x, ok := ms.Get(c.Metric)
	if !ok {
		return math.Inf(1)
	}
	over := x - c.Bound
	if c.AtLeast {
		over = -over
	}
	if over <= 0 {
		return 0
	}
	if c.Bound != 0 {
		over /= math.Abs(c.Bound)
	}
	return over
}

// Constraints are kept if each of them is.
type Constraints []Constraint

// Violation returns the sum of the violations: 0 means that a result is feasible (Deb et al., 2002).
func (cs Constraints) Violation(ms Metrics) float64 {
	var sum float64
	for _, c := range cs {
		sum += c.Violation(ms)
	}
	return sum
}

// Kept reports whether the metrics keep every constraint.
func (cs Constraints) Kept(ms Metrics) bool { return cs.Violation(ms) == 0 }

// String joins the constraints with commas.
func (cs Constraints) String() string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = c.String()
	}
	return strings.Join(parts, ", ")
}
