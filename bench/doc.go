// Package bench measures strategies on published tables: every architecture of a benchmark was trained by somebody, so a search
// takes microseconds and can be repeated with a hundred seeds.
//
// A Table is read from a small description and the CSV file it names (docs/formats/table-file.md). It gives the region to
// search in and an evaluator that answers from its rows. Play runs one strategy with one seed; Compare runs many with many seeds
// and sums up what they found, in the same way as the published comparisons: see Standing.
package bench
