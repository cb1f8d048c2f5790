package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/trellis-nas/trellis/space"
)

// TPE is the tree-structured Parzen estimator (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011). The best tenth of the
// results, 25 at most, are the good ones, all others and what is under way the bad ones; each group is a density, and of candidates
// drawn from that of the good ones it proposes the one of the greatest ratio. A density is a mixture of one product of categorical
// distributions for each architecture, which prefer its options, and a uniform one. Univariate, every decision has a density of its own
// (Bergstra); multivariate, an architecture's options stay together (Falkner et al., "BOHB", 2018).
//
// With several objectives it follows the first one.
type TPE struct {
	*modelBased
	TPEConfig
	decisions *decisionIndex
	vectors   [][]uint16 // of the entries
}

// TPEConfig holds the settings of TPE.
type TPEConfig struct {
	Initial    int  // uniform draws at the beginning; 0 means 8
	Candidates int  // draws from the density of the good; 0 means 24
	Univariate bool // decisions one by one
}

// NewTPE returns a tree-structured Parzen estimator. It is an error if there is no objective or a setting is out of range.
func NewTPE(p Problem, c TPEConfig) (*TPE, error) {
	if c.Candidates == 0 {
		c.Candidates = 24
	}
	if c.Candidates < 1 {
		return nil, fmt.Errorf("tpe: %d candidates are too few; it needs 1 at least", c.Candidates)
	}
	m, err := newModelBased("tpe", p, c.Initial)
	if err != nil {
		return nil, err
	}
	s := &TPE{modelBased: m, TPEConfig: c, decisions: newDecisionIndexOf(p.Region)}
	s.choose = s.next
	return s, nil
}

func (s *TPE) next(r *rand.Rand) (space.Arch, string, bool) {
	for _, o := range s.all[len(s.vectors):] {
		s.vectors = append(s.vectors, s.decisions.learn(o.arch))
	}
	good, bad := s.groups()
	var archs []space.Arch
	const tries = 10 // for each candidate
	for range tries * s.Candidates {
		if len(archs) == s.Candidates {
			break
		}
		a, err := s.left.region.Space().Derive(good.drawer(s, r))
		if err == nil && s.left.holds(a) && s.set.mayBeFresh(a) && !slices.Contains(archs, a) {
			archs = append(archs, a)
		}
	}
	// A region that leaves little of its space, as tight limits or a list do, is asked itself.
	for range tries * s.Candidates * 2 {
		if len(archs) >= s.Candidates/2+1 {
			break
		}
		if a := s.set.draw(r); !slices.Contains(archs, a) {
			archs = append(archs, a)
		}
	}
	values := make([]float64, len(archs))
	for i, a := range archs {
		v := s.decisions.learn(a)
		values[i] = good.log(v, s.Univariate) - bad.log(v, s.Univariate)
	}
	a, ok := s.greatest(archs, values)
	return a, OriginModel, ok
}

// groups returns the densities of the good and of the bad.
func (s *TPE) groups() (good, bad density) {
	n := min(25, int(math.Ceil(0.1*float64(s.results))))
	best := s.best(n)
	good.options, bad.options = s.decisions.options, s.decisions.options
	for i, v := range s.vectors {
		if slices.Contains(best, i) {
			good.around = append(good.around, v)
		} else {
			bad.around = append(bad.around, v)
		}
	}
	good.weight, bad.weight = 1/float64(len(good.around)+1), 1/float64(len(bad.around)+1)
	return good, bad
}

// drawer returns a function that draws options: all from the product of one architecture or, univariate, each from that of another.
func (d *density) drawer(s *TPE, r *rand.Rand) func(space.Decision) int {
	pick := r.IntN(len(d.around) + 1)
	return func(met space.Decision) int {
		if s.Univariate {
			pick = r.IntN(len(d.around) + 1)
		}
		count := len(met.Options)
		at, known := s.decisions.places[met.Name]
		if known && pick < len(d.around) && at < len(d.around[pick]) {
			o := int(d.around[pick][at])
			if o > 0 && o <= count && r.Float64() < 1/(1+d.weight*float64(count)) {
				return o - 1
			}
		}
		return r.IntN(count)
	}
}

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
