package lattice

import (
	"slices"
	"strings"
)

// A cell may be decided once and used at fifty places. To carry its thousands of variants through all of them would multiply the items.
// But as long as no shape depends on a variable and no cost depends on it together with something decided later, its value matters only
// to a sum of costs, which may be added where it is decided. So a Let is first compiled with its variable open: what comes after it
// returns, beside its own item, a deferred cost, the cost of every value summed over all places. Where that does not hold, the derivation
// returns a conflict that names the variables in its way, and their Lets are compiled again, value by value.

// deferredCost is what the values of an open variable cost, less the cost of the first value.
type deferredCost struct {
	variable string
	of       []costs
}

// deferredCosts are sorted by variable, hold no deferred cost that is all zero, and are immutable.
type deferredCosts []deferredCost

// conflict names the open variables that must be closed.
type conflict struct{ variables []string }

func (c deferredCosts) find(variable string) []costs {
	for _, x := range c {
		if x.variable == variable {
			return x.of
		}
	}
	return nil
}

func (c deferredCosts) without(variable string) deferredCosts {
	for i, x := range c {
		if x.variable == variable {
			return append(append(make(deferredCosts, 0, len(c)-1), c[:i]...), c[i+1:]...)
		}
	}
	return c
}

func (c deferredCosts) plus(d deferredCosts) deferredCosts {
	if len(c) == 0 {
		return d
	}
	if len(d) == 0 {
		return c
	}
	var sum deferredCosts
	for len(c) > 0 || len(d) > 0 {
		by := 0
		switch {
		case len(c) == 0:
			by = 1
		case len(d) == 0:
			by = -1
		default:
			by = strings.Compare(c[0].variable, d[0].variable)
		}
		switch {
		case by < 0:
			sum, c = append(sum, c[0]), c[1:]
		case by > 0:
			sum, d = append(sum, d[0]), d[1:]
		default:
			of := slices.Clone(c[0].of)
			for i := range of {
				of[i] = of[i].plus(d[0].of[i])
			}
			if !allZero(of) {
				sum = append(sum, deferredCost{c[0].variable, of})
			}
			c, d = c[1:], d[1:]
		}
	}
	return sum
}

func allZero(of []costs) bool {
	for _, c := range of {
		if c != (costs{}) {
			return false
		}
	}
	return true
}

// differing returns the variables whose deferred costs are not the same in c and d.
func (c deferredCosts) differing(d deferredCosts) []string {
	var names []string
	for _, x := range c {
		if !slices.Equal(x.of, d.find(x.variable)) {
			names = append(names, x.variable)
		}
	}
	for _, x := range d {
		if c.find(x.variable) == nil {
			names = append(names, x.variable)
		}
	}
	return names
}

// deferCost splits the costs of all values of a variable into the first value's cost and the deferred cost.
func deferCost(variable string, of []costs) (costs, deferredCosts) {
	first := of[0]
	rest := make([]costs, len(of))
	for i := range of {
		rest[i] = of[i].minus(first)
	}
	if allZero(rest) {
		return first, nil
	}
	return first, deferredCosts{{variable, rest}}
}
