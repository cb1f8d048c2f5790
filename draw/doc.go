// Package draw makes pictures: of a network as a graph, and of a search as charts. Every picture comes as SVG and as
// PNG, and the same input gives the same bytes.
//
// Graphs are laid out by Graphviz, which runs as WebAssembly inside the process; charts are drawn by gonum/plot. Both
// set text in Liberation Sans, which is part of the program, so pictures do not depend on the fonts of a machine.
package draw
