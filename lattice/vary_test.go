package lattice_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

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

func TestLatticesOfRandomSpacesVaryArchitecturesAsTheirSpaceDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t, 300)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		archs := e.archs
		if len(archs) > 25 {
			archs = archs[:25]
		}
		asTheSpace(t, e.space, l, archs)
	})
}

func TestLatticesOfBuiltInSpacesVaryArchitecturesAsTheirSpaceDoes(t *testing.T) {
	darts, err := space.DARTS(space.DARTSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*space.Space{nb201(t), smallMobile(t), mobile(t), chain20(t), darts} {
		l := compiled(t, s)
		r, err := l.Within()
		if err != nil {
			t.Fatal(err)
		}
		random := stream.New(1, "vary")
		archs := make([]space.Arch, 6)
		for i := range archs {
			archs[i] = r.Sample(random)
		}
		asTheSpace(t, s, l, archs)
	}
}

// Where every combination is of the space, both draw the same child for the same random numbers.
func TestTheChildOfALatticeIsThatOfItsSpace(t *testing.T) {
	s := nb201(t)
	l := compiled(t, s)
	for i := range uint64(200) {
		random := stream.New(i, "parents")
		a, b := l.Mutate(space.NewArch(0, 1, 2, 3, 4, 0), random), space.NewArch(int(i%5), 4, 3, 2, 1, 0)
		if got, want := l.Crossover(a, b, stream.New(i, "child")), s.Crossover(a, b, stream.New(i, "child")); got != want {
			t.Fatalf("the child of %v and %v is %v, want %v", a, b, got, want)
		}
	}
}

func BenchmarkVary(b *testing.B) {
	for _, c := range cases(b) {
		switch c.name {
		case "nb201", "mobile-macs", "ofa-macs":
		default:
			continue
		}
		l := compiled(b, c.space)
		r, err := l.Within()
		if err != nil {
			b.Fatal(err)
		}
		random := stream.New(1, "vary")
		x, y := r.Sample(random), r.Sample(random)
		b.Run(c.name+"/mutate", func(b *testing.B) {
			for b.Loop() {
				l.Mutate(x, random)
			}
		})
		b.Run(c.name+"/crossover", func(b *testing.B) {
			for b.Loop() {
				l.Crossover(x, y, random)
			}
		})
		b.Run(c.name+"/mutate-space", func(b *testing.B) {
			for b.Loop() {
				c.space.Mutate(x, random)
			}
		})
	}
}
