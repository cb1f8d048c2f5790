// Package trellis finds neural network architectures: the front door of the library.
//
// A [Study] says what to search: a space of networks, limits on their cost, objectives, and an evaluator that says how good a network is, which
// may be a function. [Study.Run] returns a [History]: every trial, the trade-off front, the best network. The same study gives the same history whatever the
// number of workers; one whose journal is a file can be killed at any moment, and running it again goes on from there.
//
// A strategy of one's own is a type with Ask and Tell, see [Strategy]; built on [NewBasis] it is Ask alone. A study may have several stages: cheap
// evaluations of many networks, then faithful ones of the best.
//
// Three kinds of mishap are told apart. A trial that fails is a result with a reason, and the search goes on. A broken machine, a panic among
// them, is an error of Run: what was done is kept, and running the study again goes on with that trial. A mistake in the study itself is an
// error of Run before anything is evaluated.
//
// Study files (package spec) make the same value; the command trellis stands on both.
package trellis
