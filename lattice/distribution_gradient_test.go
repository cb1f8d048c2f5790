package lattice_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
)

// The gradients in closed form against differences of the values themselves, on a space under two budgets.
func TestGradientsAgreeWithFiniteDifferences(t *testing.T) {
	e := smallMobile(t)
	l := compiled(t, e.space).WithPrevious()
	r, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: e.quantile(lattice.Params, 0.2)}, lattice.Limit{Metric: lattice.MACs, Max: e.quantile(lattice.MACs, 0.2)})
	if err != nil {
		t.Fatal(err)
	}
	scores := make([]float64, len(l.Parameters()))
	random := stream.New(1, "scores")
	for i := range scores {
		scores[i] = random.NormFloat64()
	}
	macs := func(s lattice.Step) float64 { return float64(s.Cost(lattice.MACs)) / 1e5 }
	one := r.Sample(random)
	for name, f := range map[string]func(g *lattice.Gibbs) (float64, []float64){
		"log partition": func(g *lattice.Gibbs) (float64, []float64) { return g.LogPartition(), g.LogPartitionGrad() },
		"mean":          func(g *lattice.Gibbs) (float64, []float64) { return g.ExpectationGrad(macs) },
		"variance":      func(g *lattice.Gibbs) (float64, []float64) { return g.VarianceGrad(macs) },
		"entropy":       func(g *lattice.Gibbs) (float64, []float64) { return g.EntropyGrad() },
		"log probability": func(g *lattice.Gibbs) (float64, []float64) {
			grad, _ := g.LogProbGrad(one)
			return g.LogProb(one), grad
		},
	} {
		_, grad := f(r.GibbsOf(scores))
		for range 10 {
			i := random.IntN(len(scores))
			moved := func(by float64) float64 {
				there := slices.Clone(scores)
				there[i] += by
				value, _ := f(r.GibbsOf(there))
				return value
			}
			const h = 1e-5
			if change := (moved(h) - moved(-h)) / (2 * h); math.Abs(change-grad[i]) > 1e-6*(1+math.Abs(change)) {
				t.Errorf("%s: by parameter %v the gradient is %v, differences say %v", name, l.Parameters()[i], grad[i], change)
			}
		}
	}
}

func TestAGradientAtAnArchitectureBeyondTheLimitsSaysSo(t *testing.T) {
	l := compiled(t, nb201(t))
	r, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: 200000})
	if err != nil {
		t.Fatal(err)
	}
	large, err := l.Space().Parse("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.GibbsOf(make([]float64, len(l.Parameters()))).LogProbGrad(large); err == nil || !strings.Contains(err.Error(), "is not within the limits") {
		t.Errorf("the error is %v", err)
	}
}
