// Package kernel holds the float32 loops that training small convolutional networks spends its time in: slices in,
// slices out, channels last.
//
// # Layouts
//
// Images are NHWC; "rows" means N·H·W pixels of C contiguous channels. Convolution weights are
// [kh][kw][cin/groups][cout], depthwise weights [kh][kw][c], dense weights [in][out].
//
// # Gradients
//
// Gradients of data (dx, dgate, …) overwrite their destination; gradients of parameters (dw, dbias, dgamma, dbeta)
// are added to it.
//
// # Bits
//
// A result depends neither on the number of threads nor on the instruction set. Each output of a matrix product or
// convolution starts at zero (or at the old value when accumulating) and takes its products one after another in the
// order of the reduction index (kh, kw, cin) with fused multiply-add, one rounding each; padding takes part as
// zeros. Reductions over rows are cut into chunks whose size depends on the shape alone, and chunk sums are added in
// chunk order. Sums over whole vectors use sixteen lanes (lane i takes elements i, i+16, …) folded 8, 4, 2, 1.
// The portable Go loops emulate the fused multiply-add exactly and are the specification of the assembly.
//
// # Choice of loops
//
// AVX-512, AVX2 with FMA, or portable Go, whichever is best on the machine; the environment variable
// TRELLIS_KERNEL=avx512|avx2|go overrides the choice, and a value that is unknown or that the machine cannot run
// panics at start with a sentence that says so. The build tag noasm leaves only portable Go.
//
// # Mistakes
//
// Slices that are too short for the shape are programmer errors and panic; shapes are checked when a graph is built.
package kernel
