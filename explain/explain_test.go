package explain_test

import (
	"math"
	"math/bits"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/explain"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/space"
)

// small is a space of four layers, and its lattice.
func small(t *testing.T) *lattice.Lattice {
	t.Helper()
	s, err := space.NBMacro(space.NBMacroOptions{Layers: []int{2, 2}, Input: network.Shape{H: 16, W: 16, C: 3}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func scores(l *lattice.Lattice) (func(lattice.Step) float64, func(a space.Arch) map[string]float64) {
	random := stream.New(3, "scores")
	of := map[lattice.Parameter]float64{}
	for _, p := range l.Parameters() {
		of[p] = random.NormFloat64()
	}
	weight := func(s lattice.Step) float64 {
		if s.Fixed {
			return 10
		}
		return of[lattice.Parameter{Before: s.Before, Decision: s.Decision, Option: s.Option}]
	}
	chained := l == l.WithPrevious()
	return weight, func(a space.Arch) map[string]float64 {
		terms, before := map[string]float64{}, lattice.Taken{}
		for _, d := range l.Space().Decisions(a) {
			now := lattice.Taken{Decision: d.Name, Option: d.Options[d.Chosen]}
			terms[d.Name] = of[lattice.Parameter{Before: before, Decision: now.Decision, Option: now.Option}]
			if chained {
				before = now
			}
		}
		return terms
	}
}

// shapley sums over all coalitions, as Shapley wrote it.
func shapley(players []string, worth func(in map[string]bool) float64) map[string]float64 {
	n := len(players)
	factorial := func(k int) float64 { return math.Gamma(float64(k + 1)) }
	values := make([]float64, 1<<n)
	for s := range values {
		in := map[string]bool{}
		for i, p := range players {
			in[p] = s>>i&1 == 1
		}
		values[s] = worth(in)
	}
	out := map[string]float64{}
	for i, p := range players {
		for s := range values {
			if s>>i&1 == 0 {
				k := bits.OnesCount(uint(s))
				out[p] += factorial(k) * factorial(n-k-1) / factorial(n) * (values[s|1<<i] - values[s])
			}
		}
	}
	return out
}

func TestEffectsAndShapleyValuesAreThoseOfAllCoalitionsAndArchitectures(t *testing.T) {
	plain := small(t)
	for name, l := range map[string]*lattice.Lattice{"additive": plain, "chained": plain.WithPrevious()} {
		t.Run(name, func(t *testing.T) {
			weight, terms := scores(l)
			all, err := l.Within()
			if err != nil {
				t.Fatal(err)
			}
			least, greatest := all.Range(lattice.Params)
			r, err := l.Within(lattice.AtMost(lattice.Params, (2*least+greatest)/3))
			if err != nil {
				t.Fatal(err)
			}
			var inside []space.Arch
			for a := range l.Space().Each() {
				if r.Contains(a) {
					inside = append(inside, a)
				}
			}
			var players []string
			for _, d := range l.Decisions() {
				players = append(players, d.Name)
			}
			part := func(a space.Arch, in map[string]bool) float64 {
				sum := 0.0
				for d, x := range terms(a) {
					if in == nil || in[d] {
						sum += x
					}
				}
				return sum
			}
			moments := func(in map[string]bool) (mean, variance float64) {
				for _, a := range inside {
					mean += part(a, in) / float64(len(inside))
				}
				for _, a := range inside {
					variance += (part(a, in) - mean) * (part(a, in) - mean) / float64(len(inside))
				}
				return mean, variance
			}
			got := explain.Effects(r, weight)
			mean, variance := moments(nil)
			if math.Abs(got.Mean-mean-10) > 1e-9 || math.Abs(got.Variance-variance) > 1e-9 {
				t.Errorf("mean %v and variance %v, want %v and %v", got.Mean, got.Variance, mean+10, variance)
			}
			want := shapley(players, func(in map[string]bool) float64 { _, v := moments(in); return v })
			for _, d := range got.Decisions {
				if math.Abs(d.Shapley-want[d.Name]) > 1e-9 {
					t.Errorf("the Shapley value of %s is %v, want %v", d.Name, d.Shapley, want[d.Name])
				}
				alone := map[string]float64{}
				// met are the architectures that take an option behind another one, or behind any.
				met := func(behind *lattice.Taken, option string) (n, effect float64) {
					for _, a := range inside {
						before := lattice.Taken{}
						for _, at := range l.Space().Decisions(a) {
							if at.Name == d.Name && at.Options[at.Chosen] == option && (behind == nil || before == *behind) {
								n++
								effect += part(a, nil) - mean
							}
							before = lattice.Taken{Decision: at.Name, Option: at.Options[at.Chosen]}
						}
					}
					return n, effect / max(1, n)
				}
				explained := 0.0
				for _, o := range d.Options {
					n, effect := met(nil, o.Option)
					if alone[o.Option] = effect; math.Abs(o.Probability-n/float64(len(inside))) > 1e-9 || math.Abs(o.Mean-effect) > 1e-9 {
						t.Errorf("%s=%s: probability %v and effect %v; %v of %d do so, with %v", d.Name, o.Option, o.Probability, o.Mean, n, len(inside), effect)
					}
					explained += o.Probability * effect * effect // every architecture meets every decision of this space, so that the mean effect is 0
				}
				if math.Abs(explained-d.Alone) > 1e-9 {
					t.Errorf("%s alone explains a variance of %v, want %v", d.Name, d.Alone, explained)
				}
				if (len(d.Pairs) > 0) != (name == "chained" && d.Name != players[0]) {
					t.Errorf("%s has %d pairs", d.Name, len(d.Pairs))
				}
				for _, o := range d.Pairs {
					n, effect := met(&o.Before, o.Option)
					_, first := before(l, inside, o.Before, func(a space.Arch) float64 { return part(a, nil) - mean })
					if math.Abs(o.Probability-n/float64(len(inside))) > 1e-9 || math.Abs(o.Mean-effect) > 1e-9 || n > 0 && math.Abs(o.Beyond-(effect-first-alone[o.Option])) > 1e-9 {
						t.Errorf("%s=%s after %v: %+v; %v of %d do so, with %v", d.Name, o.Option, o.Before, o, n, len(inside), effect)
					}
				}
			}
			one := inside[len(inside)/2]
			own := shapley(players, func(in map[string]bool) float64 {
				sum := 0.0
				for _, a := range inside {
					rest := map[string]bool{}
					for _, p := range players {
						rest[p] = !in[p]
					}
					sum += (part(one, in) + part(a, rest)) / float64(len(inside))
				}
				return sum
			})
			contributions, err := got.Contributions(one)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range contributions {
				if math.Abs(c.Shapley-own[c.Decision]) > 1e-9 {
					t.Errorf("%s adds %v, want %v", c.Decision, c.Shapley, own[c.Decision])
				}
			}
		})
	}
}

// before returns how many architectures take an option, and the mean of a value of these.
func before(l *lattice.Lattice, inside []space.Arch, option lattice.Taken, value func(space.Arch) float64) (n, mean float64) {
	for _, a := range inside {
		for _, at := range l.Space().Decisions(a) {
			if at.Name == option.Decision && at.Options[at.Chosen] == option.Option {
				n++
				mean += value(a)
			}
		}
	}
	return n, mean / max(1, n)
}

func TestTheMarginalValueOfALimitIsTheSlopeOfTheBestScore(t *testing.T) {
	l := small(t)
	weight, terms := scores(l)
	all, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	front, err := explain.CostFront(all, lattice.MACs, weight)
	if err != nil {
		t.Fatal(err)
	}
	best := func(limit int64) float64 {
		most := math.Inf(-1)
		for a := range l.Space().Each() {
			sum := 10.0
			for _, x := range terms(a) {
				sum += x
			}
			if cost, _ := l.Cost(a, lattice.MACs); cost <= limit {
				most = max(most, sum)
			}
		}
		return most
	}
	least, greatest := all.Range(lattice.MACs)
	for i := range int64(20) {
		limit := least + (greatest-least)*i/19
		p, ok := explain.MarginalValueAt(front, lattice.MACs, limit)
		if !ok || math.Abs(p.Best.Score-best(limit)) > 1e-9 {
			t.Fatalf("within %d MACs the best is %v (%t), want %v", limit, p.Best.Score, ok, best(limit))
		}
		if p.More && (math.Abs(best(p.Next.Cost)-p.Next.Score) > 1e-9 || best(p.Next.Cost-1) > p.Best.Score+1e-9) {
			t.Errorf("above %d MACs the next is %v with %v", limit, p.Next.Cost, p.Next.Score)
		}
		for _, q := range front { // the hull is above the front: no point beats the line of the slope
			if p.Slope > 0 && q.Score > p.Best.Score+p.Slope*float64(q.Cost-p.Best.Cost)+1 && q.Cost >= p.Best.Cost && p.Best.Cost == limit {
				t.Errorf("%v at %v MACs beats the slope %v at %d", q.Score, q.Cost, p.Slope, limit)
			}
		}
	}
	if _, ok := explain.MarginalValueAt(front, lattice.MACs, least-1); ok {
		t.Error("something is within less than the least")
	}
	if p, _ := explain.MarginalValueAt(front, lattice.MACs, greatest); p.More || p.Slope != 0 {
		t.Errorf("more than everything buys %v", p)
	}
}

func TestASurrogateFindsAnAdditiveScoreAndSaysHowWell(t *testing.T) {
	l := small(t)
	weight, terms := scores(l)
	random := stream.New(5, "noise")
	measure := func(noise float64) []explain.Trial {
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
	clean, err := explain.New(l, measure(0))
	if err != nil {
		t.Fatal(err)
	}
	if clean.Fit.R2 < 0.999999 || clean.Fit.LeaveOneOut < 0.9999 || clean.Fit.Spearman < 0.9999 || clean.Fit.Trials != 81 {
		t.Errorf("of an additive score the fit is %+v", clean.Fit)
	}
	noisy := measure(5)
	s, err := explain.New(l, noisy)
	if err != nil {
		t.Fatal(err)
	}
	if s.Fit.R2 > 0.7 || s.Fit.LeaveOneOut > s.Fit.R2 || s.Fit.Ridge <= clean.Fit.Ridge {
		t.Errorf("of mostly noise the fit is %+v", s.Fit)
	}
	// leaving out in closed form is leaving out
	rest, all, mean := 0.0, 0.0, 0.0
	for _, x := range noisy {
		mean += x.Value / float64(len(noisy))
	}
	for i, x := range noisy {
		others := append(append([]explain.Trial(nil), noisy[:i]...), noisy[i+1:]...)
		without, err := explain.Ridge(l, others, s.Fit.Ridge)
		if err != nil {
			t.Fatal(err)
		}
		said := without.Offset
		features, _ := l.Features(x.Arch)
		for _, f := range features {
			said += without.Weights[f]
		}
		rest += (x.Value - said) * (x.Value - said)
		all += (x.Value - mean) * (x.Value - mean)
	}
	if math.Abs(1-rest/all-s.Fit.LeaveOneOut) > 1e-6 {
		t.Errorf("leave-one-out is %v, want %v", s.Fit.LeaveOneOut, 1-rest/all)
	}
	if _, err := explain.New(l, noisy[:3]); err == nil || !strings.Contains(err.Error(), "at least 4 trials, and there are 3") {
		t.Errorf("three trials: %v", err)
	}
}

func TestCountersAreAllCoalitionsPlayersToo(t *testing.T) {
	plain := small(t)
	text := "trellis-score: 1\nscores: {\"*.op\": {1: 1.5, 2: -2}}\npairs: {\"layer1.op > layer3.op\": {1: {2: 3}, 0: {0: -1}}}\n" +
		"counters: {count(2): {each: 0.5, at: {1: 2}, from: {3: -4}}, count(*.op=0): {at: {0: 1, 2: 5}}}"
	s, err := score.Parse("s.yaml", []byte(text), plain)
	if err != nil {
		t.Fatal(err)
	}
	all, err := plain.Within()
	if err != nil {
		t.Fatal(err)
	}
	least, greatest := all.Range(lattice.Params)
	plainly, err := plain.Within(lattice.AtMost(lattice.Params, (least+2*greatest)/3))
	if err != nil {
		t.Fatal(err)
	}
	r, err := plainly.ForScore(s)
	if err != nil {
		t.Fatal(err)
	}
	terms := func(a space.Arch) map[string]float64 {
		out, count := map[string]float64{}, map[string]int{}
		var options []string
		for _, d := range plain.Space().Decisions(a) {
			o := d.Options[d.Chosen]
			out[d.Name] = map[string]float64{"1": 1.5, "2": -2}[o]
			count[o]++
			options = append(options, o)
		}
		out["layer3.op"] += map[string]float64{"12": 3, "00": -1}[options[0]+options[2]]
		out["count(2)"] = 0.5*float64(count["2"]) + []float64{0, 2, 0, -4, -4}[count["2"]]
		out["count(*.op=0)"] = map[int]float64{0: 1, 2: 5}[count["0"]]
		return out
	}
	players := []string{"count(2)", "count(*.op=0)"}
	for _, d := range plain.Decisions() {
		players = append(players, d.Name)
	}
	var inside []space.Arch
	for a := range plain.Space().Each() {
		if r.Contains(a) {
			inside = append(inside, a)
		}
	}
	n := float64(len(inside))
	part := func(a space.Arch, in map[string]bool) float64 {
		sum, of := 0.0, terms(a)
		for _, p := range players {
			if in[p] {
				sum += of[p]
			}
		}
		return sum
	}
	want := shapley(players, func(in map[string]bool) float64 {
		mean, square := 0.0, 0.0
		for _, a := range inside {
			x := part(a, in)
			mean += x / n
			square += x * x / n
		}
		return square - mean*mean
	})
	var parts []explain.Part
	for _, m := range s.Counters() {
		of := s.OfCounter(m)
		parts = append(parts, explain.Part{Name: string(m), Of: func(step lattice.Step) float64 { return s.Value(of(step)) }})
	}
	weight := func(step lattice.Step) float64 { return s.Value(s.OfOptions(step)) }
	got := explain.Effects(r, weight, parts...)
	for _, d := range got.Decisions {
		if math.Abs(d.Shapley-want[d.Name]) > 1e-9 {
			t.Errorf("the Shapley value of %s is %v, want %v", d.Name, d.Shapley, want[d.Name])
		}
	}
	for _, p := range got.Parts {
		if math.Abs(p.Shapley-want[p.Name]) > 1e-9 {
			t.Errorf("the Shapley value of %s is %v, want %v", p.Name, p.Shapley, want[p.Name])
		}
	}
	if len(got.Parts) != 2 || got.Parts[0].Shapley == 0 {
		t.Errorf("the parts are %v", got.Parts)
	}
	one := inside[len(inside)/3]
	contributions, err := got.Contributions(one)
	if err != nil || len(contributions) != len(players) {
		t.Fatalf("%d contributions: %v", len(contributions), err)
	}
	for _, c := range contributions {
		mean := 0.0
		for _, a := range inside {
			mean += terms(a)[c.Decision] / n
		}
		if math.Abs(c.Shapley-(terms(one)[c.Decision]-mean)) > 1e-9 {
			t.Errorf("%s adds %v, want %v", c.Decision, c.Shapley, terms(one)[c.Decision]-mean)
		}
	}
	front, err := explain.CostFront(r, lattice.MACs, func(step lattice.Step) float64 { return s.Value(s.Of(step)) })
	if err != nil {
		t.Fatal(err)
	}
	everything := map[string]bool{}
	for _, p := range players {
		everything[p] = true
	}
	best := math.Inf(-1)
	for _, a := range inside {
		best = max(best, part(a, everything))
	}
	if last := front[len(front)-1]; math.Abs(last.Score-best) > 1e-9 {
		t.Errorf("the dearest point of the front scores %v, and the best of all %v", last.Score, best)
	}
}
