// Package lattice compiles a space for dynamic programming, and answers questions about all of its architectures at once.
//
// A [Lattice] is a directed graph without cycles. Its items are places of a derivation, (what is left to derive, values of the variables
// that it still reads, shape that comes in), and equal ones are one. A [Step] takes an option of a decision and leads to the next item,
// and bears a cost. Every architecture is exactly one path from the root to the end, and every path an architecture.
//
// [Fold] is the one algorithm: it sums over all paths the product of the weights of their steps, in whatever [Semiring] it is given. So
// it counts, finds the cheapest, says whether there is any. [Lattice.Within] restricts the lattice to the architectures within limits:
// a [CountedRegion], which counts them, draws them uniformly without rejection, and numbers them. [Lattice.Feasible] returns the same
// architectures uncounted, a [FeasibleSet], where only the best, the cheapest or a front is wanted. Everything is exact, or
// a [*TooLargeError] says how much it would need.
//
// The files are in groups: compile_ makes a lattice of a space; context_ lets its items store what scores depend on; count_ is the dynamic
// program under limits with its questions; front_ and best_ are those that need no counts; distribution_ is about Gibbs distributions over
// a region, their marginals and gradients; memory_ is about peak memory; metric_, limit_ and score_ hold what the names say.
//
// docs/lattice.md explains the idea with a picture.
package lattice
