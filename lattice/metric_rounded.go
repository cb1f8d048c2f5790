package lattice

import (
	"fmt"
	"math/big"
)

// Rounded returns the lattice with a further metric, m rounded up to units, and the name of that. A limit on it, in units, is answered where one
// on m itself has too many different sums for the memory limit, and it is on the safe side: what the fixed step and every other step cost is
// rounded up by itself, so that whatever is within n units costs at most n·unit of m. Left out of what does is only what costs more than
// n − k units, where k is the number of steps of its path that cost anything. It is an error for a metric that does not add up or is
// rounded already, and for a unit below 1.
func (l *Lattice) Rounded(m Metric, unit int64) (*Lattice, Metric, error) {
	l, index, err := l.withComponent(m)
	if err != nil {
		return nil, "", err
	}
	if unit < 1 {
		return nil, "", fmt.Errorf("a unit of %d %s is out of range; it must be at least 1", unit, m)
	}
	if l.definitions[index].bin != nil {
		return nil, "", fmt.Errorf("%s is counted in bins already; its cost file says how large they are", m)
	}
	name := Metric("rounded(" + string(m) + ")")
	out, err := l.withDefinition(&metricDefinition{
		metric: name, unit: string(m), bin: new(big.Rat).SetInt64(unit), rounds: m,
		of: func(s Step) int64 { return (s.Cost(m) + unit - 1) / unit },
	})
	return out, name, err
}
