package proof_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
)

// TestMain lets the heap grow: what is asked of small spaces keeps so little that garbage would be collected thousands of times.
func TestMain(m *testing.M) {
	debug.SetGCPercent(1000)
	os.Exit(m.Run())
}

// randomSpaces are how many spaces every operation is compared on.
const randomSpaces = 1000

// memoryOneIn is how many of them there are to each one that is asked about peak memory, which takes many compilations.
const memoryOneIn = 3

// Every operation is compared on every space: without limits, under limits that are kept, under limits that may not be, and for scores of
// neighbouring decisions under limits that are kept. The spaces and all that is asked are the same in every run.
func TestEveryOperationAgreesWithBruteForceOnAThousandRandomSpaces(t *testing.T) {
	const parts = 4
	for part := range parts {
		t.Run(fmt.Sprint("part ", part+1), func(t *testing.T) {
			t.Parallel()
			spaces := randomSpaces / parts
			if testing.Short() {
				spaces /= 10
			}
			y := tally{compared: map[string]int{}}
			for i := range spaces {
				number := parts*i + part
				atMost := 100
				if number%10 == 0 {
					atMost = 1000
				}
				var e *enumerated
				var l *lattice.Lattice
				if wrong := attempt(func(t failer) { e, l = drawnSpace(t, number, atMost) }); wrong != "" {
					t.Fatal(wrong)
				}
				y.askAll(e, l, stream.New(1, "questions", uint64(number)), number%memoryOneIn == 0)
			}
			y.report(t, spaces)
		})
	}
}

// askAll asks of a space without limits, under limits that are kept and under some that may not be, and the same of scores of pairs; about
// memory too if that may be limited.
func (y *tally) askAll(e *enumerated, l *lattice.Lattice, random *rand.Rand, memory bool) {
	base := question{enumerated: e, plain: l, random: random}
	var counter lattice.Metric
	y.note(&base, "Lattice.WithCosts", attempt(func(t failer) { base.enumerated, base.lattice, counter = furthered(t, random, e, l) }))
	if base.lattice == nil {
		return
	}
	if memory {
		_, err := l.Within(lattice.AtMost(lattice.Memory, 1<<40))
		base.memory = err == nil
	}
	free := base
	free.metrics = []lattice.Metric{lattice.Params, lattice.MACs, "ms", counter}
	y.ask(&free, true)
	pairs := base
	pairs.lattice, pairs.previous = base.lattice.WithPrevious(), true
	for _, kept := range []bool{true, false} {
		q := base
		q.limit(counter, kept)
		y.ask(&q, false)
	}
	q := pairs
	q.random = random
	q.limit(counter, true)
	y.ask(&q, true)
}

// report fails if anything was wrong, or an operation was compared on fewer spaces than were asked.
func (y *tally) report(t *testing.T, spaces int) {
	t.Helper()
	if y.failures > 0 {
		t.Fatalf("%d answers are wrong; of the smallest space:\n%s", y.failures, y.worst)
	}
	for _, o := range operations() {
		if y.compared[o.of] < spaces {
			t.Errorf("%s was compared %d times on %d spaces", o.of, y.compared[o.of], spaces)
		}
	}
	counts := slices.Sorted(maps.Values(y.compared))
	t.Logf("%d spaces; every operation was compared %d to %d times", spaces, counts[0], counts[len(counts)-1])
}
