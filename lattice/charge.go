package lattice

import (
	"slices"
	"strings"
)

// A cell may be decided once and used at fifty places. To carry its thousands of variants through all of them would multiply the items.
// But as long as no shape depends on a variable and no cost depends on it together with something decided later, its value matters only
// to a sum of costs, which may be paid where it is decided. So a Let is first compiled with its variable open: what comes after it
// returns, beside its own item, a charge, the cost of every value summed over all places. Where that does not hold, the derivation
// returns a conflict that names the variables in its way, and their Lets are compiled again, value by value.

// charge is what the values of an open variable cost, less the cost of the first value.
type charge struct {
	variable string
	of       []costs
}

// charges are sorted by variable, hold no charge that is all zero, and are immutable.
type charges []charge

// conflict names the open variables that must be closed.
type conflict struct{ variables []string }

func (c charges) find(variable string) []costs {
	for _, x := range c {
		if x.variable == variable {
			return x.of
		}
	}
	return nil
}

func (c charges) without(variable string) charges {
	for i, x := range c {
		if x.variable == variable {
			return append(append(make(charges, 0, len(c)-1), c[:i]...), c[i+1:]...)
		}
	}
	return c
}

func (c charges) plus(d charges) charges {
	if len(c) == 0 {
		return d
	}
	if len(d) == 0 {
		return c
	}
	var sum charges
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
				sum = append(sum, charge{c[0].variable, of})
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

// differing returns the variables whose charges are not the same in c and d.
func (c charges) differing(d charges) []string {
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

// chargeOf splits the costs of all values of a variable into the first value's cost and the charge.
func chargeOf(variable string, of []costs) (costs, charges) {
	first := of[0]
	rest := make([]costs, len(of))
	for i := range of {
		rest[i] = of[i].minus(first)
	}
	if allZero(rest) {
		return first, nil
	}
	return first, charges{{variable, rest}}
}
