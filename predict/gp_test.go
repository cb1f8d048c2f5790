package predict

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/trellis-nas/trellis/space"
)

// sample encodes n architectures of the small NAS-Bench-201 and gives each a value that the model can learn.
func sample(t testing.TB, n int, seed uint64) ([]*Point, []float64) {
	t.Helper()
	s := nb201(t)
	e := NewEncoder(s)
	r := rand.New(rand.NewPCG(seed, 0))
	var points []*Point
	var values []float64
	for range n {
		a, err := s.Derive(func(d space.Decision) int { return r.IntN(len(d.Options)) })
		if err != nil {
			t.Fatal(err)
		}
		p := e.Encode(a)
		points = append(points, &p)
		values = append(values, p.Cost[0]+0.1*float64(a.At(0)))
	}
	return points, values
}

func TestThePosteriorIsThatOfTheTextbook(t *testing.T) {
	points, values := sample(t, 40, 1)
	targets := Standardise(values[:25])
	for name, kernel := range map[string]Kernel{
		"mixture": Mixture(points),
		"product": NewKernel(points, false, []KernelView{Hamming{}, Graphs{}, Paths{}}),
	} {
		g := NewGP(kernel)
		pool := g.Over(points)
		for i, p := range points[:25] {
			g.Add(p)
			if i%7 == 0 {
				pool.Update()
			}
		}
		g.Tune(targets)
		pool.Update()
		mean := pool.Mean(targets)

		all := NewGP(kernel)
		for _, p := range points {
			all.Add(p)
		}
		d := kernel.decode(g.theta)
		k := mat.NewSymDense(25, nil)
		for i := range 25 {
			for j := range i + 1 {
				k.SetSym(i, j, all.covariance(&d, i, j))
			}
			k.SetSym(i, i, k.At(i, i)+d.noise)
		}
		var inverse mat.Dense
		if err := inverse.Inverse(k); err != nil {
			t.Fatal(err)
		}
		for c := range points {
			cross := mat.NewVecDense(25, nil)
			for i := range 25 {
				cross.SetVec(i, all.covariance(&d, max(c, i), min(c, i)))
			}
			var weights mat.VecDense
			weights.MulVec(&inverse, cross)
			wantMean := mat.Dot(&weights, mat.NewVecDense(25, targets))
			wantVariance := all.covariance(&d, c, c) - mat.Dot(&weights, cross)
			if math.Abs(mean[c]-wantMean) > 1e-5 || math.Abs(pool.Variance()[c]-math.Max(wantVariance, 0)) > 1e-5 {
				t.Fatalf("%s: candidate %d has mean %v and variance %v, not %v and %v", name, c, mean[c], pool.Variance()[c], wantMean, wantVariance)
			}
		}
	}
}

func TestAPoolThatFollowsChangesSaysWhatANewOneDoes(t *testing.T) {
	points, values := sample(t, 120, 9)
	first := NewGP(Mixture(points))
	second := first.Beside()
	pool := first.Over(nil)
	pools := map[*GP]*Pool{first: pool, second: pool.Of(second)}
	r := rand.New(rand.NewPCG(9, 9))
	at := []int{}
	targets := func() []float64 {
		out := make([]float64, len(at))
		for i, p := range at {
			out[i] = values[p]
		}
		return Standardise(out)
	}
	next := 0
	for round := range 40 {
		for range 1 + r.IntN(3) {
			first.Add(points[next])
			at = append(at, next)
			next++
		}
		if round%3 == 1 {
			pool.Replace(choose(points, r.Perm(len(points))[:r.IntN(60)]))
		}
		if round == 21 || round == 22 {
			second.Tune(targets())
		}
		if round%9 == 8 {
			var places, left []int
			for i, p := range at {
				if r.IntN(4) > 0 {
					places, left = append(places, i), append(left, p)
				}
			}
			first.Keep(places)
			at = left
		}
		for g, followed := range pools {
			if round%4 == 2 && g == second {
				continue // misses a change
			}
			fresh := g.Over(followed.candidates)
			fresh.Update()
			followed.Update()
			mean, want := followed.Mean(targets()), fresh.Mean(targets())
			for i := range want {
				if math.Abs(mean[i]-want[i]) > 1e-4 || math.Abs(followed.Variance()[i]-fresh.Variance()[i]) > 1e-4 {
					t.Fatalf("round %d, candidate %d: mean %v and variance %v, not %v and %v", round, i, mean[i], followed.Variance()[i], want[i], fresh.Variance()[i])
				}
			}
		}
	}
}

func TestTheGradientOfTheEvidenceIsThatOfFiniteDifferences(t *testing.T) {
	points, values := sample(t, 20, 2)
	for _, kernel := range []Kernel{Mixture(points), NewKernel(points, true, []KernelView{Hamming{}, Graphs{}})} {
		g := NewGP(kernel)
		for _, p := range points {
			g.Add(p)
		}
		e := newMarginalLikelihood(g, Standardise(values))
		grad := make([]float64, len(g.theta))
		e.minus(g.theta, grad)
		for p := range g.theta {
			const step = 1e-5
			up, down := g.Hyper(), g.Hyper()
			up[p] += step
			down[p] -= step
			want := (e.minus(up, nil) - e.minus(down, nil)) / (2 * step)
			if math.Abs(grad[p]-want) > 1e-4*math.Max(1, math.Abs(want)) {
				t.Errorf("hyper-parameter %d: gradient %v, finite differences %v", p, grad[p], want)
			}
		}
	}
}

func TestTuningRaisesTheEvidenceAndPredictsWhatItWasNotShown(t *testing.T) {
	points, values := sample(t, 120, 3)
	g := NewGP(Mixture(points))
	for _, p := range points[:60] {
		g.Add(p)
	}
	all := Standardise(values)
	targets := all[:60]
	before := -newMarginalLikelihood(g, targets).minus(g.theta, nil)
	if after := g.Tune(targets); after <= before {
		t.Errorf("tuning took the density from %v to %v", before, after)
	}
	pool := g.Over(points)
	pool.Update()
	mean := pool.Mean(targets)
	var squares float64
	for i := 60; i < 120; i++ {
		squares += (mean[i] - all[i]) * (mean[i] - all[i])
	}
	if rmse := math.Sqrt(squares / 60); rmse > 0.3 {
		t.Errorf("the error is %.2f standard deviations", rmse)
	}
}

func TestDrawsHaveTheMeanAndVarianceOfThePosterior(t *testing.T) {
	points, values := sample(t, 30, 4)
	g := NewGP(Mixture(points))
	for _, p := range points[:10] {
		g.Add(p)
	}
	targets := Standardise(values[:10])
	pool := g.Over(points)
	pool.Update()
	mean := pool.Mean(targets)
	places := []int{3, 12, 20, 25}
	r := rand.New(rand.NewPCG(1, 1))
	const draws = 4000
	sum, squares := make([]float64, len(places)), make([]float64, len(places))
	for range draws {
		for i, x := range pool.Draw(mean, places, r) {
			sum[i] += x
			squares[i] += (x - mean[places[i]]) * (x - mean[places[i]])
		}
	}
	for i, at := range places {
		deviation := math.Sqrt(pool.Variance()[at])
		if math.Abs(sum[i]/draws-mean[at]) > 4*deviation/math.Sqrt(draws)+1e-3 {
			t.Errorf("candidate %d: draws have mean %v, not %v", at, sum[i]/draws, mean[at])
		}
		if math.Abs(math.Sqrt(squares[i]/draws)-deviation) > 0.06*deviation+1e-3 {
			t.Errorf("candidate %d: draws have deviation %v, not %v", at, math.Sqrt(squares[i]/draws), deviation)
		}
	}
}

func TestARulerMeasuresWhatTheViewDoes(t *testing.T) {
	points, _ := sample(t, 50, 5)
	for _, v := range []KernelView{Hamming{}, Graphs{}, Paths{}, Costs{}} {
		row := make([]float32, len(points))
		for _, x := range points[:5] {
			newRow(v, points).measure(x, row)
			for i, c := range points {
				if want := v.Distance(x, c); math.Abs(float64(row[i])-want) > 1e-4 {
					t.Fatalf("%T: %v, not %v", v, row[i], want)
				}
			}
		}
	}
}

func TestWhatIsUnderWayIsBelievedToComeOutAsExpected(t *testing.T) {
	points, values := sample(t, 30, 6)
	targets := Standardise(values)
	all, told := NewGP(Mixture(points)), NewGP(Mixture(points))
	open := []int{2, 9, 10, 29}
	var known []float64
	var pending []*Point
	for i, p := range points {
		all.Add(p)
		if slices.Contains(open, i) {
			targets[i] = math.NaN()
			pending = append(pending, p)
			continue
		}
		told.Add(p)
		known = append(known, targets[i])
	}
	pool := told.Over(pending)
	pool.Update()
	want := pool.Mean(known)
	believed := all.Believe(targets)
	for i, at := range open {
		if math.Abs(believed[at]-want[i]) > 1e-6 {
			t.Errorf("point %d is believed to be %v; what is known says %v", at, believed[at], want[i])
		}
	}
	after := all.Over(points)
	after.Update()
	before := told.Over(points)
	before.Update()
	one, two := before.Mean(known), after.Mean(believed)
	for i := range points {
		if math.Abs(one[i]-two[i]) > 1e-6 || after.Variance()[i] > before.Variance()[i]+1e-9 {
			t.Fatalf("point %d: mean %v becomes %v, variance %v becomes %v", i, one[i], two[i], before.Variance()[i], after.Variance()[i])
		}
	}
}
