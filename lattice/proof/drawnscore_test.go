package proof_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
)

// drawnScore is a random score of options, pairs of options and counters, in tenths: what a score file can hold.
type drawnScore struct {
	options  map[lattice.Taken]int
	pairs    [][2]string // an earlier rule and a later one
	counters []drawnCounter
	each     int // of every counter
}

// drawnCounter is what numbers of an option of decisions score; the last stands for all from there on.
type drawnCounter struct {
	rule, option string
	numbers      []int
}

func (c drawnCounter) metric() lattice.Metric { return lattice.OptionCount(c.rule, c.option) }

// in counts along a path.
func (c drawnCounter) in(path []lattice.Taken) int {
	n := 0
	for _, x := range path {
		if x.Option == c.option && named(c.rule, x.Decision) {
			n++
		}
	}
	return n
}

// named reports whether a rule is about a name.
func named(rule, name string) bool {
	end, star := strings.CutPrefix(rule, "*")
	return rule == name || star && strings.HasSuffix(name, end)
}

// pairTenths is what an option scores behind an earlier one.
func pairTenths(earlier, later string) int {
	return int(milliseconds(lattice.Taken{Decision: earlier, Option: later})%19) - 9
}

// drawScore draws a score for the options that architectures take. Numbers of a counter beyond what an architecture has are no part of it.
func drawScore(random *rand.Rand, e *enumerated) drawnScore {
	d := drawnScore{options: map[lattice.Taken]int{}, each: random.IntN(7) - 3}
	rule := func() (string, string) {
		x := e.anyOption(random)
		switch random.IntN(4) {
		case 0:
			return x.Decision, x.Option
		case 1:
			return "*", x.Option
		}
		return "*" + x.Decision[random.IntN(len(x.Decision)-1)+1:], x.Option
	}
	for range 4 {
		d.options[e.anyOption(random)] = random.IntN(19) - 9
	}
	for range random.IntN(3) {
		earlier, _ := rule()
		later, _ := rule()
		if pair := [2]string{earlier, later}; !slices.Contains(d.pairs, pair) {
			d.pairs = append(d.pairs, pair)
		}
	}
	for range random.IntN(3) {
		c := drawnCounter{numbers: make([]int, 1+random.IntN(4))}
		c.rule, c.option = rule()
		most := 0
		for i := range e.taken {
			most = max(most, c.in(e.taken[i]))
		}
		c.numbers = c.numbers[:min(len(c.numbers), 1+most)]
		for i := range c.numbers {
			c.numbers[i] = random.IntN(19) - 9
		}
		if !slices.ContainsFunc(d.counters, func(o drawnCounter) bool { return o.metric() == c.metric() }) {
			d.counters = append(d.counters, c)
		}
	}
	return d
}

// of scores the options that are taken along a path, one after another.
func (d drawnScore) of(path []lattice.Taken) float64 {
	sum := 0
	for i, now := range path {
		sum += d.options[now]
		for _, pair := range d.pairs {
			for j := i - 1; j >= 0 && named(pair[1], now.Decision); j-- {
				if named(pair[0], path[j].Decision) {
					sum += pairTenths(path[j].Option, now.Option)
					break
				}
			}
		}
	}
	for _, c := range d.counters {
		n := c.in(path)
		sum += d.each*n + c.numbers[min(n, len(c.numbers)-1)]
	}
	return float64(sum) / 10
}

// follows reports whether an architecture decides a pair of rules one after the other.
func (e *enumerated) follows(pair [2]string) bool {
	return slices.ContainsFunc(e.taken, func(path []lattice.Taken) bool {
		met := false
		for _, x := range path {
			if met && named(pair[1], x.Decision) {
				return true
			}
			met = met || named(pair[0], x.Decision)
		}
		return false
	})
}

// file writes the score down.
func (d drawnScore) file(l *lattice.Lattice) string {
	b := &strings.Builder{}
	fmt.Fprint(b, "trellis-score: 1\nscores:\n")
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
	for _, decision := range l.Decisions() {
		var row []string
		for _, o := range decision.Options {
			row = append(row, fmt.Sprintf("%q: %.1f", o, float64(d.options[lattice.Taken{Decision: decision.Name, Option: o}])/10))
		}
		fmt.Fprintf(b, "  %q: {%s}\n", decision.Name, strings.Join(row, ", "))
	}
	for i, pair := range d.pairs {
		if i == 0 {
			fmt.Fprint(b, "pairs:\n")
		}
		fmt.Fprintf(b, "  \"%s > %s\":\n", pair[0], pair[1])
		for _, first := range options(pair[0]) {
			var row []string
			for _, second := range options(pair[1]) {
				row = append(row, fmt.Sprintf("%q: %.1f", second, float64(pairTenths(first, second))/10))
			}
			fmt.Fprintf(b, "    %q: {%s}\n", first, strings.Join(row, ", "))
		}
	}
	for i, c := range d.counters {
		if i == 0 {
			fmt.Fprint(b, "counters:\n")
		}
		var at []string
		last := len(c.numbers) - 1
		for n, v := range c.numbers[:last] {
			at = append(at, fmt.Sprintf("%d: %.1f", n, float64(v)/10))
		}
		fmt.Fprintf(b, "  %q: {each: %.1f, at: {%s}, from: {%d: %.1f}}\n",
			c.metric(), float64(d.each)/10, strings.Join(at, ", "), last, float64(c.numbers[last])/10)
	}
	return b.String()
}

// readDrawn draws a score and reads its file. A pair that no architecture decides in that order is refused, and then left out.
func readDrawn(t failer, random *rand.Rand, e *enumerated, l *lattice.Lattice) (drawnScore, lattice.Score) {
	t.Helper()
	d := drawScore(random, e)
	d.pairs = slices.DeleteFunc(d.pairs, func(pair [2]string) bool {
		if e.follows(pair) {
			return false
		}
		_, err := score.Parse("s.yaml", fmt.Appendf(nil, "trellis-score: 1\npairs: {\"%s > %s\": {}}", pair[0], pair[1]), l)
		if want := fmt.Sprintf("s.yaml:2:9: no architecture decides %q before %q", pair[0], pair[1]); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Fatalf("%v, want %s", err, want)
		}
		return true
	})
	s, err := score.Parse("s.yaml", []byte(d.file(l)), l)
	if err != nil {
		t.Fatalf("%v in\n%s", err, d.file(l))
	}
	return d, s
}
