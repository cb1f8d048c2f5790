package lattice

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/network"
)

// The normal form of deferred constraints on six tensors is met by those sets of tensors, of all 64, that meet the deferred constraints themselves.
func TestTheNormalFormOfDeferredConstraintsIsMetByTheSameTensors(t *testing.T) {
	const tensors = 6
	random, several := stream.New(1, "provisos"), 0
	for range 20000 {
		k := keptOf(random, tensors)
		list := make([]deferredConstraint, 1+random.IntN(4))
		for i := range list {
			of := set(1+random.IntN(1<<tensors-1)) << 1
			list[i] = deferredConstraint{of, int64(random.IntN(int(k.bytes(of)) + 8))}
		}
		got := normal(slices.Clone(list), &k)
		if len(got) > 1 {
			several++
		}
		for read := range set(1 << tensors) {
			if want := met(&k, list, read<<1); met(&k, got, read<<1) != want {
				t.Fatalf("%v became %v, and if %b are read, of sizes %v, that is met: %t", list, got, read<<1, k.sizes, !want)
			}
		}
	}
	if several < 1000 {
		t.Errorf("only %d normal forms had several provisos", several)
	}
}

// keptOf draws the sizes of tensors numbered from 1.
func keptOf(random *rand.Rand, tensors int8) liveTensors {
	var k liveTensors
	for n := range tensors {
		k.sized(n+1, network.Shape{H: 1, W: 1, C: 1 + random.IntN(6)})
	}
	return k
}

// met reports whether deferred constraints are met if a set of tensors is read.
func met(k *liveTensors, list []deferredConstraint, read set) bool {
	return !slices.ContainsFunc(list, func(p deferredConstraint) bool { return k.bytes(p.of&read) > p.bytes })
}
