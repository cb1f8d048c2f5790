package proof_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/internal/drawn"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
)

func oneOf[T any](random *rand.Rand, of []T) T { return of[random.IntN(len(of))] }

// drawnSpace returns random space number i, of at least 2 architectures and at most atMost. Trees that are no space, and spaces of other
// sizes, are passed over: the lattice's count saves the enumeration of what is too large, and that it is right is what the tests are about.
func drawnSpace(t failer, i, atMost int) (*enumerated, *lattice.Lattice) {
	t.Helper()
	for try := uint64(0); ; try++ {
		s, err := drawn.Space(fmt.Sprint("drawn ", i), stream.New(1, "space", uint64(i), try))
		if err != nil {
			continue
		}
		l, err := lattice.Compile(s)
		if err != nil {
			t.Fatalf("%v\n%s", err, s.YAML())
		}
		if n := l.Count(); !n.IsInt64() || n.Int64() < 2 || n.Int64() > int64(atMost) {
			continue
		}
		if e := enumerate(t, s, atMost); e != nil {
			return e, l
		}
	}
}
