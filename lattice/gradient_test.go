package lattice_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

// policy is a distribution by sums over all architectures: the scores are those of the parameters of a lattice.
type policy struct {
	archs  []space.Arch
	counts [][]float64 // how often each architecture takes each parameter
	p      []float64
	logZ   float64
}

func bruteForcePolicy(e enumerated, inside []int, parameters []lattice.Parameter, chained bool, scores []float64) policy {
	number := map[lattice.Parameter]int{}
	for i, p := range parameters {
		number[p] = i
	}
	b := policy{}
	logs, total := []float64{}, 0.0
	for _, i := range inside {
		counts, sum, before := make([]float64, len(parameters)), 0.0, lattice.Taken{}
		for _, d := range e.space.Decisions(e.archs[i]) {
			at := number[lattice.Parameter{Before: before, Decision: d.Name, Option: d.Options[d.Chosen]}]
			counts[at]++
			sum += scores[at]
			if chained {
				before = lattice.Taken{Decision: d.Name, Option: d.Options[d.Chosen]}
			}
		}
		b.archs, b.counts, logs = append(b.archs, e.archs[i]), append(b.counts, counts), append(logs, sum)
	}
	most := slices.Max(logs)
	for _, x := range logs {
		total += math.Exp(x - most)
	}
	b.logZ = most + math.Log(total)
	for _, x := range logs {
		b.p = append(b.p, math.Exp(x-b.logZ))
	}
	return b
}

// mean returns the expectation of a value of each architecture, and that of its products with the counts of every parameter.
func (b policy) mean(value func(k int) float64) (float64, []float64) {
	mean, products := 0.0, make([]float64, len(b.counts[0]))
	for k, p := range b.p {
		mean += p * value(k)
		for i, n := range b.counts[k] {
			products[i] += p * value(k) * n
		}
	}
	return mean, products
}

// covariance returns the covariance of a value with the counts of every parameter.
func (b policy) covariance(value func(k int) float64) (float64, []float64) {
	mean, products := b.mean(value)
	_, taken := b.mean(func(int) float64 { return 1 })
	for i := range products {
		products[i] -= mean * taken[i]
	}
	return mean, products
}

func closeTo(t failer, what string, got, want []float64, scale float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-9*(1+scale)) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
}

func TestGradientsAreSumsOverAllArchitectures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 300)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		chained := rapid.Bool().Draw(t, "chained")
		if chained {
			l = l.Chained()
		}
		limits := e.budgets(t)
		inside := e.within(limits)
		if len(inside) == 0 || len(l.Decisions()) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		parameters := l.Parameters()
		scores := make([]float64, len(parameters))
		hot := rapid.SampledFrom([]float64{0, 1, 3, 400}).Draw(t, "spread") // 400 is beyond what plain numbers hold
		random := stream.New(uint64(rapid.IntRange(1, 99).Draw(t, "seed")), "scores")
		for i := range scores {
			scores[i] = hot * random.NormFloat64()
		}
		b := bruteForcePolicy(e, inside, parameters, chained, scores)
		g := r.GibbsOf(scores)
		scale := 1 + math.Abs(b.logZ)
		if !near(g.LogPartition(), b.logZ) {
			t.Fatalf("within %v: log partition %v, want %v", limits, g.LogPartition(), b.logZ)
		}
		_, taken := b.mean(func(int) float64 { return 1 })
		closeTo(t, "the gradient of the log partition", g.LogPartitionGrad(), taken, 0)

		k := random.IntN(len(b.archs))
		grad, err := g.LogProbGrad(b.archs[k])
		if err != nil {
			t.Fatal(err)
		}
		want := slices.Clone(b.counts[k])
		for i := range want {
			want[i] -= taken[i]
		}
		closeTo(t, "the gradient of a log probability", grad, want, 0)

		cost := func(k int) float64 { return float64(e.costs[inside[k]].Params) }
		params := func(s lattice.Step) float64 { return float64(s.Cost(lattice.Params)) }
		greatest := slices.Max([]float64{1, cost(0)})
		for k := range b.p {
			greatest = max(greatest, cost(k))
		}
		mean, grad := g.ExpectationGrad(params)
		wantMean, wantGrad := b.covariance(cost)
		closeTo(t, "a mean", []float64{mean}, []float64{wantMean}, greatest)
		closeTo(t, "the gradient of a mean", grad, wantGrad, greatest)

		variance, grad := g.VarianceGrad(params)
		wantVariance, wantGrad := b.covariance(func(k int) float64 { return (cost(k) - wantMean) * (cost(k) - wantMean) })
		closeTo(t, "a variance", []float64{variance}, []float64{wantVariance}, greatest*greatest)
		closeTo(t, "the gradient of a variance", grad, wantGrad, greatest*greatest)

		entropy, grad := g.EntropyGrad()
		wantEntropy, wantGrad := b.covariance(func(k int) float64 {
			if b.p[k] == 0 {
				return 0
			}
			return -math.Log(b.p[k])
		})
		closeTo(t, "an entropy", []float64{entropy}, []float64{wantEntropy}, scale)
		closeTo(t, "the gradient of an entropy", grad, wantGrad, 100*scale)
	})
}

// The gradients in closed form against differences of the values themselves, on a space under two budgets.
func TestGradientsAgreeWithFiniteDifferences(t *testing.T) {
	e := archsOfSmallMobile(t)
	l := compiled(t, e.space).Chained()
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
			if slope := (moved(h) - moved(-h)) / (2 * h); math.Abs(slope-grad[i]) > 1e-6*(1+math.Abs(slope)) {
				t.Errorf("%s: by parameter %v the gradient is %v, differences say %v", name, l.Parameters()[i], grad[i], slope)
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
