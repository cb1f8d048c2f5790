package lattice

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestProductsInLimbsAreThoseOfBigNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limbs := rapid.SliceOfN(rapid.Uint64(), 1, 3)
		a, b := limbs.Draw(t, "a"), limbs.Draw(t, "b")
		sum := append(limbs.Draw(t, "sum"), make([]uint64, 6)...)
		want := new(big.Int).Mul(toBig(a), toBig(b))
		want.Add(want, toBig(sum))
		addProduct(sum, a, b)
		if got := toBig(sum); got.Cmp(want) != 0 {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
