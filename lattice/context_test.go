package lattice_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
)

func TestItemsAreSplitOnlyByWhatIsAskedFor(t *testing.T) {
	l := compiled(t, nb201(t)) // six decisions of five options, one after another
	skips := lattice.OptionCount("", "skip_connect")
	for _, c := range []struct {
		of   lattice.TrackedCounter
		want int
	}{
		{lattice.TrackedCounter{Metric: skips}, 1 + 1 + 2 + 3 + 4 + 5 + 6},
		{lattice.TrackedCounter{Metric: skips, UpTo: 2}, 1 + 1 + 2 + 3 + 3 + 3 + 3},
		{lattice.TrackedCounter{Metric: skips, UpTo: 2, Total: true}, 1 + 1 + 2 + 3 + 3 + 3 + 3},
		{lattice.TrackedCounter{Metric: lattice.OptionCount("node1_from0", "none")}, 1 + 1 + 2*5},
		{lattice.TrackedCounter{Metric: lattice.OptionCount("node1_from0", "none"), Total: true}, 1 + 6}, // forgotten at once
	} {
		known, err := l.TrackCounters(c.of)
		if err != nil {
			t.Fatal(err)
		}
		if items, _ := known.Size(); items != c.want {
			t.Errorf("%+v: %d items, want %d", c.of, items, c.want)
		}
		if again, err := known.TrackCounters(c.of); err != nil || again != known {
			t.Errorf("%+v: the lattice that knows it is made again: %v", c.of, err)
		}
		if known.WithPrevious().Count().Cmp(l.Count()) != 0 {
			t.Errorf("%+v: %v paths", c.of, known.WithPrevious().Count())
		}
	}
	recalling, err := l.Remember(lattice.RememberedOption{Rule: "node1_from0", For: "node2_from0"}, lattice.RememberedOption{Rule: "node2_from1", For: "node3_from1"})
	if err != nil {
		t.Fatal(err)
	}
	// the second is known behind its decision, through node3_from0, to node3_from1
	if items, _ := recalling.Size(); items != 1+1+5+1+5+5+1 {
		t.Errorf("%d items recall two options", items)
	}
}

func TestWhatALatticeCannotTrackIsSaid(t *testing.T) {
	l := compiled(t, nb201(t))
	known, err := l.TrackCounters(lattice.TrackedCounter{Metric: lattice.OptionCount("", "none"), UpTo: 2})
	if err != nil {
		t.Fatal(err)
	}
	many := make([]lattice.TrackedCounter, 17)
	for i := range many {
		d := l.Decisions()[i%6]
		many[i].Metric = lattice.OptionCount(d.Name, d.Options[i/6])
	}
	_, macs := l.TrackCounters(lattice.TrackedCounter{Metric: lattice.MACs})
	_, depth := l.TrackCounters(lattice.TrackedCounter{Metric: lattice.Depth})
	_, otherwise := known.TrackCounters(lattice.TrackedCounter{Metric: lattice.OptionCount("", "none"), UpTo: 3})
	_, seventeen := l.TrackCounters(many...)
	_, far := l.TrackCounters(lattice.TrackedCounter{Metric: lattice.OptionCount("", "none"), UpTo: 1 << 40})
	_, rule := l.Remember(lattice.RememberedOption{Rule: "node1", For: "*"})
	_, large := l.TrackCountersItems(10, lattice.TrackedCounter{Metric: lattice.OptionCount("", "none")})
	for want, err := range map[string]error{
		`"macs" is no counter; there are depth and count(OPTION)`:                               macs,
		`depth: space "nb201" has no part of free depth`:                                        depth,
		`the lattice of space "nb201" tracks "count(none)" already, in another way`:             otherwise,
		`the items of a lattice hold at most 16 counters and pairs, and these are 17`:           seventeen,
		`"count(none)" is up to 1099511627776; items hold numbers up to 2147483647`:             far,
		`space "nb201" has no decision "node1"; the nearest is "node1_from0" (of node1_from0, `: rule,
		`space "nb201" needs at least 11 items to be answered exactly, and 10 are allowed`:      large,
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
	for want, ask := range map[string]func(lattice.Step){
		"does not have": func(s lattice.Step) { s.Counter(lattice.Depth) },
		"does not have the last option": func(s lattice.Step) {
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
func TestScoresOfPairsAndCountersOfBuiltInSpaces(t *testing.T) {
	macro, cells := enumerate(t, nbMacro(t)), enumerate(t, nb201(t))
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
		{smallMobile(t), "counters: {depth: {each: 1, from: {3: -0.5, 4: -2.5}}}\npairs: {\"*.kernel > *.kernel\": {k3: {k5: 2}, k5: {k5: 1}}}", func(options, names []string) float64 {
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
		s, err := score.Parse("s.yaml", []byte("trellis-score: 1\n"+c.text), plain)
		if err != nil {
			t.Fatal(err)
		}
		limit := lattice.AtMost(lattice.MACs, c.of.quantile(lattice.MACs, 0.6))
		r, err := plain.Within(limit)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = r.ForScore(s); err != nil {
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
