package main

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestCtrlCStopsCleanlyAndSaysHowToGoOn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send another one an interrupt here")
	}
	dir := t.TempDir()
	file, folder := filepath.Join(dir, "repeated.yaml"), filepath.Join(dir, "run")
	if err := os.WriteFile(file, []byte(repeated), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := trellis(t, 2, "search", file, "--out", folder)
	var out strings.Builder
	cmd.Stdout = &out
	progress, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said []string
	for lines := bufio.NewScanner(progress); lines.Scan(); {
		said = append(said, lines.Text())
		if results(lines.Text()) == 1 {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // the exit code is what is asked below
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if out.Len() > 0 {
		t.Errorf("results were printed: %q", out.String())
	}
	if last := said[len(said)-1]; last != "  trellis resume "+folder {
		t.Errorf("the last line is %q; it should say how to resume", last)
	}
	for _, name := range []string{journalFile + "-wal", journalFile + "-lock"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			t.Errorf("%s was left behind", name)
		}
	}
	resumed, err := trellis(t, 2, "resume", folder).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, resumed)
	}
	if !strings.Contains(string(resumed), "the journal holds ") {
		t.Errorf("resume does not say what the journal holds:\n%s", resumed)
	}
}
