package lattice_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/space"
)

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
