package search

import (
	"math"
	"math/rand/v2"
	"sort"
	"sync"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// listedFamily is the family over a list, all of it by going through the list.
type listedFamily struct {
	lattice *lattice.Lattice
	archs   []space.Arch
	rows    [][]int // of archs: what each takes
	n       int
}

func listedFamilyOf(region Region, pairs bool) (family, error) {
	list, err := listOf(region)
	if err != nil {
		return nil, err
	}
	l, err := lattice.Compile(list.space)
	if err != nil {
		return nil, err
	}
	if pairs {
		l = l.WithPrevious()
	}
	f := &listedFamily{l, list.archs, make([][]int, len(list.archs)), len(l.Parameters())}
	for i, a := range list.archs {
		f.rows[i] = mustTake(l, a)
	}
	return f, nil
}

func (f *listedFamily) size() int { return f.n }

func (f *listedFamily) taken(a space.Arch) []int { return mustTake(f.lattice, a) }

func (f *listedFamily) with(scores []float64) distribution {
	d := &listedDistribution{family: f, probability: make([]float64, len(f.rows)), upTo: make([]float64, len(f.rows))}
	top := math.Inf(-1)
	for i, row := range f.rows {
		d.probability[i] = sumOf(scores, row)
		top = max(top, d.probability[i])
	}
	sum, along := 0.0, 0.0
	for i, s := range d.probability {
		p := math.Exp(s - top)
		sum += p
		along += p * (s - top)
		d.probability[i], d.upTo[i] = p, sum
	}
	for i := range d.probability {
		d.probability[i] /= sum
	}
	d.entropy = math.Log(sum) - along/sum
	d.covariance = sync.OnceValue(d.covariances)
	return d
}

// listedDistribution is a distribution over a list.
type listedDistribution struct {
	family      *listedFamily
	probability []float64
	upTo        []float64 // the sum of the probabilities up to each, in units of the greatest
	entropy     float64
	covariance  func() []float64
}

func (d *listedDistribution) Sample(r *rand.Rand) space.Arch {
	u := r.Float64() * d.upTo[len(d.upTo)-1]
	return d.family.archs[sort.Search(len(d.upTo)-1, func(i int) bool { return d.upTo[i] > u })]
}

func (d *listedDistribution) Entropy() float64 { return d.entropy }

// covariances returns the Fisher information, row by row.
func (d *listedDistribution) covariances() []float64 {
	n := d.family.n
	mean, both := make([]float64, n), make([]float64, n*n)
	for i, p := range d.probability {
		row := d.family.rows[i]
		addAt(mean, row, p)
		for _, k := range row {
			addAt(both[k*n:(k+1)*n], row, p)
		}
	}
	for k, x := range mean {
		for l, y := range mean {
			both[k*n+l] -= x * y
		}
	}
	return both
}

func (d *listedDistribution) FisherTimes(v []float64) []float64 {
	n := d.family.n
	out, covariance := make([]float64, n), d.covariance()
	for k := range out {
		out[k] = dot(covariance[k*n:(k+1)*n], v)
	}
	return out
}
