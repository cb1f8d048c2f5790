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
	*modelled
	TPEConfig
	encoding *encoding
	vectors  [][]uint16 // of the entries
}

// TPEConfig holds the settings of TPE.
type TPEConfig struct {
	Start      int  // uniform draws at the beginning; 0 means 8
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
	m, err := newModelled("tpe", p, c.Start)
	if err != nil {
		return nil, err
	}
	s := &TPE{modelled: m, TPEConfig: c, encoding: newEncodingOf(p.Region)}
	s.choose = s.next
	return s, nil
}

func (s *TPE) next(r *rand.Rand) (space.Arch, string, bool) {
	for _, e := range s.entries[len(s.vectors):] {
		s.vectors = append(s.vectors, s.encoding.learn(e.arch))
	}
	good, bad := s.groups()
	var archs []space.Arch
	const tries = 10 // for each candidate
	for range tries * s.Candidates {
		if len(archs) == s.Candidates {
			break
		}
		a, err := s.left.region.Space().Derive(good.drawer(s, r))
		if err == nil && s.left.holds(a) && s.field.mayBeFresh(a) && !slices.Contains(archs, a) {
			archs = append(archs, a)
		}
	}
	// A region that leaves little of its space, as tight limits or a list do, is asked itself.
	for range tries * s.Candidates * 2 {
		if len(archs) >= s.Candidates/2+1 {
			break
		}
		if a := s.field.draw(r); !slices.Contains(archs, a) {
			archs = append(archs, a)
		}
	}
	values := make([]float64, len(archs))
	for i, a := range archs {
		v := s.encoding.learn(a)
		values[i] = good.log(v, s.Univariate) - bad.log(v, s.Univariate)
	}
	a, ok := s.greatest(archs, values)
	return a, OriginModel, ok
}

// groups returns the densities of the good and of the bad.
func (s *TPE) groups() (good, bad density) {
	n := min(25, int(math.Ceil(0.1*float64(s.done))))
	best := s.ledger.best(n)
	good.options, bad.options = s.encoding.options, s.encoding.options
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
		at, known := s.encoding.places[met.Name]
		if known && pick < len(d.around) && at < len(d.around[pick]) {
			o := int(d.around[pick][at])
			if o > 0 && o <= count && r.Float64() < 1/(1+d.weight*float64(count)) {
				return o - 1
			}
		}
		return r.IntN(count)
	}
}
