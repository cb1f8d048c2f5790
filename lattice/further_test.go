package lattice_test

import (
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"pgregory.net/rapid"
)

// taken lists the decisions of an architecture as "name=option".
func (e enumerated) taken(i int) []string {
	var out []string
	for _, d := range e.space.Decisions(e.archs[i]) {
		out = append(out, d.Name+"="+d.Options[d.Chosen])
	}
	return out
}

// thousandths is a cost of a decision, made up, in thousandths.
func thousandths(taken string) int64 {
	n := int64(0)
	for _, b := range []byte(taken) {
		n = (n*31 + int64(b)) % 5003
	}
	return n
}

// furthered draws two further metrics for a space, a counter and a cost in bins, and returns the lattice that has the latter.
func furthered(t *rapid.T, e *enumerated, l *lattice.Lattice) (*lattice.Lattice, []lattice.Metric) {
	var all []string
	for i := range e.archs {
		all = append(all, e.taken(i)...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) == 0 {
		t.Skip("nothing to decide")
	}
	decision, option, _ := strings.Cut(rapid.SampledFrom(all).Draw(t, "counted"), "=")
	switch rapid.IntRange(0, 2).Draw(t, "rule") {
	case 0:
		decision = ""
	case 1:
		decision = "*" + decision[len(decision)/2:]
	}
	count := lattice.Count(decision, option)
	down := rapid.Bool().Draw(t, "down")
	l, err := l.Priced(lattice.Price{Metric: "ms", Unit: "ms", Bin: 0.007, Down: down, Of: func(s lattice.Step) float64 {
		if s.Fixed {
			return 0.5
		}
		return float64(thousandths(s.Decision+"="+s.Option)) / 1000
	}})
	if err != nil {
		t.Fatal(err)
	}
	bins := func(thousandths int64) int64 {
		if down {
			return thousandths / 7
		}
		return (thousandths + 6) / 7
	}
	e.further = map[lattice.Metric][]int64{}
	for i := range e.archs {
		n, ms := int64(0), bins(500)
		for _, of := range e.taken(i) {
			name, chosen, _ := strings.Cut(of, "=")
			end, star := strings.CutPrefix(decision, "*")
			if chosen == option && (decision == "" || name == decision || star && strings.HasSuffix(name, end)) {
				n++
			}
			ms += bins(thousandths(of))
		}
		e.further[count] = append(e.further[count], n)
		e.further["ms"] = append(e.further["ms"], ms)
	}
	return l, []lattice.Metric{count, "ms"}
}

func TestCountersAndTablesOfCostsAgreeWithBruteForce(t *testing.T) {
	check := func(t *rapid.T) {
		e := draw(t, 400)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		l, further := furthered(t, &e, l)
		limits := e.limits(t, append(further, lattice.MACs))
		if rapid.Bool().Draw(t, "from below") {
			m := rapid.SampledFrom(append(further, lattice.Params)).Draw(t, "metric")
			limits = append(limits, lattice.AtLeast(m, e.value(rapid.IntRange(0, len(e.archs)-1).Draw(t, "at"), m)+int64(rapid.IntRange(-1, 2).Draw(t, "off"))))
		}
		limits = slices.DeleteFunc(limits, func(l lattice.Limit) bool { return l.Min < 0 })
		agree(t, e, l, limits, 1+len(e.archs)/50)
		inside := e.within(limits)
		if len(inside) == 0 {
			return
		}
		r, err := l.Within(limits...)
		if err != nil {
			t.Fatal(err)
		}
		m := rapid.SampledFrom(further).Draw(t, "asked")
		least, greatest := int64(math.MaxInt64), int64(0)
		for _, i := range inside {
			least, greatest = min(least, e.value(i, m)), max(greatest, e.value(i, m))
		}
		if a, b := r.Range(m); a != least || b != greatest {
			t.Fatalf("within %v: %s from %d to %d, want %d to %d", limits, m, a, b, least, greatest)
		}
		h, err := r.Histogram(m, 4)
		if err != nil {
			t.Fatal(err)
		}
		for bin, n := range h.Counts {
			want := int64(0)
			for _, i := range inside {
				if v := e.value(i, m); v >= h.Edges[bin] && v < h.Edges[bin+1] {
					want++
				}
			}
			if n.Cmp(big.NewInt(want)) != 0 {
				t.Fatalf("within %v: %v architectures of %d to %d %s, want %d", limits, n, h.Edges[bin], h.Edges[bin+1]-1, m, want)
			}
		}
		front, err := r.Front(m, stepScore)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range inside {
			cost, score := e.value(i, m), e.scoreOf(e.archs[i])
			if !slices.ContainsFunc(front, func(p lattice.Trade) bool { return p.Cost <= cost && p.Score >= score }) {
				t.Fatalf("within %v: nothing on the front of %s is as good as %v", limits, m, e.archs[i])
			}
		}
		for _, p := range front {
			if at := slices.Index(e.archs, p.Arch); e.value(at, m) != p.Cost || e.scoreOf(p.Arch) != p.Score || !slices.Contains(inside, at) {
				t.Fatalf("within %v: %v is on the front of %s with %d and %v", limits, p.Arch, m, p.Cost, p.Score)
			}
		}
	}
	for range 2 {
		rapid.Check(t, check)
	}
}

func TestDepthIsTheNumberOfBlocksOfFreeDepth(t *testing.T) {
	e := archsOfSmallMobile(t)
	e.further = map[lattice.Metric][]int64{}
	for i := range e.archs {
		sum := int64(0)
		for _, of := range e.taken(i) {
			if name, label, _ := strings.Cut(of, "="); strings.HasSuffix(name, "depth") {
				sum += int64(label[1] - '0')
			}
		}
		e.further[lattice.Depth] = append(e.further[lattice.Depth], sum)
	}
	l := compiled(t, e.space)
	agree(t, e, l, []lattice.Limit{lattice.AtLeast(lattice.Depth, 3), lattice.AtMost(lattice.Params, e.quantile(lattice.Params, 0.3))}, 97)
	agree(t, e, l, []lattice.Limit{lattice.AtMost(lattice.Depth, 3)}, 97)
	_, err := l.Within(lattice.AtLeast(lattice.Depth, 9))
	if want := `no architecture of space "mobile" has at least 9 blocks; the largest has 4 blocks`; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	for m, want := range map[lattice.Metric]string{
		lattice.Count("", "k33"):           `count(k33): no such decision of space "mobile" has an option "k33"; the nearest is`,
		lattice.Count("stage9.width", "w"): `count(stage9.width=w): space "mobile" has no decision "stage9.width"; the nearest is`,
		"watts":                            `"watts" is no metric of the lattice of space "mobile"; there are params, macs, depth and count(OPTION)`,
	} {
		if _, err := l.Within(lattice.AtMost(m, 1)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", m, err, want)
		}
	}
	if _, err := compiled(t, nb201(t)).Within(lattice.AtLeast(lattice.Depth, 1)); err == nil || !strings.Contains(err.Error(), "no part of free depth") {
		t.Errorf("the depth of nb201: %v", err)
	}
}
