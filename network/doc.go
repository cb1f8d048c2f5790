// Package network describes a neural network as a graph of typed operators.
//
// A [Graph] holds nodes in topological order, each one operator of a closed catalogue ([Op]) with its inputs and its
// inferred output [Shape]. A [Builder] makes it and keeps the first mistake. What a network costs (params, MACs, peak
// activation memory) is a fold over the graph. Whatever consumes a network, be it an engine, an exporter or a
// drawing, is a lowering of this one graph.
//
// Shapes are those of one sample, channels last; the batch is nobody's business here. Graphs and operators are values
// that never change once built, so they may be read from many goroutines.
package network
