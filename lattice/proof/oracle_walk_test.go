package proof_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/score"
	"github.com/trellis-nas/trellis/space"
)

// decisionsAre checks that the lattice has the decisions that architectures meet. It may have others, which lead to dead ends.
func decisionsAre(t failer, q *question) {
	for _, d := range q.decisions {
		if !slices.ContainsFunc(q.lattice.Decisions(), func(o lattice.Decision) bool { return o.Name == d.Name && slices.Equal(o.Options, d.Options) }) {
			t.Fatalf("decision %s with options %v is not of the lattice", d.Name, d.Options)
		}
	}
}

// featuresAre compares the parameters of architectures with those found by the names of what they take.
func featuresAre(t failer, q *question) {
	l := q.region.Lattice()
	for _, i := range some(q.known, 300) {
		if got, err := l.Features(q.archs[i]); err != nil || !slices.Equal(got, q.features[i]) {
			t.Fatalf("%v has features %v (%v), want %v", q.archs[i], got, err, q.features[i])
		}
		if got, err := l.ParametersOf(q.archs[i]); err != nil || !slices.Equal(got, q.features[i]) {
			t.Fatalf("%v has parameters %v (%v), want %v", q.archs[i], got, err, q.features[i])
		}
		want := make([]int, len(l.Decisions()))
		steps, err := l.Steps(q.archs[i])
		if err != nil || len(steps) != 1+len(q.taken[i]) || !steps[0].Fixed {
			t.Fatalf("%v has the path %v (%v)", q.archs[i], steps, err)
		}
		for at, x := range q.taken[i] {
			d := slices.IndexFunc(l.Decisions(), func(d lattice.Decision) bool { return d.Name == x.Decision })
			want[d] = 1 + slices.Index(l.Decisions()[d].Options, x.Option)
			if s := steps[at+1]; s.Decision != x.Decision || s.Option != x.Option {
				t.Fatalf("step %d of %v is %s=%s, want %v", at, q.archs[i], s.Decision, s.Option, x)
			}
		}
		if got, err := l.Options(q.archs[i]); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v has options %v (%v), want %v", q.archs[i], got, err, want)
		}
	}
}

// scoresAre reads a score file of tenths for every option.
func scoresAre(t failer, q *question) {
	if q.previous {
		return
	}
	text := &strings.Builder{}
	fmt.Fprintf(text, "trellis-score: 1\noffset: %v\nscores:\n", q.offset/10)
	at := 0
	for _, d := range q.lattice.Decisions() {
		fmt.Fprintf(text, "  %q:\n", d.Name)
		for _, o := range d.Options {
			fmt.Fprintf(text, "    %q: %v\n", o, q.points[at]/10)
			at++
		}
	}
	s, err := score.Parse("drawn.yaml", []byte(text.String()), q.lattice)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	for _, i := range some(everyone(q), 100) {
		if got, err := q.lattice.Score(q.archs[i], s); err != nil || math.Abs(got-q.score[i]/10) > 1e-12 {
			t.Fatalf("%v scores %v (%v), want %v", q.archs[i], got, err, q.score[i]/10)
		}
	}
}

func variesAsTheSpace(t failer, q *question) {
	var archs []space.Arch
	for _, i := range some(everyone(q), 4) {
		archs = append(archs, q.archs[i])
	}
	asTheSpace(t, q.space, q.lattice, archs)
}

// asTheSpace checks that a lattice varies architectures as its space does.
func asTheSpace(t failer, s *space.Space, l *lattice.Lattice, archs []space.Arch) {
	t.Helper()
	for i, a := range archs {
		for seed := range uint64(3) {
			own, given := stream.New(seed, "mutate", uint64(i)), stream.New(seed, "mutate", uint64(i))
			if got, want := l.Mutate(a, own), s.Mutate(a, given); got != want || own.Uint64() != given.Uint64() {
				t.Fatalf("a mutation of %v is %v, want %v", a, got, want)
			}
			b := archs[(i*7+int(seed))%len(archs)]
			checkChild(t, s, a, b, l.Crossover(a, b, stream.New(seed, "crossover", uint64(i))))
		}
		if got, want := slices.Collect(l.Neighbours(a)), slices.Collect(s.Neighbours(a)); !slices.Equal(got, want) {
			t.Fatalf("the neighbours of %v are %v, want %v", a, got, want)
		}
	}
}

// checkChild checks that every decision of a child is one of a parent's, or met by neither or not of a label that is left.
func checkChild(t failer, s *space.Space, a, b, child space.Arch) {
	t.Helper()
	if err := s.Check(child); err != nil {
		t.Fatalf("the child %v of %v and %v: %v", child, a, b, err)
	}
	labels := map[string][]string{}
	for _, parent := range []space.Arch{a, b} {
		for _, d := range s.Decisions(parent) {
			labels[d.Name] = append(labels[d.Name], d.Options[d.Chosen])
		}
	}
	for _, d := range s.Decisions(child) {
		from := labels[d.Name]
		inherited := slices.Contains(from, d.Options[d.Chosen])
		possible := slices.ContainsFunc(from, func(label string) bool { return slices.Contains(d.Options, label) })
		if possible && !inherited && d.Chosen != 0 {
			t.Fatalf("the child %v of %v and %v has %s for %s", child, a, b, d.Options[d.Chosen], d.Name)
		}
	}
}

// derivationsAre takes architectures through a derivation: after every prefix the open options are those with which an architecture
// within the limits goes on, and the counts say how many do. Architectures of one prefix stand behind one another.
func derivationsAre(t failer, q *question) {
	choices := make([][]int, len(q.inside))
	for k, i := range q.inside {
		choices[k] = q.archs[i].Choices()
	}
	for _, k := range some(ordinals(len(q.inside)), 12) {
		i := q.inside[k]
		d, first, last := q.region.Derive(), 0, len(choices)
		for at, x := range q.taken[i] {
			met, more := d.Decision()
			if !more || q.region.Lattice().Decisions()[met].Name != x.Decision {
				t.Fatalf("decision %d of %v is %d (%t), want %s", at, q.archs[i], met, more, x.Decision)
			}
			counts, open := d.Completions(), slices.Clone(d.Open())
			if len(counts) != len(q.region.Lattice().Decisions()[met].Options) {
				t.Fatalf("%d counts for the options of %s", len(counts), x.Decision)
			}
			from, to := first, first
			for option, n := range counts {
				for from = to; to < last && choices[to][at] == option; to++ {
				}
				if !n.IsInt64() || n.Int64() != int64(to-from) || slices.Contains(open, option) != (to > from) {
					t.Fatalf("after %v, %v go on with option %d and open are %v, want %d", choices[k][:at], n, option, open, to-from)
				}
			}
			for choices[first][at] < choices[k][at] {
				first++
			}
			for choices[last-1][at] > choices[k][at] {
				last--
			}
			d.Take(choices[k][at])
		}
		if _, more := d.Decision(); more || d.Open() != nil || d.Completions() != nil || d.Arch() != q.archs[i] {
			t.Fatalf("the derivation of %v ends in %v", q.archs[i], d.Arch())
		}
	}
}
