package lattice

import (
	"math"
	"math/big"
)

// Semiring says what a [Fold] computes. Plus is associative and commutative with the neutral element Zero; Times is associative with
// One, distributes over Plus, and gives Zero with Zero. Neither may change its arguments.
type Semiring[W any] interface {
	Zero() W
	One() W
	Plus(a, b W) W
	Times(a, b W) W
}

// CountSemiring adds and multiplies integers of any size. With the weight 1 for every step a fold counts the architectures.
type CountSemiring struct{}

// Zero returns 0.
func (CountSemiring) Zero() *big.Int { return new(big.Int) }

// One returns 1.
func (CountSemiring) One() *big.Int { return big.NewInt(1) }

// Plus returns a + b.
func (CountSemiring) Plus(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }

// Times returns a · b.
func (CountSemiring) Times(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }

// MinPlus is the tropical semiring: a fold gives the least sum of weights over all architectures, +Inf for none.
type MinPlus struct{}

// Zero returns +Inf.
func (MinPlus) Zero() float64 { return math.Inf(1) }

// One returns 0.
func (MinPlus) One() float64 { return 0 }

// Plus returns the smaller.
func (MinPlus) Plus(a, b float64) float64 { return min(a, b) }

// Times returns the sum. Weights must not be −Inf.
func (MinPlus) Times(a, b float64) float64 { return a + b }

// MaxPlus gives the greatest sum of weights over all architectures, −Inf for none.
type MaxPlus struct{}

// Zero returns −Inf.
func (MaxPlus) Zero() float64 { return math.Inf(-1) }

// One returns 0.
func (MaxPlus) One() float64 { return 0 }

// Plus returns the larger.
func (MaxPlus) Plus(a, b float64) float64 { return max(a, b) }

// Times returns the sum. Weights must not be +Inf.
func (MaxPlus) Times(a, b float64) float64 { return a + b }

// Bottleneck gives the least that the greatest weight of a step can be over all architectures, +Inf for none. A step without weight has −Inf.
type Bottleneck struct{}

// Zero returns +Inf.
func (Bottleneck) Zero() float64 { return math.Inf(1) }

// One returns −Inf.
func (Bottleneck) One() float64 { return math.Inf(-1) }

// Plus returns the smaller.
func (Bottleneck) Plus(a, b float64) float64 { return min(a, b) }

// Times returns the larger.
func (Bottleneck) Times(a, b float64) float64 { return max(a, b) }

// Boolean says whether there is an architecture all of whose steps have the weight true.
type Boolean struct{}

// Zero returns false.
func (Boolean) Zero() bool { return false }

// One returns true.
func (Boolean) One() bool { return true }

// Plus returns a ∨ b.
func (Boolean) Plus(a, b bool) bool { return a || b }

// Times returns a ∧ b.
func (Boolean) Times(a, b bool) bool { return a && b }
