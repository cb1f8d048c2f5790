package lattice_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

// soFar scores a step by its option, the numbers of counters before it, and the option before it.
func soFar(option string, before lattice.Taken, counts ...int64) float64 {
	sum := score(before.Option, option)
	for i, n := range counts {
		sum += float64((n*7+int64(i)*3+int64(len(option)))%5) * score(option, "so far") / 8
	}
	return sum
}

// A counter that is known to the last step is what brute force counts before that step, with whatever else a lattice has.
func TestEveryStepKnowsItsCountersBesideEverythingElse(t *testing.T) {
	checked := 0
	check := func(t *rapid.T) {
		e := draw(t, 100)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		var metrics []lattice.Metric
		l, metrics = furthered(t, &e, l)
		tallies := []lattice.Tally{{Metric: metrics[0], UpTo: int64(rapid.IntRange(0, 3).Draw(t, "up to"))}}
		depth := strings.Contains(strings.Join(e.taken(0), " "), ".depth=")
		if depth {
			tallies = append(tallies, lattice.Tally{Metric: lattice.Depth})
		}
		if rapid.Bool().Draw(t, "chained first") {
			l = l.Chained()
		}
		if l, err = l.Counted(tallies...); err != nil {
			var none *lattice.TooLargeError
			if errors.As(err, &none) || !strings.Contains(err.Error(), "no part of free depth") {
				t.Fatal(err)
			}
			return // a depth of 0 only
		}
		l = l.Chained()
		limits := e.limits(t, []lattice.Metric{metrics[0], metrics[1], lattice.MACs})
		if rapid.Bool().Draw(t, "from below") {
			limits = append(limits, lattice.AtLeast(metrics[1], e.value(0, metrics[1])))
		}
		limits = slices.DeleteFunc(limits, func(l lattice.Limit) bool { return l.Min < 0 })
		if rapid.Bool().Draw(t, "memory") {
			if _, err := l.Within(lattice.AtMost(lattice.Memory, 1<<40)); err == nil {
				further := e.further
				e.withMemory(t)
				for m, values := range further {
					e.further[m] = values
				}
				limits = append(limits, e.limits(t, []lattice.Metric{lattice.Memory})...)
			}
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
		if r, err = r.Lattice().Within(limits...); err != nil { // of what it has turned around already
			t.Fatal(err)
		}
		checked++
		want := map[space.Arch]float64{}
		for _, i := range inside {
			want[e.archs[i]] = e.soFarOf(i, tallies)
		}
		weight := func(s lattice.Step) float64 {
			if s.Fixed {
				return 0
			}
			var counts []int64
			for _, tally := range tallies {
				before, _ := s.Counter(tally.Metric)
				counts = append(counts, before)
			}
			return soFar(s.Option, s.Before, counts...)
		}
		last, total := math.Inf(1), 0.0
		for _, v := range want {
			total += math.Exp(v / 9)
		}
		if z := r.Gibbs(func(s lattice.Step) float64 { return weight(s) / 9 }).LogPartition(); !near(z, math.Log(total)) {
			t.Fatalf("log partition %v, want %v", z, math.Log(total))
		}
		for b := range r.Best(weight) {
			if expected, ok := want[b.Arch]; !ok || !near(b.Score, expected) || b.Score > last+1e-9 {
				t.Fatalf("%v came with %v after %v; its score is %v (%t)", b.Arch, b.Score, last, expected, ok)
			}
			last = b.Score
			delete(want, b.Arch)
		}
		if len(want) > 0 {
			t.Fatalf("%d of %d never came", len(want), len(inside))
		}
	}
	for range 3 {
		rapid.Check(t, check)
	}
	if checked < 50 {
		t.Errorf("only %d regions were checked", checked)
	}
}

// soFarOf is the sum of soFar over the decisions of architecture i, with the first counter of a space and its depth.
func (e enumerated) soFarOf(i int, tallies []lattice.Tally) float64 {
	sum, before := 0.0, lattice.Taken{}
	counts := make([]int64, len(tallies))
	for _, d := range e.space.Decisions(e.archs[i]) {
		option := d.Options[d.Chosen]
		given := slices.Clone(counts)
		for k, t := range tallies {
			if t.UpTo > 0 {
				given[k] = min(given[k], t.UpTo)
			}
		}
		sum += soFar(option, before, given...)
		before = lattice.Taken{Decision: d.Name, Option: option}
		for k, t := range tallies {
			rule, counted, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(string(t.Metric), "count("), ")"), "=")
			switch {
			case t.Metric == lattice.Depth:
				if strings.HasSuffix(d.Name, ".depth") {
					n, _ := new(big.Int).SetString(strings.TrimLeft(option, "d"), 10)
					counts[k] += n.Int64()
				}
			case !ok && option == rule, ok && option == counted && named(rule, d.Name):
				counts[k]++
			}
		}
	}
	return sum
}

func TestItemsAreSplitOnlyByWhatIsAskedFor(t *testing.T) {
	l := compiled(t, nb201(t)) // six decisions of five options, one after another
	skips := lattice.Count("", "skip_connect")
	for _, c := range []struct {
		of   lattice.Tally
		want int
	}{
		{lattice.Tally{Metric: skips}, 1 + 1 + 2 + 3 + 4 + 5 + 6},
		{lattice.Tally{Metric: skips, UpTo: 2}, 1 + 1 + 2 + 3 + 3 + 3 + 3},
		{lattice.Tally{Metric: skips, UpTo: 2, Total: true}, 1 + 1 + 2 + 3 + 3 + 3 + 3},
		{lattice.Tally{Metric: lattice.Count("node1_from0", "none")}, 1 + 1 + 2*5},
		{lattice.Tally{Metric: lattice.Count("node1_from0", "none"), Total: true}, 1 + 6}, // forgotten at once
	} {
		known, err := l.Counted(c.of)
		if err != nil {
			t.Fatal(err)
		}
		if items, _ := known.Size(); items != c.want {
			t.Errorf("%+v: %d items, want %d", c.of, items, c.want)
		}
		if again, err := known.Counted(c.of); err != nil || again != known {
			t.Errorf("%+v: the lattice that knows it is made again: %v", c.of, err)
		}
		if known.Chained().Count().Cmp(l.Count()) != 0 {
			t.Errorf("%+v: %v paths", c.of, known.Chained().Count())
		}
	}
	recalling, err := l.Recalling(lattice.Recall{Rule: "node1_from0", For: "node2_from0"}, lattice.Recall{Rule: "node2_from1", For: "node3_from1"})
	if err != nil {
		t.Fatal(err)
	}
	// the second is known behind its decision, through node3_from0, to node3_from1
	if items, _ := recalling.Size(); items != 1+1+5+1+5+5+1 {
		t.Errorf("%d items recall two options", items)
	}
}

func TestWhatALatticeCannotKnowIsSaid(t *testing.T) {
	l := compiled(t, nb201(t))
	known, err := l.Counted(lattice.Tally{Metric: lattice.Count("", "none"), UpTo: 2})
	if err != nil {
		t.Fatal(err)
	}
	many := make([]lattice.Tally, 9)
	for i, d := range append(l.Decisions(), l.Decisions()...)[:9] {
		many[i].Metric = lattice.Count(d.Name, d.Options[i/6])
	}
	_, macs := l.Counted(lattice.Tally{Metric: lattice.MACs})
	_, depth := l.Counted(lattice.Tally{Metric: lattice.Depth})
	_, otherwise := known.Counted(lattice.Tally{Metric: lattice.Count("", "none")})
	_, nine := l.Counted(many...)
	_, rule := l.Recalling(lattice.Recall{Rule: "node1", For: "*"})
	_, large := l.CountedItems(10, lattice.Tally{Metric: lattice.Count("", "none")})
	for want, err := range map[string]error{
		`"macs" is no counter; there are depth and count(OPTION)`:                               macs,
		`space "nb201" has no part of free depth, so there is no "depth" to count`:              depth,
		`the lattice of space "nb201" knows "count(none)" already, and not in the same way`:     otherwise,
		`the items of a lattice have room for 8 counters and pairs, and these are 9`:            nine,
		`space "nb201" has no decision "node1"; the nearest is "node1_from0" (of node1_from0, `: rule,
		`space "nb201" needs at least 11 items to be answered exactly, and 10 are allowed`:      large,
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
	for want, ask := range map[string]func(lattice.Step){
		"does not know": func(s lattice.Step) { s.Counter(lattice.Depth) },
		"does not know the last option": func(s lattice.Step) {
			if !s.Fixed {
				s.Last("*")
			}
		},
	} {
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, want) {
					t.Errorf("the panic is %q, want %q", said, want)
				}
			}()
			lattice.Fold(known, lattice.Boolean{}, func(s lattice.Step) bool { ask(s); return true })
		}()
	}
}

// Of the built-in spaces that can be enumerated, all answers about a score of pairs and counters.
func TestScoresThatKnowMoreOfBuiltInSpaces(t *testing.T) {
	macro, _ := enumerate(t, nbMacro(t), 10000)
	cells, _ := enumerate(t, nb201(t), 20000)
	for _, c := range []struct {
		of   enumerated
		text string
		want func(options []string, names []string) float64
	}{
		{macro, "counters: {count(2): {each: -0.5, from: {3: 4, 6: 1}}}\npairs: {\"* > *\": {1: {2: 0.7}}}", func(options, _ []string) float64 {
			n, sum := 0, 0.0
			for i, o := range options {
				if o == "2" {
					n++
				}
				if i > 0 && options[i-1] == "1" && o == "2" {
					sum += 0.7
				}
			}
			return sum - 0.5*float64(n) + []float64{0, 0, 0, 4, 4, 4, 1, 1, 1}[n]
		}},
		{cells, "counters: {count(skip_connect): {at: {2: 3}}}\npairs: {node1_from0 > node3_from2: {none: {none: -9}, nor_conv_3x3: {skip_connect: 1.5}}}", func(options, _ []string) float64 {
			n, sum := 0, 0.0
			for _, o := range options {
				if o == "skip_connect" {
					n++
				}
			}
			switch [2]string{options[0], options[5]} {
			case [2]string{"none", "none"}:
				sum = -9
			case [2]string{"nor_conv_3x3", "skip_connect"}:
				sum = 1.5
			}
			if n == 2 {
				sum += 3
			}
			return sum
		}},
		{archsOfSmallMobile(t), "counters: {depth: {each: 1, from: {3: -0.5, 4: -2.5}}}\npairs: {\"*.kernel > *.kernel\": {k3: {k5: 2}, k5: {k5: 1}}}", func(options, names []string) float64 {
			sum, kernel, depth := 0.0, "", 0
			for i, o := range options {
				switch {
				case strings.HasSuffix(names[i], ".depth"):
					depth += int(o[1] - '0')
				case strings.HasSuffix(names[i], ".kernel"):
					if o == "k5" {
						sum += map[string]float64{"k3": 2, "k5": 1}[kernel]
					}
					kernel = o
				}
			}
			return sum + float64(depth) + []float64{0, 0, 0, -0.5, -2.5}[depth]
		}},
	} {
		plain := compiled(t, c.of.space)
		s, err := lattice.ParseScore("s.yaml", []byte("trellis-score: 1\n"+c.text), plain)
		if err != nil {
			t.Fatal(err)
		}
		limit := lattice.AtMost(lattice.MACs, c.of.quantile(lattice.MACs, 0.6))
		r, err := plain.Within(limit)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = r.Knowing(s); err != nil {
			t.Fatal(err)
		}
		var want []float64
		total := 0.0
		for _, i := range c.of.within([]lattice.Limit{limit}) {
			var options, names []string
			for _, d := range c.of.space.Decisions(c.of.archs[i]) {
				options, names = append(options, d.Options[d.Chosen]), append(names, d.Name)
			}
			want = append(want, c.want(options, names))
			total += math.Exp(want[len(want)-1])
		}
		slices.Sort(want)
		slices.Reverse(want)
		at := 0
		for b := range r.Best(s.Of) {
			if got := s.Value(b.Score); math.Abs(got-want[at]) > 1e-9 {
				t.Fatalf("%s: number %d scores %v, want %v", c.of.space.Name(), at, got, want[at])
			}
			if at++; at == 2000 {
				break
			}
		}
		if at != min(2000, len(want)) {
			t.Fatalf("%s: %d of %d came", c.of.space.Name(), at, len(want))
		}
		if z := r.Gibbs(func(step lattice.Step) float64 { return s.Value(s.Of(step)) }).LogPartition(); !near(z, math.Log(total)) {
			t.Errorf("%s: log partition %v, want %v", c.of.space.Name(), z, math.Log(total))
		}
	}
}
