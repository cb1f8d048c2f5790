// Package process evaluates trials by a program of any language, which speaks JSON lines on its standard input and output.
//
// The protocol is docs/formats/process.md. An [Evaluator] starts the program as often as trials run at a time, gives it one trial after
// another, watches that it lives, stops trials by their rules, and starts it again when it died. [Serve] is the other
// side for programs in Go.
//
// What goes wrong is one sentence that names the command and the trial. A trial that went wrong by itself is a failed result; a program that does
// not keep to the protocol is a *trial.BrokenError; one that cannot be started at all, or for this study, wraps trial.ErrUnrepeatable.
package process
