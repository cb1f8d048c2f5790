package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/store"
)

func TestCtrlCEndsALongAnswer(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send another one an interrupt here")
	}
	cmd := trellis(t, 1, "space", "histogram", "mobile", "--cost", "params", "--bins", "1000", "--max", "macs=10M", "--unit", "params=1k")
	var out strings.Builder
	cmd.Stdout = &out
	lines := start(t, cmd)
	if !lines.Scan() { // the note about units, before the long work
		t.Fatal("nothing was said")
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	last := ""
	for lines.Scan() {
		last = lines.Text()
	}
	_ = cmd.Wait() // the exit code is what is asked below
	if code := cmd.ProcessState.ExitCode(); code != terminal.Interrupted || last != "trellis: stopped" || out.Len() > 0 {
		t.Errorf("exit code %d, %q and %q; want %d and that it stopped", code, last, out.String(), terminal.Interrupted)
	}
}

func TestCtrlCWhileADeviceIsMeasuredKeepsWhatWasMeasured(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send another one an interrupt here")
	}
	file := filepath.Join(t.TempDir(), "here.yaml")
	cmd := trellis(t, 1, "device", "measure", "mobile", "--most", "1ms", "--out", file)
	var said []string
	for lines := start(t, cmd); lines.Scan(); {
		if said = append(said, lines.Text()); len(said) == 1 { // a tenth of the measurements is done
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // the exit code is what is asked below
	if code, last := cmd.ProcessState.ExitCode(), said[len(said)-1]; code != terminal.Interrupted || !strings.HasSuffix(last, "holds what was measured, and the same command goes on") {
		t.Errorf("exit code %d, %q", code, said)
	}
	if text, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(text), "# The operators of space mobile") {
		t.Errorf("the file holds %.60q (%v)", text, err)
	}
}

// crowded is a study whose limits take long to count.
const crowded = `trellis: 1
name: crowded
data: {kind: glyphs, classes: digits, size: 32, train: 96, validation: 32, test: 32}
space: {use: mobile}
budget: {trials: 2}
limits: {params: 100k, macs: 10M, depth: 12, count(k5): 3}
`

func TestCtrlCWhileASearchIsPlannedEndsItAndNothingIsWritten(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send another one an interrupt here")
	}
	for _, further := range [][]string{nil, {"--dry-run"}} {
		dir := t.TempDir()
		file, folder := filepath.Join(dir, "crowded.yaml"), filepath.Join(dir, "run")
		if err := os.WriteFile(file, []byte(crowded), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := trellis(t, 1, append([]string{"search", file, "--out", folder}, further...)...)
		var out strings.Builder
		cmd.Stdout = &out
		lines := start(t, cmd)
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), "planning the study … ") {
			t.Fatalf("%q was said first; want that the limits take long", lines.Text())
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		last := ""
		for lines.Scan() {
			last = lines.Text()
		}
		_ = cmd.Wait() // the exit code is what is asked below
		if code := cmd.ProcessState.ExitCode(); code != terminal.Interrupted || last != "trellis: stopped" || out.Len() > 0 {
			t.Errorf("exit code %d, %q and %q; want %d and that it stopped", code, last, out.String(), terminal.Interrupted)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%s was written", folder)
		}
	}
}

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
	var said []string
	for lines := start(t, cmd); lines.Scan(); {
		said = append(said, lines.Text())
		if results(lines.Text()) == 1 {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // the exit code is what is asked below
	if code := cmd.ProcessState.ExitCode(); code != terminal.Interrupted {
		t.Errorf("exit code %d, want %d", code, terminal.Interrupted)
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

func TestARunningStudyCanBeLookedAtButNotResumed(t *testing.T) {
	dir := t.TempDir()
	file, folder := filepath.Join(dir, "long.yaml"), filepath.Join(dir, "run")
	long := strings.Replace(repeated, "trials: 16", "trials: 1000", 1) // far more than there is time for
	if err := os.WriteFile(file, []byte(long), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := trellis(t, 1, "search", file, "--out", folder)
	lines := start(t, cmd)
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "[2/") {
	}
	go func() { // or it would stop at a full pipe
		for lines.Scan() {
		}
	}()
	shown, err := trellis(t, 1, "show", folder, "trials").CombinedOutput()
	if err != nil || !strings.Contains(string(shown), "\n1 ") {
		t.Errorf("show gives %v and\n%s", err, shown)
	}
	if out, err := trellis(t, 1, "report", folder).CombinedOutput(); err != nil {
		t.Errorf("report gives %v and\n%s", err, out)
	}
	resume := trellis(t, 1, "resume", folder)
	said, _ := resume.CombinedOutput()
	if code := resume.ProcessState.ExitCode(); code != terminal.Mistaken || !strings.Contains(string(said), "journal.db is in use by another process") {
		t.Errorf("resume ends with code %d and says\n%s", code, said)
	}
}

func TestAStudyThatWasKilledBeforeItsFirstEventIsBegunByResume(t *testing.T) {
	dir := t.TempDir()
	file, folder := filepath.Join(dir, "repeated.yaml"), filepath.Join(dir, "run")
	if err := os.WriteFile(file, []byte(repeated), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := newRunFolder(folder, "repeated", origin{StudyFile: file}); err != nil {
		t.Fatal(err)
	}
	j, err := store.CreateSQLite(t.Context(), filepath.Join(folder, journalFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	show := trellis(t, 1, "show", folder)
	said, _ := show.CombinedOutput()
	want := "trellis: the journal of " + folder + " is empty: the search was stopped before it began\n  trellis resume " + folder + " begins it\n"
	if code := show.ProcessState.ExitCode(); code != terminal.Mistaken || string(said) != want {
		t.Errorf("show ends with code %d and says\n%swant\n%s", code, said, want)
	}
	if out, err := trellis(t, 2, "resume", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n := strings.Count(shownBy(t, folder), `"id": `); n != searched+finalised {
		t.Errorf("the study has %d trials, want %d", n, searched+finalised)
	}
}
