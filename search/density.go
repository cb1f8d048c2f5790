package search

import (
	"math"
	"slices"
)

// density is a mixture of products of categorical distributions around architectures, and of the uniform one.
type density struct {
	around  [][]uint16
	options []int   // of each decision
	weight  float64 // of the uniform distribution within each product
}

// factor is what a decision that an architecture makes contributes to the products, as logarithms.
type factor struct {
	place int
	own   uint16
	logs  [3]float64 // by how the architecture that a product is around makes the decision
}

// An architecture that a product is around does not meet a decision, makes it otherwise, or makes it alike.
const (
	unmet = iota
	otherwise
	alike
)

// factors returns those of a vector.
func (d *density) factors(v []uint16) []factor {
	out := make([]factor, 0, len(v))
	for at, o := range v {
		if o == 0 {
			continue
		}
		count := float64(d.options[at])
		out = append(out, factor{at, o, [3]float64{
			unmet:     -math.Log(count),
			otherwise: math.Log(d.weight / (1 + d.weight*count)),
			alike:     math.Log((1 + d.weight) / (1 + d.weight*count)),
		}})
	}
	return out
}

// by says how another vector makes the decision.
func (f *factor) by(w []uint16) int {
	switch {
	case f.place >= len(w) || w[f.place] == 0:
		return unmet
	case w[f.place] == f.own:
		return alike
	}
	return otherwise
}

// log returns the logarithm of the density at a vector; univariate, every decision has a mixture of its own.
func (d *density) log(v []uint16, univariate bool) float64 {
	factors := d.factors(v)
	if univariate {
		return d.separate(factors)
	}
	logs := make([]float64, len(d.around)+1) // of the products
	for i, w := range d.around {
		for k := range factors {
			logs[i] += factors[k].logs[factors[k].by(w)]
		}
	}
	for k := range factors {
		logs[len(d.around)] += factors[k].logs[unmet]
	}
	most := slices.Max(logs)
	var sum float64
	for _, l := range logs {
		sum += math.Exp(l - most)
	}
	return most + math.Log(sum/float64(len(logs)))
}

func (d *density) separate(factors []factor) (log float64) {
	for k := range factors {
		f := &factors[k]
		var shares [3]float64
		for i, l := range f.logs {
			shares[i] = math.Exp(l)
		}
		sum := 1 / float64(d.options[f.place])
		for _, w := range d.around {
			sum += shares[f.by(w)]
		}
		log += math.Log(sum / float64(len(d.around)+1))
	}
	return log
}
