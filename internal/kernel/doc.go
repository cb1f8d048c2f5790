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
// order that its function documents, with fused multiply-add, one rounding each; padding takes part as zeros.
// Gradients of weights are summed in chunks of images, sums over rows in chunks of rows; the cut depends on the shape
// alone, and the chunks are added in their order (in float64 for the latter). A sum along a row (layer norm, softmax) has
// sixteen lanes, as rowSet says. No library function whose result
// differs between machines, such as math.Exp, takes part.
// The portable Go loops emulate the fused multiply-add exactly and are the specification of the assembly.
//
// # Assembly
//
// The generator in the folder asm writes the .s files and stubs_amd64.go: go generate writes them anew, and
// go run ./internal/kernel/asm -check -dir internal/kernel fails if they are not what it would write. A matrix product,
// a convolution and both its gradients are sweeps of two register blocks, tileNN (scalars of a times rows of b) and
// tileTN (outer products); a convolution gives tileNN a list of taps instead of an im2col matrix. Depthwise
// convolutions and average pooling are sweeps of tileDW and tileDG. Attention is tiles of a head's scores with row
// kernels between them, layer norm and softmax are row kernels. Everything else walks dense rows.
//
// While the blocks of a convolution compute they ask for the memory of its next band, as the type ahead says.
//
// A convolution reads through a source, so that the batch norm before it (or on the way back the one after it) is
// applied to the rows it copies to near memory; ConvNorm runs it together with both its batch norms.
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
