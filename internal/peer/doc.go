// Package peer holds the networks on which the native engine is compared with PyTorch, and measures both sides.
//
// A network is here because it stands for a kind of work: nb201-cell and plain-cnn for dense convolutions, nb201-mixed for
// cells of mixed operations, mbv2-tiny and mbv2-28 for depthwise convolutions bound by memory, transformer for attention and
// many small products, darts for the many small branches of a supernet, lstm-ctrl for a recurrent controller that samples. Each is
// built from the same description as the other side's script, to the last bias, so that a step does the same arithmetic.
package peer
