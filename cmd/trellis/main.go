// Command trellis finds neural network architectures. Each subcommand has a file of its own; this package only wires
// the library's packages together and speaks with the person at the terminal.
//
// What goes where: results go to standard output, progress and errors to standard error. Errors are one line, begin with
// "trellis:" and are followed by a hint where there is one. Exit codes: 0 done; 1 the machine failed; 2 the input is wrong;
// 130 stopped by Ctrl-C, to be resumed.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(Main()) }

// Main runs the command with the process's own arguments and returns its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal asks for a clean end; from then on a second one kills as usual.
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}
