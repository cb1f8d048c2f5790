package proof_test

import (
	"math"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
)

func partitionIs(t failer, q *question) {
	if got := q.gibbs.LogPartition(); !near(got, q.policy.logZ) {
		t.Fatalf("log partition %v, want %v", got, q.policy.logZ)
	}
}

func probabilitiesAre(t failer, q *question) {
	for _, k := range some(ordinals(len(q.inside)), 200) {
		a := q.archs[q.inside[k]]
		if got, want := q.gibbs.LogProb(a), q.policy.logs[k]-q.policy.logZ; got != want && !(math.Abs(got-want) <= 1e-9*(1+math.Abs(q.policy.logZ)+math.Abs(want))) {
			t.Fatalf("log probability of %v is %v, want %v", a, got, want)
		}
	}
	members := q.members()
	for _, i := range some(everyone(q), 100) {
		if got := q.gibbs.LogProb(q.archs[i]); !members[q.archs[i]] && !math.IsInf(got, -1) {
			t.Fatalf("%v is not within the limits, and has log probability %v", q.archs[i], got)
		}
	}
}

// entropyOf is −log p of architecture k inside.
func (q *question) entropyOf(k int) float64 { return q.policy.logZ - q.policy.logs[k] }

// uncertainty is how far the rounding of the log partition reaches.
func (q *question) uncertainty() float64 { return 1 + math.Abs(q.policy.logZ) }

func entropyIs(t failer, q *question) {
	want, _ := q.policy.mean(q.entropyOf)
	closeTo(t, "an entropy", []float64{q.gibbs.Entropy()}, []float64{want}, q.uncertainty())
}

// costly returns a cost as a weight and of every architecture inside, and its scale.
func (q *question) costly() (weight func(lattice.Step) float64, of func(k int) float64, scale float64) {
	m := oneOf(q.random, []lattice.Metric{lattice.Params, lattice.MACs, "ms"})
	for _, i := range q.inside {
		scale = max(scale, float64(q.costs[m][i]))
	}
	return func(s lattice.Step) float64 { return float64(s.Cost(m)) }, func(k int) float64 { return float64(q.costs[m][q.inside[k]]) }, scale
}

func momentsAre(t failer, q *question) {
	weight, of, scale := q.costly()
	wantMean, _ := q.policy.mean(of)
	wantVariance, _ := q.policy.mean(func(k int) float64 { return (of(k) - wantMean) * (of(k) - wantMean) })
	mean, variance := q.gibbs.Moments(weight)
	closeTo(t, "a mean", []float64{mean}, []float64{wantMean}, scale)
	closeTo(t, "a variance", []float64{variance}, []float64{wantVariance}, scale*scale)
	closeTo(t, "a mean from the steps", []float64{q.gibbs.Mean(weight)}, []float64{wantMean}, scale)
}

func marginalsAre(t failer, q *question) {
	want := map[lattice.Taken]float64{}
	for k, i := range q.inside {
		for _, x := range q.taken[i] {
			want[x] += q.policy.p[k]
		}
	}
	checkMarginals(t, q.gibbs.Marginals(), q, func(x lattice.Taken) float64 { return want[x] })
}

func checkMarginals(t failer, marginals []lattice.Marginal, q *question, want func(lattice.Taken) float64) {
	t.Helper()
	if n := len(q.region.Lattice().Decisions()); len(marginals) != n {
		t.Fatalf("marginals of %d decisions, want %d", len(marginals), n)
	}
	for _, m := range marginals {
		for o, p := range m.Probability {
			x := lattice.Taken{Decision: m.Decision, Option: m.Options[o]}
			if !(math.Abs(p-want(x)) <= 1e-9) {
				t.Fatalf("%v has probability %v, want %v", x, p, want(x))
			}
		}
	}
}

func jointsAre(t failer, q *question) {
	of := oneOf(q.random, q.decisions)
	joints, err := q.gibbs.Joints(of.Name)
	if err != nil || len(joints) != len(of.Options) {
		t.Fatalf("%d joints of %s, of %d options: %v", len(joints), of.Name, len(of.Options), err)
	}
	for _, j := range joints {
		want, one := map[lattice.Taken]float64{}, lattice.Taken{Decision: of.Name, Option: j.Option}
		for k, i := range q.inside {
			if slices.Contains(q.taken[i], one) {
				for _, x := range q.taken[i] {
					want[x] += q.policy.p[k]
				}
			}
		}
		checkMarginals(t, j.With, q, func(x lattice.Taken) float64 { return want[x] })
	}
}

func policySamplesAreInside(t failer, q *question) {
	members := q.members()
	for range 20 {
		a := q.gibbs.Sample(q.random)
		i, _ := q.position(a)
		if !members[a] || slices.ContainsFunc(q.features[i], func(k int) bool { return math.IsInf(q.policy.scores[k], -1) }) {
			t.Fatalf("%v was drawn", a)
		}
	}
}

func logPartitionGradIs(t failer, q *question) {
	closeTo(t, "the gradient of the log partition", q.gibbs.LogPartitionGrad(), q.policy.taken(), 0)
}

func logProbGradIs(t failer, q *question) {
	taken := q.policy.taken()
	for _, i := range some(q.inside, 10) {
		want := make([]float64, len(taken))
		for k := range want {
			want[k] = -taken[k]
		}
		for _, k := range q.features[i] {
			want[k]++
		}
		got, err := q.gibbs.LogProbGrad(q.archs[i])
		if err != nil {
			t.Fatalf("%v", err)
		}
		closeTo(t, "the gradient of a log probability", got, want, 0)
	}
}

func expectationGradIs(t failer, q *question) {
	weight, of, scale := q.costly()
	wantMean, want := q.policy.covariance(of)
	mean, grad := q.gibbs.ExpectationGrad(weight)
	closeTo(t, "a mean", []float64{mean}, []float64{wantMean}, scale)
	closeTo(t, "the gradient of a mean", grad, want, scale)
}

// slopesAre adds up over the steps of a parameter.
func gradientsOfStepsAre(t failer, q *question) {
	weight, of, scale := q.costly()
	wantMean, want := q.policy.covariance(of)
	number := map[lattice.Parameter]int{}
	for i, p := range q.region.Lattice().Parameters() {
		number[p] = i
	}
	taken, again, grads := make([]float64, len(want)), make([]float64, len(want)), make([]float64, len(want))
	parameter := func(s lattice.Step) int {
		return number[lattice.Parameter{Before: s.Before, Decision: s.Decision, Option: s.Option}]
	}
	mean := q.gibbs.EachStepGrad(weight, func(s lattice.Step, p, grad float64) {
		taken[parameter(s)] += p
		grads[parameter(s)] += grad
	})
	q.gibbs.EachStep(func(s lattice.Step, p float64) { again[parameter(s)] += p })
	closeTo(t, "a mean", []float64{mean}, []float64{wantMean}, scale)
	closeTo(t, "slopes", grads, want, scale)
	closeTo(t, "the probability of steps", taken, q.policy.taken(), 0)
	closeTo(t, "the probability of steps", again, q.policy.taken(), 0)
}

func varianceGradIs(t failer, q *question) {
	weight, of, scale := q.costly()
	mean, _ := q.policy.mean(of)
	wantVariance, want := q.policy.covariance(func(k int) float64 { return (of(k) - mean) * (of(k) - mean) })
	variance, grad := q.gibbs.VarianceGrad(weight)
	closeTo(t, "a variance", []float64{variance}, []float64{wantVariance}, scale*scale)
	closeTo(t, "the gradient of a variance", grad, want, scale*scale)
}

func entropyGradIs(t failer, q *question) {
	wantEntropy, want := q.policy.covariance(q.entropyOf)
	entropy, grad := q.gibbs.EntropyGrad()
	closeTo(t, "an entropy", []float64{entropy}, []float64{wantEntropy}, q.uncertainty())
	closeTo(t, "the gradient of an entropy", grad, want, 100*q.uncertainty())
}

func fisherIs(t failer, q *question) {
	v := make([]float64, len(q.points))
	for k := range v {
		v[k] = q.random.NormFloat64()
	}
	_, want := q.policy.covariance(func(k int) float64 {
		sum := 0.0
		for _, x := range q.features[q.inside[k]] {
			sum += v[x]
		}
		return sum
	})
	closeTo(t, "the Fisher information times a vector", q.gibbs.FisherTimes(v), want, 1)
}
