//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// separate gives the program a process group of its own, so that its children can be killed with it, and Ctrl-C at a terminal reaches
// Trellis alone, which then ends the program.
func separate(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup kills the program and what it started.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// signalOf returns the name of the signal that ended a program, and whether one did.
func signalOf(s *os.ProcessState) (string, bool) {
	status, ok := s.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return "", false
	}
	if name := unix.SignalName(status.Signal()); name != "" {
		return name, true
	}
	return status.Signal().String(), true
}
