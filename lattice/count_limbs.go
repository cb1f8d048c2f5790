package lattice

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
)

// Counts are kept as fixed numbers of 64-bit limbs, least significant first, laid end to end: one limb where all counts of a
// table fit, else as many as the count of the whole space needs. No count is larger than that.

// addTo adds b to a, and returns false if a does not hold the sum.
func addTo(a, b []uint64) bool {
	if len(a) == 1 {
		a[0] += b[0]
		return a[0] >= b[0]
	}
	var carry uint64
	for i := range a {
		a[i], carry = bits.Add64(a[i], b[i], carry)
	}
	return carry == 0
}

// addProduct adds the product of a and b to sum, which holds it.
func addProduct(sum, a, b []uint64) {
	for i, x := range a {
		var carry, more uint64
		for k := i; k < len(sum) && (k-i < len(b) || carry > 0); k++ {
			var high, low uint64
			if k-i < len(b) {
				high, low = bits.Mul64(x, b[k-i])
			}
			low, more = bits.Add64(low, carry, 0)
			high += more
			sum[k], more = bits.Add64(sum[k], low, 0)
			carry = high + more
		}
	}
}

// takeFrom subtracts b from a if a ≥ b, and otherwise leaves a and returns false.
func takeFrom(a, b []uint64) bool {
	if less(a, b) {
		return false
	}
	var borrow uint64
	for i := range a {
		a[i], borrow = bits.Sub64(a[i], b[i], borrow)
	}
	return true
}

func less(a, b []uint64) bool {
	for i := len(a) - 1; i >= 0; i-- {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

func isZero(a []uint64) bool {
	for _, x := range a {
		if x != 0 {
			return false
		}
	}
	return true
}

func toBig(a []uint64) *big.Int {
	out, limb := new(big.Int), new(big.Int)
	for i := len(a) - 1; i >= 0; i-- {
		out.Lsh(out, 64).Or(out, limb.SetUint64(a[i]))
	}
	return out
}

// fromBig fills a with a number that fits.
func fromBig(a []uint64, n *big.Int) {
	rest, limb, mask := new(big.Int).Set(n), new(big.Int), new(big.Int).SetUint64(^uint64(0))
	for i := range a {
		a[i] = limb.And(rest, mask).Uint64()
		rest.Rsh(rest, 64)
	}
}

// drawBelow fills a with a uniform number less than n, which must not be zero. It draws again while the number of n's length is too
// large, less than twice on average.
func drawBelow(a, n []uint64, r *rand.Rand) {
	if len(n) == 1 {
		a[0] = r.Uint64N(n[0])
		return
	}
	top := len(n) - 1
	for n[top] == 0 {
		top--
	}
	clear(a)
	mask := ^uint64(0) >> bits.LeadingZeros64(n[top])
	for {
		for i := range top {
			a[i] = r.Uint64()
		}
		a[top] = r.Uint64() & mask
		if less(a, n) {
			return
		}
	}
}
