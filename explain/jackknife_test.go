package explain_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
)

// noisyTrials are architectures of a lattice with a score made for it and noise.
func noisyTrials(l, of *lattice.Lattice, noise float64) []explain.Trial {
	weight, terms := scores(of)
	random := stream.New(7, "noise")
	var out []explain.Trial
	for a := range l.Space().Each() {
		sum := weight(lattice.Step{Fixed: true}) + noise*random.NormFloat64()
		for _, x := range terms(a) {
			sum += x
		}
		out = append(out, explain.Trial{Arch: a, Value: sum})
	}
	return out
}

func TestTheSimplerSurrogateIsTakenUnlessTheOtherPredictsBetterByMoreThanAStandardError(t *testing.T) {
	l := small(t)
	for _, c := range []struct {
		name  string
		of    *lattice.Lattice
		noise float64
		taken int
	}{
		{"additive", l, 0.3, 0}, {"of pairs", l.WithPrevious(), 0.3, 1}, {"of pairs, drowned in noise", l.WithPrevious(), 30, 0},
	} {
		trials := noisyTrials(l, c.of, c.noise)
		got, err := explain.Choose(trials, l, l.WithPrevious())
		if err != nil || got.Taken != c.taken {
			t.Errorf("of scores that are %s, surrogate %d is taken, with a gain of %v ± %v (%v)", c.name, got.Taken, got.Gain, got.Error, err)
		}
		fits := [2]explain.Fit{got.Surrogates[0].Fit, got.Surrogates[1].Fit}
		if math.Abs(got.Gain-(fits[1].LeaveOneOut-fits[0].LeaveOneOut)) > 1e-9 || !(got.Error > 0) {
			t.Errorf("%s: a gain of %v ± %v from %v to %v", c.name, got.Gain, got.Error, fits[0].LeaveOneOut, fits[1].LeaveOneOut)
		}
	}
}

// The jackknife leaves out by a closed form; here its groups are left out one after another, and everything is fitted anew.
func TestStandardErrorsAreThoseOfFitsWithoutEachGroupOfTrials(t *testing.T) {
	l := small(t)
	whole, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	least, greatest := whole.Range(lattice.Params)
	r, err := l.Within(lattice.AtMost(lattice.Params, (least+greatest)/2))
	if err != nil {
		t.Fatal(err)
	}
	all := noisyTrials(l, l.WithPrevious(), 1)
	for name, c := range map[string]struct {
		of     *lattice.Lattice
		trials []explain.Trial
	}{
		"one trial a group": {l, all[:20]}, "several": {l, all[:70]}, "more trials than options": {l, all}, "pairs": {l.WithPrevious(), all[:70]},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := explain.New(c.of, c.trials)
			if err != nil {
				t.Fatal(err)
			}
			in, err := c.of.Within(r.Limits()...)
			if err != nil {
				t.Fatal(err)
			}
			groups := min(len(c.trials), 32)
			var without []explain.Summary
			var said []float64
			for g := range groups {
				var some []explain.Trial
				for i, trial := range c.trials {
					if i%groups != g {
						some = append(some, trial)
					}
				}
				refit, err := explain.Ridge(c.of, some, s.Fit.Ridge)
				if err != nil {
					t.Fatal(err)
				}
				without = append(without, explain.Effects(in, refit.Of))
				value, _, err := refit.Predict(c.of, all[5].Arch)
				if err != nil {
					t.Fatal(err)
				}
				said = append(said, value)
			}
			spread := func(numbers []float64) float64 {
				mean, sum := 0.0, 0.0
				for _, x := range numbers {
					mean += x / float64(groups)
				}
				for _, x := range numbers {
					sum += (x - mean) * (x - mean)
				}
				return math.Sqrt(float64(groups-1) / float64(groups) * sum)
			}
			differ := func(number func(explain.Summary) float64) float64 {
				var numbers []float64
				for _, w := range without {
					numbers = append(numbers, number(w))
				}
				return spread(numbers)
			}
			at := func(s explain.Summary, name string) explain.Decision {
				for _, d := range s.Decisions {
					if d.Name == name {
						return d
					}
				}
				t.Fatalf("there is no %s", name)
				return explain.Decision{}
			}
			near := func(what string, got, want float64) {
				if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
					t.Errorf("%s is %v, want %v", what, got, want)
				}
			}
			got, err := s.Effects(in)
			if err != nil {
				t.Fatal(err)
			}
			plain := explain.Effects(in, s.Of)
			near("the mean", got.Mean, plain.Mean)
			near("the variance", got.Variance, plain.Variance)
			near("the error of the mean", got.Error, differ(func(s explain.Summary) float64 { return s.Mean }))
			for _, d := range got.Decisions {
				near("the value of "+d.Name, d.Shapley, at(plain, d.Name).Shapley)
				near("its error", d.Error, differ(func(s explain.Summary) float64 { return at(s, d.Name).Shapley / s.Variance }))
				near("the error of what it explains alone", d.AloneError, differ(func(s explain.Summary) float64 { return at(s, d.Name).Alone / s.Variance }))
				for i, o := range d.Options {
					near("the effect of "+o.Option, o.Mean, at(plain, d.Name).Options[i].Mean)
					near("its error", o.Error, differ(func(s explain.Summary) float64 { return at(s, d.Name).Options[i].Mean }))
				}
				for i, p := range d.Pairs {
					near("the effect of a pair", p.Mean, at(plain, d.Name).Pairs[i].Mean)
					near("its error", p.Error, differ(func(s explain.Summary) float64 { return at(s, d.Name).Pairs[i].Mean }))
					near("what is beyond", p.BeyondError, differ(func(s explain.Summary) float64 { return at(s, d.Name).Pairs[i].Beyond }))
				}
			}
			value, deviation, err := s.Predict(c.of, all[5].Arch)
			if err != nil {
				t.Fatal(err)
			}
			near("the error of a prediction", deviation, spread(said))
			score := 0.0
			steps, err := c.of.Steps(all[5].Arch)
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range steps {
				score += s.Of(step)
			}
			near("a prediction", value, score)
		})
	}
}

func TestAWeakFitIsOneThatPredictsLessThanAQuarterOfTheVariance(t *testing.T) {
	for r2, weak := range map[float64]bool{-1: true, 0.249: true, 0.25: false, 0.9: false} {
		if got := (explain.Fit{LeaveOneOut: r2}).Weak(); got != weak {
			t.Errorf("of leave-one-out R² %v, weak is %t", r2, got)
		}
	}
}

// Standard errors are of use if effects of many searches differ by that much.
func TestStandardErrorsAreHowFarEffectsOfManySearchesDiffer(t *testing.T) {
	l := small(t)
	r, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	weight, terms := scores(l)
	random := stream.New(11, "searches")
	const searches = 100
	var effects, deviations, means, errors []float64
	for range searches {
		var trials []explain.Trial
		for range 60 {
			a := r.Sample(random)
			sum := weight(lattice.Step{Fixed: true}) + random.NormFloat64()
			for _, x := range terms(a) {
				sum += x
			}
			trials = append(trials, explain.Trial{Arch: a, Value: sum})
		}
		s, err := explain.New(l, trials)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Effects(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range got.Decisions {
			if d.Name == l.Decisions()[1].Name {
				effects, deviations = append(effects, d.Options[0].Mean), append(deviations, d.Options[0].Error)
			}
		}
		means, errors = append(means, got.Mean), append(errors, got.Error)
	}
	for name, of := range map[string][2][]float64{"an effect": {effects, deviations}, "the mean": {means, errors}} {
		if ratio := stat.Mean(of[1], nil) / stat.StdDev(of[0], nil); ratio < 0.8 || ratio > 1.4 {
			t.Errorf("the standard error of %s is %.2f times what it differs by from search to search", name, ratio)
		}
	}
}

func TestANegatedSurrogateSaysTheOpposite(t *testing.T) {
	l := small(t)
	r, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	trials := noisyTrials(l, l, 1)
	s, err := explain.New(l, trials)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := s.Effects(r)
	if err != nil {
		t.Fatal(err)
	}
	negated, err := s.Negated().Effects(r)
	if err != nil {
		t.Fatal(err)
	}
	same := func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
	if !same(plain.Mean, -negated.Mean) || !same(plain.Error, negated.Error) || !same(plain.Variance, negated.Variance) {
		t.Errorf("the mean is %v ± %v, and %v ± %v of the negated", plain.Mean, plain.Error, negated.Mean, negated.Error)
	}
	for i, d := range plain.Decisions {
		n := negated.Decisions[i]
		for k, o := range d.Options {
			if d.Name != n.Name || !same(o.Mean, -n.Options[k].Mean) || !same(o.Error, n.Options[k].Error) || !same(d.Shapley, n.Shapley) {
				t.Errorf("%s=%s is %v of the negated, want the opposite of %v", n.Name, n.Options[k].Option, n.Options[k], o)
			}
		}
	}
	value, deviation, err := s.Predict(l, trials[3].Arch)
	if err != nil {
		t.Fatal(err)
	}
	if other, same, err := s.Negated().Predict(l, trials[3].Arch); err != nil || math.Abs(value+other) > 1e-9 || math.Abs(deviation-same) > 1e-9 {
		t.Errorf("the opposite of %v ± %v is %v ± %v (%v)", value, deviation, other, same, err)
	}
}
