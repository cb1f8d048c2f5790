// Package lattice compiles a space for dynamic programming, and answers questions about all of its architectures at once.
//
// A [Lattice] is a directed graph without cycles. Its items are places of a derivation, (what is left to derive, values of the variables
// that it still reads, shape that comes in), and equal ones are one. A [Step] takes an option of a decision and leads to the next item,
// and bears a cost. Every architecture is exactly one path from the root to the end, and every path an architecture.
//
// [Fold] is the one algorithm: it sums over all paths the product of the weights of their steps, in whatever [Semiring] it is given. So
// it counts, finds the cheapest, says whether there is any. [Lattice.Within] restricts the lattice to the architectures within budgets:
// a [Region], which counts them, draws them uniformly without rejection, and numbers them. Everything is exact, or a [*TooLargeError]
// says how much it would need.
//
// docs/lattice.md explains the idea with a picture.
package lattice
