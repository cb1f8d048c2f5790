package proof_test

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// failer is what checks tell that something does not hold. Fatalf does not return.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// enumerated is a space with all of its architectures, in the order of their choices, and what their networks cost. Nothing of it is
// taken from a lattice.
type enumerated struct {
	space     *space.Space
	archs     []space.Arch
	taken     [][]lattice.Taken // by every architecture, in order
	decisions []space.Decision  // all that some architecture meets
	costs     map[lattice.Metric][]int64
	texts     []string           // canonical, of the networks that were asked for
	operated  [][]space.Operator // of the networks, when they were asked for
}

// enumerate derives everything by brute force, and builds every network. It returns nil for more than atMost architectures, and for a space
// of so many dead ends that there is no point in trying.
func enumerate(t failer, s *space.Space, atMost int) *enumerated {
	t.Helper()
	e := &enumerated{space: s, costs: map[lattice.Metric][]int64{}}
	known := map[string]bool{}
	var choices []int
	for attempts := 0; attempts < 100*atMost; attempts++ {
		var met []space.Decision
		a, err := s.Derive(func(d space.Decision) int {
			if len(met) < len(choices) {
				d.Chosen = choices[len(met)]
			}
			met = append(met, d)
			return d.Chosen
		})
		if err == nil {
			if len(e.archs) == atMost {
				return nil
			}
			var taken []lattice.Taken
			for _, d := range met {
				taken = append(taken, lattice.Taken{Decision: d.Name, Option: d.Options[d.Chosen]})
				if !known[d.Name] {
					known[d.Name] = true
					e.decisions = append(e.decisions, d)
				}
			}
			e.archs, e.taken = append(e.archs, a), append(e.taken, taken)
		}
		last := len(met) - 1
		for last >= 0 && met[last].Chosen == len(met[last].Options)-1 {
			last--
		}
		if last < 0 {
			e.build(t)
			return e
		}
		choices = choices[:0]
		for _, d := range met[:last+1] {
			choices = append(choices, d.Chosen)
		}
		choices[last]++
	}
	return nil
}

// build notes what the networks cost, and how many blocks of free depth they have.
func (e *enumerated) build(t failer) {
	t.Helper()
	for i, a := range e.archs {
		g, err := e.space.Network(a)
		if err != nil {
			t.Fatalf("%v", err)
		}
		cost := g.Cost()
		e.note(lattice.Params, cost.Params)
		e.note(lattice.MACs, cost.MACs)
		e.note(lattice.Memory, g.PeakMemory())
		depth := int64(0)
		for _, x := range e.taken[i] {
			if x.Decision == "depth" || strings.HasSuffix(x.Decision, ".depth") {
				depth += numberAtTheEnd(x.Option)
			}
		}
		e.note(lattice.Depth, depth)
	}
	e.texts = make([]string, len(e.archs))
}

// network returns the canonical text of the network of architecture i.
func (e *enumerated) network(t failer, i int) string {
	t.Helper()
	if e.texts[i] == "" {
		g, err := e.space.Network(e.archs[i])
		if err != nil {
			t.Fatalf("%v", err)
		}
		e.texts[i] = g.Canonical()
	}
	return e.texts[i]
}

func numberAtTheEnd(label string) int64 {
	n := int64(0)
	for _, digit := range label[len(strings.TrimRight(label, "0123456789")):] {
		n = 10*n + int64(digit-'0')
	}
	return n
}

func (e *enumerated) note(m lattice.Metric, value int64) { e.costs[m] = append(e.costs[m], value) }

// with returns the enumeration with a further metric.
func (e *enumerated) with(m lattice.Metric, of func(taken []lattice.Taken) int64) *enumerated {
	out := *e
	out.costs = map[lattice.Metric][]int64{}
	for known, values := range e.costs {
		out.costs[known] = values
	}
	out.costs[m] = nil
	for i := range out.archs {
		out.note(m, of(out.taken[i]))
	}
	return &out
}

// within returns the positions of the architectures that keep all limits.
func (e *enumerated) within(limits []lattice.Limit) []int {
	var out []int
	for i := range e.archs {
		if !slices.ContainsFunc(limits, func(l lattice.Limit) bool {
			v := e.costs[l.Metric][i]
			return v < l.Min || v > l.Max
		}) {
			out = append(out, i)
		}
	}
	return out
}

// anyOption draws an option that some architecture takes.
func (e *enumerated) anyOption(random *rand.Rand) lattice.Taken {
	for {
		if taken := oneOf(random, e.taken); len(taken) > 0 {
			return oneOf(random, taken)
		}
	}
}
