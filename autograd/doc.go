// Package autograd records a computation once, with the gradient beside each operation, and runs it many times.
//
// A Tape is written by calling its operations on Vars. Nothing is computed while recording. Compile then knows the
// whole life of every value: which the backward pass still reads, where gradients meet and must be added, which
// gradients are the same numbers as another's and need no copy. It plans the memory of one step, and the Program it
// returns computes Forward and Backward without allocating. A program is bound to its batch size.
//
// Each operation lives in the file named after it and reads in one sitting: shape, forward, what backward keeps,
// backward. Shapes are checked while recording and a mistake panics: graphs are checked before they come here, so it
// is a mistake of the program, never of its user. The tests compare every operation with finite differences.
//
// Threads never change a result: kernels accumulate in one fixed order.
package autograd
