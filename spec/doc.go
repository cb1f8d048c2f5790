// Package spec reads study files and builds the study they describe. It is the one place where names become
// constructors: "evolution" a strategy, "mobile" a space, "sgd" an optimiser.
//
// The way through it: Open (or Parse) reads the text, strictly, into a File with every default filled in; File.Plan opens
// the data, compiles the space within its limits and checks everything that can be checked before any work begins. A
// mistake is an error of one sentence with file, line and column; nothing was started or written by then.
//
// The format is described in docs/formats/study-file.md, and its examples are tests of this package.
package spec
