//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// promoting is a study whose scheduler promotes trials: from one epoch to three, and from three to nine.
const promoting = `trellis: 1
name: promoting
seed: 3
data: {kind: glyphs, classes: digits, size: 16, train: 320, validation: 64, test: 32, seed: 5}
space:
  use: mobile
  stem: 4
  stages:
    - {width: [4, 8], depth: [1, 2]}
    - {width: [8, 12], depth: 1, stride: 2}
  kernel: [3, 5]
  expand: [1, 2]
strategy: {name: evolution, population: 5, sample: 3}
fidelity: {scheduler: asha, min: 1, eta: 3, stop: median}
evaluation: {epochs: 9, batch: 16}
budget: {trials: 24}
parallel: 2
finalists: {count: 1, epochs: 9}
`

// external is a study whose trials a program evaluates.
func external(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("there is no python3 on this machine, which the example of an external program needs")
	}
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`trellis: 1
name: external
seed: 3
space: {file: %s}
objectives: [{maximise: accuracy}, {minimise: params}]
strategy: {name: evolution, population: 4, sample: 2}
fidelity: {scheduler: hyperband, eta: 3}
evaluation: {kind: process, command: [python3, %s], epochs: 9, settings: {learning_rate: 0.1, noise: 0.15}}
budget: {trials: 14}
parallel: 2
finalists: {count: 1}
`, filepath.Join(examples, "spaces", "perceptron.yaml"), filepath.Join(examples, "process", "evaluator.py"))
}

// whole runs a study to its end without interruption and returns what it shows.
func whole(t *testing.T, dir, text string) (file, shown string) {
	t.Helper()
	file = filepath.Join(dir, "study.yaml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "whole")
	if out, err := trellis(t, 2, "search", file, "--out", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file, shownBy(t, folder)
}

// awaitProposal follows the journal of a study that is running in a folder until the n-th proposal that matches stands in it.
func awaitProposal(t *testing.T, folder string, n int, matches func(store.TrialProposed) bool) trial.ID {
	t.Helper()
	var j store.Journal
	for j == nil {
		var err error
		if j, err = store.Open(t.Context(), filepath.Join(folder, store.FileName), store.Read); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	defer j.Close()
	for e, err := range store.Follow(t.Context(), j, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if p, ok := e.Body.(store.TrialProposed); ok && matches(p) {
			if n--; n == 0 {
				return p.Trial.ID
			}
		}
	}
	t.Fatal("the study ended before that")
	return 0
}

func TestAStudyKilledInTheMiddleOfPromotedTrialsEndsAsOneThatWasNot(t *testing.T) {
	dir := t.TempDir()
	file, want := whole(t, dir, promoting)
	if !strings.Contains(want, `"from": `) {
		t.Fatalf("nothing was promoted:\n%s", want)
	}
	folder := filepath.Join(dir, "killed")
	args := []string{"search", file, "--out", folder}
	for n := 1; n <= 3; n++ {
		cmd := trellis(t, 2, args...)
		args = []string{"resume", folder}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		id := awaitProposal(t, folder, n, func(p store.TrialProposed) bool { return p.Trial.From != nil })
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed
		t.Logf("killed when trial %d, a promotion, was proposed", id)
	}
	if out, err := trellis(t, 2, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	differ(t, "killed in three promotions", shownBy(t, folder), want)
}

func TestAStudyWhoseProgramOrSelfIsKilledEndsAsOneThatWasNot(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the children of a process are found in the files of Linux")
	}
	dir := t.TempDir()
	file, want := whole(t, dir, external(t))

	folder := filepath.Join(dir, "programs")
	cmd := trellis(t, 2, "search", file, "--out", folder)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for n := 4; n <= 10; n += 3 {
		awaitProposal(t, folder, n, func(store.TrialProposed) bool { return true })
		for _, child := range childrenOf(t, cmd.Process.Pid) {
			_ = syscall.Kill(child, syscall.SIGKILL) // it may have ended by itself
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	differ(t, "with its programs killed three times", shownBy(t, folder), want)

	folder = filepath.Join(dir, "self")
	cmd = trellis(t, 2, "search", file, "--out", folder)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	awaitProposal(t, folder, 6, func(store.TrialProposed) bool { return true })
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	if out, err := trellis(t, 2, "resume", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	differ(t, "itself killed", shownBy(t, folder), want)
}

// childrenOf returns the processes whose parent is the given one.
func childrenOf(t *testing.T, parent int) (children []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
			children = append(children, pid)
		}
	}
	return children
}
