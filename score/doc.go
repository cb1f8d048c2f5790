// Package score reads score files and cost files: what the options of a space score, for strategies and questions about the best, and
// what they cost in milliseconds or other units that no network says of itself.
//
// A score file becomes a [lattice.Score], see [Open]; a cost file, or a table of what operators cost on a device, becomes a
// [lattice.CostModel], see [OpenCosts]. Both are read for the space of a lattice, so that a decision or an option that the space does not
// have is a mistake with its place in the file. docs/formats describes both.
package score
