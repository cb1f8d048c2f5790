package lattice

import (
	"math/big"

	"github.com/trellis-nas/trellis/space"
)

// Use is an operator that architectures of a space are made of.
type Use struct {
	Operator space.Operator
	In       *big.Int // architectures that have it
	Times    *big.Int // how often all architectures together have it
}

// Operators returns every different operator that some architecture has, in the order in which a derivation can meet them, with how many
// architectures have it: what is to be measured on a device. It compiles the space once for every three operators, which takes seconds
// where there are a hundred.
func (l *Lattice) Operators() ([]Use, error) {
	met, err := l.CandidateOperators()
	if err != nil {
		return nil, err
	}
	uses, err := l.UsesOf(met)
	if err != nil {
		return nil, err
	}
	occurring := uses[:0]
	for _, u := range uses {
		if u.In.Sign() > 0 {
			occurring = append(occurring, u)
		}
	}
	return occurring, nil
}

// CandidateOperators returns the operators that compiling meets, each once: those of all architectures, and some of derivations that cannot be finished.
func (l *Lattice) CandidateOperators() ([]space.Operator, error) {
	var out []space.Operator
	seen := map[string]bool{}
	_, err := l.recompile(l.definitions[:builtInMetrics], func(c *compiler) {
		c.onOperator = func(o space.Operator) {
			if key := o.Key(); !seen[key] {
				seen[key] = true
				out = append(out, o)
			}
		}
	})
	return out, err
}

// UsesOf counts where operators occur, whether any architecture has them or none.
func (l *Lattice) UsesOf(of []space.Operator) ([]Use, error) {
	const perCompilation = maxMetrics - builtInMetrics
	out := make([]Use, 0, len(of))
	for from := 0; from < len(of); from += perCompilation {
		part := of[from:min(from+perCompilation, len(of))]
		definitions := builtIn()
		for _, o := range part {
			key := o.Key()
			definitions = append(definitions, &metricDefinition{operator: func(o space.Operator) int64 {
				if o.Key() == key {
					return 1
				}
				return 0
			}})
		}
		counted, err := l.recompile(definitions, func(*compiler) {})
		if err != nil {
			return nil, err
		}
		for k, o := range part {
			in, times := counted.occurrences(builtInMetrics + k)
			out = append(out, Use{o, in, times})
		}
	}
	return out, nil
}

// occurrences returns how many architectures pay anything in a component, and what all of them together pay.
func (l *Lattice) occurrences(component int) (in, times *big.Int) {
	all := make([]*big.Int, len(l.decisionOf))  // paths from an item
	none := make([]*big.Int, len(l.decisionOf)) // paths that pay nothing
	sum := make([]*big.Int, len(l.decisionOf))  // what all of them pay
	all[end], none[end], sum[end] = big.NewInt(1), big.NewInt(1), new(big.Int)
	for item := int32(end + 1); item <= l.root(); item++ {
		all[item], none[item], sum[item] = new(big.Int), new(big.Int), new(big.Int)
		for _, s := range l.after(item) {
			all[item].Add(all[item], all[s.next])
			sum[item].Add(sum[item], sum[s.next])
			if paid := s.cost[component]; paid > 0 {
				sum[item].Add(sum[item], new(big.Int).Mul(big.NewInt(paid), all[s.next]))
			} else {
				none[item].Add(none[item], none[s.next])
			}
		}
	}
	root, fixed := l.root(), l.fixed[component]
	times = new(big.Int).Mul(big.NewInt(fixed), all[root])
	times.Add(times, sum[root])
	if fixed > 0 {
		return all[root], times
	}
	return new(big.Int).Sub(all[root], none[root]), times
}
