package process

import (
	"fmt"

	"github.com/trellis-nas/trellis/trial"
)

// crash is the error of a program that died or hung while it had a trial. A trial that crashes its program in every attempt has failed.
type crash struct {
	who  string // the program and the trial
	what string // "was killed by SIGKILL"
	tail string // the last lines that it wrote to its standard error; they may differ from run to run
}

func (c *crash) Error() string { return c.sentence() + c.tail }

// sentence is the part of the error that the same crash has in every run.
func (c *crash) sentence() string { return c.who + " " + c.what }

// broken returns the error of a program that is at fault itself.
func broken(worker, format string, args ...any) error {
	return &trial.BrokenError{Worker: worker, Err: fmt.Errorf(format, args...)}
}

// unrepeatable returns an error that another attempt would meet again. It is one sentence: the hint of [trial.ErrUnrepeatable] would add
// nothing to it.
func unrepeatable(format string, args ...any) error {
	return &hopeless{fmt.Sprintf(format, args...)}
}

type hopeless struct{ sentence string }

func (h *hopeless) Error() string { return h.sentence }

func (h *hopeless) Unwrap() error { return trial.ErrUnrepeatable }
