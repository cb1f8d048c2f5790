package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// repeated is the study that is run again and again. It has 16 search trials and 3 trainings of finalists and baselines.
const repeated = `trellis: 1
name: repeated
seed: 11
data: {kind: glyphs, classes: digits, size: 16, train: 160, validation: 40, test: 40, seed: 5}
space:
  use: mobile
  stem: 4
  stages:
    - {width: [4, 8], depth: [1, 2]}
    - {width: [8, 12], depth: 1, stride: 2}
  kernel: [3, 5]
  expand: [1, 2]
constraints: {params: 4k, memory: 200k}
strategy: {name: evolution, population: 5, sample: 3}
evaluation: {epochs: 1, batch: 32, augment: [crop: 2], clip_norm: 5, label_smoothing: 0.1}
budget: {trials: 16}
parallel: 2
finalists: {count: 2, epochs: 2}
baselines: [lenet5]
`

const (
	searched  = 16
	finalised = 3
)

// trellis is the command, as the scripts find it: this test binary.
func trellis(t *testing.T, processors int, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline) // a command that hangs is a failure and no endless test
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "trellis", args...)
	cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", processors))
	return cmd
}

// start starts a command and returns the lines of its standard error.
func start(t *testing.T, cmd *exec.Cmd) *bufio.Scanner {
	t.Helper()
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return bufio.NewScanner(said)
}

// shownBy returns what `trellis show FOLDER --json` prints.
func shownBy(t *testing.T, folder string) string {
	t.Helper()
	out, err := trellis(t, 1, "show", folder, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestAStudyHasOneJournalHoweverItIsRun(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "repeated.yaml")
	if err := os.WriteFile(file, []byte(repeated), 0o644); err != nil {
		t.Fatal(err)
	}
	var want string
	for i, run := range []struct {
		processors int
		flags      []string
	}{
		{1, []string{"--workers", "1"}},
		{2, []string{"--workers", "1", "--threads", "2"}},
		{1, []string{"--workers", "2"}},
		{2, []string{"--workers", "2"}},
	} {
		folder := filepath.Join(dir, fmt.Sprintf("run%d", i))
		if out, err := trellis(t, run.processors, append([]string{"search", file, "--out", folder}, run.flags...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		got := shownBy(t, folder)
		if i == 0 {
			want = got
			if n := strings.Count(got, `"id": `); n != searched+finalised {
				t.Fatalf("the study has %d trials, want %d", n, searched+finalised)
			}
		}
		differ(t, fmt.Sprintf("with GOMAXPROCS=%d %v", run.processors, run.flags), got, want)
	}
	t.Run("killed at five random moments", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("SIGKILL is a signal of Unix")
		}
		folder := filepath.Join(dir, "killed")
		killed(t, file, folder)
		differ(t, "killed five times", shownBy(t, folder), want)
	})
}

// killed begins a study, kills it at five random points of its way, each time goes on, and leaves it complete. A point is
// a number of results, at which the process is killed within the next few milliseconds.
func killed(t *testing.T, file, folder string) {
	t.Helper()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	points := random.Perm(searched + finalised + 1)[:5]
	slices.Sort(points)
	t.Logf("seed %d: killed after %v results", seed, points)
	at := 0
	args := []string{"search", file, "--out", folder}
	for _, point := range points {
		cmd := trellis(t, 2, append(args, "--workers", fmt.Sprint(1+random.IntN(2)))...)
		args = []string{"resume", folder}
		lines := start(t, cmd)
		var said strings.Builder
		for lines.Scan() {
			fmt.Fprintln(&said, lines.Text())
			at = max(at, results(lines.Text()))
			if at >= point {
				// Not a wait for anything: it lets the blow fall between two lines.
				<-time.After(time.Duration(random.Int64N(int64(5 * time.Millisecond))))
				break
			}
		}
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		for lines.Scan() {
			fmt.Fprintln(&said, lines.Text())
		}
		err := cmd.Wait()
		if cmd.ProcessState.Exited() {
			// The last point may be behind the end of the study.
			if err != nil || point < searched+finalised {
				t.Fatalf("it ended by itself before %d results: %v\n%s", point, err, said.String())
			}
		}
	}
	if out, err := trellis(t, 2, "resume", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// results tells from a line of progress how many results of the whole study there are.
func results(line string) int {
	var done, all int
	if _, err := fmt.Sscanf(line, "[%d/%d]", &done, &all); err != nil {
		return 0
	}
	if all != searched {
		done += searched
	}
	return done
}

func differ(t *testing.T, how, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Errorf("%s: line %d is\n%s\nwant\n%s", how, i+1, g[i], w[i])
			return
		}
	}
	t.Errorf("%s: %d lines, want %d", how, len(g), len(w))
}
