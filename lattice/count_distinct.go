package lattice

import (
	"context"
	"crypto/sha256"
	"math/big"
)

// maxDistinct bounds the architectures whose networks are compared: each is built.
const maxDistinct = 1 << 20

// Distinct returns how many different networks the architectures of the region are, by [network.Graph.Canonical]: two that differ only in
// what the output does not depend on, in identities, or in the order of sums are one. It builds every network, some tenths of a
// millisecond each, and is a [*TooLargeError] for more than a million. It ends with the context.
func (r *CountedRegion) Distinct(ctx context.Context) (int, error) {
	count := r.Count()
	if count.Cmp(big.NewInt(maxDistinct)) > 0 {
		need := int64(1) << 62
		if count.IsInt64() {
			need = count.Int64()
		}
		return 0, &TooLargeError{Space: r.Space().Name(), What: "networks to be built", Need: need, More: !count.IsInt64(), Bound: maxDistinct}
	}
	seen := map[[sha256.Size]byte]bool{}
	for rank := range count.Int64() {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		a, err := r.Unrank(big.NewInt(rank))
		if err != nil {
			return 0, err
		}
		g, err := r.Space().Network(a)
		if err != nil {
			return 0, err
		}
		seen[sha256.Sum256([]byte(g.Canonical()))] = true
	}
	return len(seen), nil
}
