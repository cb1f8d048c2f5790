package search

import (
	"math"
	"slices"

	"github.com/trellis-nas/trellis/predict"
)

// guess is a Gaussian process of one number of results, smaller being better, over the candidates of the moment. The upper tail of
// the numbers is cut, so that networks that learned nothing do not spoil the scale of those that did; trials that failed count as
// if they had the worst number, and so do pending ones unless something is believed of them.
type guess struct {
	number func(*observation) float64
	model  *model
	gp     *predict.GP
	pool   *predict.Pool
	cut    float64 // numbers above count as this one
	least  float64
	centre float64
	spread float64
	// mean and deviation of the candidates, in the unit of the number.
	mean, deviation []float64
}

// tailShare is the share of numbers that are cut.
const tailShare = 0.1

func newGuess(m *model, number func(*observation) float64) *guess {
	gp := m.root.Beside()
	return &guess{number: number, model: m, gp: gp, pool: m.pool.Of(gp)}
}

// measure finds the scale of the numbers told, of which there must be one.
func (g *guess) measure(observed []observation) {
	var numbers []float64
	for i := range observed {
		if o := &observed[i]; !o.pending && !o.failed {
			numbers = append(numbers, g.number(o))
		}
	}
	slices.Sort(numbers)
	g.least, g.cut = numbers[0], numbers[int(math.Ceil((1-tailShare)*float64(len(numbers)-1)))]
	g.centre, g.spread = 0, 0
	n := float64(len(numbers))
	for _, x := range numbers {
		g.centre += min(x, g.cut) / n
	}
	for _, x := range numbers {
		d := min(x, g.cut) - g.centre
		g.spread += d * d / n
	}
	if g.spread = math.Sqrt(g.spread); !(g.spread > 1e-12*math.Abs(g.centre)) {
		g.spread = 1
	}
}

// targets returns the standardised number of every observation that the model holds.
func (g *guess) targets(observed []observation) []float64 {
	out := make([]float64, len(g.model.at))
	for i, at := range g.model.at {
		x := g.cut
		if o := &observed[at]; !o.failed && o.vector != nil {
			x = min(x, g.number(o))
		}
		out[i] = (x - g.centre) / g.spread
	}
	return out
}

// predict updates mean and deviation of the candidates, after tuning the hyper-parameters if asked to.
func (g *guess) predict(observed []observation, tune bool) {
	targets := g.targets(observed)
	if tune {
		g.gp.Tune(targets)
	}
	g.pool.Update()
	g.mean = g.pool.Mean(targets)
	variance := g.pool.Variance()
	g.deviation = slices.Grow(g.deviation[:0], len(variance))[:len(variance)]
	for i := range g.mean {
		g.mean[i] = g.centre + g.spread*g.mean[i]
		g.deviation[i] = g.spread * math.Sqrt(variance[i])
	}
}
