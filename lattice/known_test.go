package lattice_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

// drawnScore is a random score in tenths, its file, and what it says without the lattice.
type drawnScore struct {
	options  map[string]int    // by "decision=option"
	pairs    map[string]string // "earlier > later" of rules
	counters map[string][]int  // by metric: what numbers score, the last one for all from there on
	each     int               // of every counter
}

// named reports whether a rule is about a name.
func named(rule, name string) bool {
	end, star := strings.CutPrefix(rule, "*")
	return rule == name || star && strings.HasSuffix(name, end)
}

// pairTenths is what a pair of options scores.
func pairTenths(earlier, later string) int { return int(score(earlier, later))%19 - 9 }

// drawScore draws a score for the options that architectures take.
func drawScore(t *rapid.T, e enumerated) drawnScore {
	d := drawnScore{options: map[string]int{}, pairs: map[string]string{}, counters: map[string][]int{}}
	var all []string
	for i := range e.archs {
		all = append(all, e.taken(i)...)
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(all) == 0 {
		t.Skip("nothing to decide")
	}
	number := func(low, high int) int { return rapid.IntRange(low, high).Draw(t, "n") }
	rule := func() (string, string) {
		name, option, _ := strings.Cut(rapid.SampledFrom(all).Draw(t, "of"), "=")
		switch number(0, 3) {
		case 0:
			return name, option
		case 1:
			return "*", option
		}
		return "*" + name[len(name)-number(1, len(name)-1):], option
	}
	for _, of := range all {
		if number(0, 1) == 0 {
			d.options[of] = number(-9, 9)
		}
	}
	for range number(0, 2) {
		earlier, _ := rule()
		later, _ := rule()
		d.pairs[earlier+" > "+later] = ""
	}
	for range number(0, 2) {
		decision, option := rule()
		numbers := make([]int, number(1, 4))
		for i := range numbers {
			numbers[i] = number(-9, 9)
		}
		d.counters[fmt.Sprintf("count(%s=%s)", decision, option)] = numbers
	}
	d.each = number(-3, 3)
	return d
}

// of scores the options that an architecture takes, in tenths, one after another.
func (d drawnScore) of(e enumerated, a space.Arch) float64 {
	sum := 0
	path := e.space.Decisions(a)
	for i, now := range path {
		option := now.Options[now.Chosen]
		sum += d.options[now.Name+"="+option]
		for pair := range d.pairs {
			earlier, later, _ := strings.Cut(pair, " > ")
			for j := i - 1; j >= 0 && named(later, now.Name); j-- {
				if named(earlier, path[j].Name) {
					sum += pairTenths(path[j].Options[path[j].Chosen], option)
					break
				}
			}
		}
	}
	for metric, numbers := range d.counters {
		rule, option, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(metric, "count("), ")"), "=")
		n := 0
		for _, now := range path {
			if now.Options[now.Chosen] == option && named(rule, now.Name) {
				n++
			}
		}
		sum += d.each*n + numbers[min(n, len(numbers)-1)]
	}
	return float64(sum) / 10
}

// possible reports whether an architecture decides a pair of rules one after the other.
func (e enumerated) possible(pair string) bool {
	earlier, later, _ := strings.Cut(pair, " > ")
	return slices.ContainsFunc(e.archs, func(a space.Arch) bool {
		met := false
		for _, d := range e.space.Decisions(a) {
			if met && named(later, d.Name) {
				return true
			}
			met = met || named(earlier, d.Name)
		}
		return false
	})
}

// most returns how often an architecture takes a counted option at most.
func (e enumerated) most(metric string) int {
	rule, option, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(metric, "count("), ")"), "=")
	most := 0
	for i := range e.archs {
		n := 0
		for _, of := range e.taken(i) {
			if name, chosen, _ := strings.Cut(of, "="); chosen == option && named(rule, name) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// file writes the score down.
func (d drawnScore) file(l *lattice.Lattice) string {
	var b strings.Builder
	fmt.Fprintln(&b, "trellis-score: 1\nscores:")
	for _, decision := range l.Decisions() {
		var numbers []string
		for _, o := range decision.Options {
			if v, ok := d.options[decision.Name+"="+o]; ok {
				numbers = append(numbers, fmt.Sprintf("%q: %.1f", o, float64(v)/10))
			}
		}
		fmt.Fprintf(&b, "  %q: {%s}\n", decision.Name, strings.Join(numbers, ", "))
	}
	if len(d.pairs) > 0 {
		fmt.Fprintln(&b, "pairs:")
	}
	options := func(rule string) []string {
		var out []string
		for _, decision := range l.Decisions() {
			if named(rule, decision.Name) {
				out = append(out, decision.Options...)
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for pair := range d.pairs {
		earlier, later, _ := strings.Cut(pair, " > ")
		fmt.Fprintf(&b, "  %q:\n", pair)
		for _, first := range options(earlier) {
			var row []string
			for _, second := range options(later) {
				row = append(row, fmt.Sprintf("%q: %.1f", second, float64(pairTenths(first, second))/10))
			}
			fmt.Fprintf(&b, "    %q: {%s}\n", first, strings.Join(row, ", "))
		}
	}
	if len(d.counters) > 0 {
		fmt.Fprintln(&b, "counters:")
	}
	for metric, numbers := range d.counters {
		var at []string
		for n, v := range numbers[:len(numbers)-1] {
			at = append(at, fmt.Sprintf("%d: %.1f", n, float64(v)/10))
		}
		last := len(numbers) - 1
		fmt.Fprintf(&b, "  %q: {each: %.1f, at: {%s}, from: {%d: %.1f}}\n", metric, float64(d.each)/10, strings.Join(at, ", "), last, float64(numbers[last])/10)
	}
	return b.String()
}

// scored draws a score that its file can hold, and reads the file.
func scored(t *rapid.T, e enumerated, l *lattice.Lattice) (drawnScore, lattice.Score) {
	d := drawScore(t, e)
	for pair := range d.pairs {
		if !e.possible(pair) {
			_, err := lattice.ParseScore("s.yaml", []byte(fmt.Sprintf("trellis-score: 1\npairs: {%q: {}}", pair)), l)
			earlier, later, _ := strings.Cut(pair, " > ")
			if want := fmt.Sprintf("s.yaml:2:9: no architecture decides %q before %q", earlier, later); err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Fatalf("%v, want %s", err, want)
			}
			delete(d.pairs, pair)
		}
	}
	for metric, numbers := range d.counters { // what is out of reach is a mistake
		d.counters[metric] = numbers[:min(len(numbers), 1+e.most(metric))]
	}
	text := d.file(l)
	s, err := lattice.ParseScore("s.yaml", []byte(text), l)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return d, s
}

func TestScoresOfPairsAndCountersAgreeWithBruteForce(t *testing.T) {
	check := func(t *rapid.T) {
		e := draw(t, 150)
		plain, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		d, s := scored(t, e, plain)
		limits := e.budgets(t)
		l, err := plain.Knowing(s)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "chained") {
			l = l.Chained()
		}
		agree(t, e, l, limits, 1+len(e.archs)/10)
		inside := e.within(limits)
		if len(inside) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		want := map[space.Arch]float64{}
		for _, i := range inside {
			a := e.archs[i]
			want[a] = d.of(e, a)
			for _, known := range []*lattice.Lattice{plain, l} {
				if got, err := known.Score(a, s); err != nil || !near(got, want[a]) {
					t.Fatalf("%v scores %v (%v), want %v by\n%s", a, got, err, want[a], d.file(plain))
				}
			}
		}
		best(t, r, s, want)
		sums(t, r, s, want)
		front(t, e, r, s, want)
	}
	for range 10 { // a check is of 100 spaces
		rapid.Check(t, check)
	}
}

// best checks that all come in order with their scores, by either search.
func best(t *rapid.T, r *lattice.Region, s lattice.Score, want map[space.Arch]float64) {
	for _, found := range []func(func(lattice.Scored) bool){r.Best(s.Of), r.BestOfStates(s.Of)} {
		last, seen := math.Inf(1), map[space.Arch]bool{}
		for b := range found {
			score := s.Value(b.Score)
			if !near(score, want[b.Arch]) || b.Score > last || seen[b.Arch] {
				t.Fatalf("%v came with %v after %v; its score is %v", b.Arch, score, s.Value(last), want[b.Arch])
			}
			last, seen[b.Arch] = b.Score, true
		}
		if len(seen) != len(want) {
			t.Fatalf("%d of %d came", len(seen), len(want))
		}
	}
}

// sums checks the distribution at a temperature.
func sums(t *rapid.T, r *lattice.Region, s lattice.Score, want map[space.Arch]float64) {
	const temperature = 0.7
	total, mean, square := 0.0, 0.0, 0.0
	for _, v := range want {
		total += math.Exp(v / temperature)
	}
	for _, v := range want {
		p := math.Exp(v/temperature) / total
		mean += p * v
		square += p * v * v
	}
	g := r.Gibbs(func(step lattice.Step) float64 { return s.Value(s.Of(step)) / temperature })
	value := func(step lattice.Step) float64 { return s.Value(s.Of(step)) }
	gotMean, gotVariance := g.Moments(value)
	if !near(g.LogPartition(), math.Log(total)) || !near(gotMean, mean) || math.Abs(gotVariance-(square-mean*mean)) > 1e-8*(1+square) {
		t.Fatalf("log partition %v, mean %v, variance %v; want %v, %v, %v", g.LogPartition(), gotMean, gotVariance, math.Log(total), mean, square-mean*mean)
	}
	if sum := lattice.FoldWithin(r, lattice.LogSum{}, func(step lattice.Step) float64 { return value(step) / temperature }); !near(sum, math.Log(total)) {
		t.Fatalf("the fold says %v, want %v", sum, math.Log(total))
	}
	a := g.Sample(stream.New(1, "known"))
	if !near(g.LogProb(a), want[a]/temperature-math.Log(total)) {
		t.Fatalf("log probability of %v is %v, want %v", a, g.LogProb(a), want[a]/temperature-math.Log(total))
	}
	taken := map[string]float64{}
	for a, v := range want {
		for _, d := range r.Space().Decisions(a) {
			taken[d.Name+"="+d.Options[d.Chosen]] += math.Exp(v/temperature) / total
		}
	}
	for _, m := range g.Marginals() {
		for i, o := range m.Options {
			if math.Abs(m.Probability[i]-taken[m.Decision+"="+o]) > 1e-9 {
				t.Fatalf("%s=%s has probability %v, want %v", m.Decision, o, m.Probability[i], taken[m.Decision+"="+o])
			}
		}
	}
	// the gradient of the mean of the score at equal scores of options is the covariance with the options
	uniform := r.GibbsOf(make([]float64, len(r.Lattice().Parameters())))
	plainMean, grad := uniform.ExpectationGrad(value)
	level, cov := 0.0, map[string]float64{}
	for _, v := range want {
		level += v / float64(len(want))
	}
	for a, v := range want {
		for _, d := range r.Space().Decisions(a) {
			cov[d.Name+"="+d.Options[d.Chosen]] += (v - level) / float64(len(want))
		}
	}
	got := map[string]float64{}
	for i, p := range r.Lattice().Parameters() {
		got[p.Decision+"="+p.Option] += grad[i]
	}
	for of, x := range cov {
		if math.Abs(got[of]-x) > 1e-9 || !near(plainMean, level) {
			t.Fatalf("the gradient of the mean %v by %s is %v, want %v of %v", plainMean, of, got[of], x, level)
		}
	}
}

// front checks that nothing beats the front, and that its points are what they say.
func front(t *rapid.T, e enumerated, r *lattice.Region, s lattice.Score, want map[space.Arch]float64) {
	points, err := r.Front(lattice.MACs, s.Of)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range e.archs {
		score, inside := want[a]
		cost := e.value(i, lattice.MACs)
		if inside && !slices.ContainsFunc(points, func(p lattice.Trade) bool { return p.Cost <= cost && s.Value(p.Score) >= score-1e-9 }) {
			t.Fatalf("nothing on the front is as good as %v, with %d MACs and %v", a, cost, score)
		}
		for at, p := range points {
			if p.Arch == a && (p.Cost != cost || !inside || !near(s.Value(p.Score), score)) {
				t.Fatalf("point %d of the front, %v, has %d MACs and %v, and not %d and %v", at, a, p.Cost, s.Value(p.Score), cost, score)
			}
			if at > 0 && (p.Cost <= points[at-1].Cost || p.Score <= points[at-1].Score) {
				t.Fatalf("point %d of the front is no better than the one before", at)
			}
		}
	}
}
