// Package model makes the trainable network of a graph: it joins the search tower, which knows networks as graphs, to
// the engine tower, which knows tensors.
//
// Building has two parts. Analysis turns the graph into a short list of instructions, once: identities and repeated
// parameterless operators vanish, sums of zeros too, and a batch norm swallows the sum and the activation behind it.
// Recording writes the instructions to an autograd tape for one mode and one batch size; the compiled programs are
// kept and share one memory.
package model
