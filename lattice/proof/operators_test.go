package proof_test

import (
	"math/big"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// operated returns the lattice with a cost of operators, in bins rounded up or down, and the enumeration with the sums over the operators
// of its architectures.
func operated(t failer, e *enumerated, l *lattice.Lattice, m lattice.Metric, bin int64, down bool) (*enumerated, *lattice.Lattice) {
	t.Helper()
	cost := func(o space.Operator) int64 { return milliseconds(lattice.Taken{Decision: o.Key()}) }
	l, err := l.WithCosts(lattice.CostModel{
		Metric: m, Unit: "ms", Bin: float64(bin) / 1000, Down: down, Offset: 0.014,
		OfOperator: func(o space.Operator) float64 { return float64(cost(o)) / 1000 },
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	all := e.operators(t)
	out := e.with(m, func([]lattice.Taken) int64 { return inBins(14, bin, down) })
	for i, operators := range all {
		for _, o := range operators {
			out.costs[m][i] += inBins(cost(o), bin, down)
		}
	}
	return out, l
}

// inBins rounds thousandths.
func inBins(thousandths, bin int64, down bool) int64 {
	if down {
		return thousandths / bin
	}
	return (thousandths + bin - 1) / bin
}

// operators returns those of every architecture.
func (e *enumerated) operators(t failer) [][]space.Operator {
	t.Helper()
	if e.operated == nil {
		for _, a := range e.archs {
			of, err := e.space.Operators(a)
			if err != nil {
				t.Fatalf("%v", err)
			}
			e.operated = append(e.operated, of)
		}
	}
	return e.operated
}

// operatorsAre counts in how many architectures every operator is.
func operatorsAre(t failer, q *question) {
	if q.previous || len(q.archs) > 1000 {
		return // the operators are those of the space
	}
	in, times := map[string]int64{}, map[string]int64{}
	for _, operators := range q.operators(t) {
		seen := map[string]bool{}
		for _, o := range operators {
			times[o.Key()]++
			if !seen[o.Key()] {
				in[o.Key()]++
				seen[o.Key()] = true
			}
		}
	}
	uses, err := q.plain.Operators()
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, u := range uses {
		key := u.Operator.Key()
		if u.In.Cmp(big.NewInt(in[key])) != 0 || u.Times.Cmp(big.NewInt(times[key])) != 0 {
			t.Fatalf("%s is said to be in %v architectures %v times, and is in %d, %d times", key, u.In, u.Times, in[key], times[key])
		}
		delete(in, key)
	}
	for key := range in {
		t.Fatalf("%s is not listed", key)
	}
}
