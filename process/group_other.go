//go:build !unix

package process

import (
	"os"
	"os/exec"
)

// separate does nothing where there are no process groups.
func separate(*exec.Cmd) {}

// killGroup kills the program. What it started ends when its pipes do.
func killGroup(p *os.Process) { _ = p.Kill() }

// signalOf reports that programs end without signals.
func signalOf(*os.ProcessState) (string, bool) { return "", false }
