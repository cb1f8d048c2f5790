// Package strategy is the catalogue of search strategies: their names, what they are, their settings, and how each is made. Study files, the command line,
// benchmarks and programs know strategies by it.
package strategy
