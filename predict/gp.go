package predict

import (
	"math"
	"slices"
)

// GP is regression with a Gaussian process over points (Rasmussen & Williams, "Gaussian Processes for Machine Learning", 2006). It holds
// the points that were observed or are under way; targets come with every question, one a point, standardised by [Standardise] or
// [Normalise], because they change with every result.
//
// The way: Add the points, Tune now and then, ask a [Pool] of candidates made by Over. It is not safe for concurrent use.
type GP struct {
	kernel Kernel
	theta  []float64
	tuned  int // how often theta changed

	points []*Point
	dist   [][][]float64 // for each view the lower triangle, row by row, scaled
	inner  [][]float64   // of the trend, likewise; nil without one
}

// NewGP returns a process without points, its hyper-parameters at the mean of their prior.
func NewGP(k Kernel) *GP {
	mean, _ := k.prior()
	return &GP{kernel: k, theta: mean, dist: make([][][]float64, len(k.views))}
}

// Add appends a point. It costs a distance to each point before.
func (g *GP) Add(p *Point) {
	g.points = append(g.points, p)
	for v, view := range g.kernel.views {
		row := make([]float64, len(g.points))
		for i, q := range g.points[:len(row)-1] {
			row[i] = view.Distance(p, q) / g.kernel.scales[v]
		}
		g.dist[v] = append(g.dist[v], row)
	}
	if g.kernel.trend != nil {
		row := make([]float64, len(g.points))
		for i, q := range g.points {
			row[i] = g.kernel.trend.inner(p, q)
		}
		g.inner = append(g.inner, row)
	}
}

// Len returns the number of points.
func (g *GP) Len() int { return len(g.points) }

// Hyper returns the hyper-parameters, which are logarithms: for each term its amplitude and lengths, the amplitude of the trend if there
// is one, and the variance of the noise.
func (g *GP) Hyper() []float64 { return slices.Clone(g.theta) }

// Noise returns the variance of the noise, in units of the targets' variance.
func (g *GP) Noise() float64 { return math.Exp(g.theta[len(g.theta)-1]) }

// covariance returns the covariance of points i ≥ j without noise.
func (g *GP) covariance(d *decoded, i, j int) float64 {
	var k float64
	for t := range d.terms {
		k += d.terms[t].of(func(v int) float64 { return g.dist[v][i][j] })
	}
	if g.inner != nil {
		k += d.trend * g.inner[i][j]
	}
	return k
}
