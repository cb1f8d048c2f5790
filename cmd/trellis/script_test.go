package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/space"
)

// TestMain lets this test binary stand in for the command: the scripts find it as `trellis`.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"trellis": main, "program": program})
}

// TestTheCommandKeepsToItsScripts runs testdata/script/*.txtar. Beside the usual words of testscript they know:
//
//	wrong MESSAGE ARGS…  trellis ARGS must print `trellis: MESSAGE` alone, with exit code 2, and leave no file behind
//	hint TEXT            and the last `wrong` must have given this advice below it
//	json PATH WANT       the JSON that was printed last has WANT at PATH, such as summary.front.0.trial; `length` counts elements
//	bytes FILE HEX…      writes a file; 00*48 stands for 48 zero bytes
//	picture FILE…        each file is what its ending says, .png or .svg
//	killed N FILE DIR    searches, is killed N times in the middle of a promoted trial, each time resumed, and ends the study
//	resumed N FILE DIR   searches with a program that kills the command, and resumes it to the end, at least N times
//	journals DIR DIR…    the journals have the same rows, but for times and who did the work
func TestTheCommandKeepsToItsScripts(t *testing.T) {
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLES", examples)
			// The second half of the advice where a built-in space is unknown: " (of chain, …)".
			env.Setenv("OF_SPACES", strings.TrimPrefix(nearest.Advice("nb201", space.BuiltIns()), `the nearest is "nb201"`))
			// The drawing library keeps a compiled copy of itself in the folder for temporary files; one for all scripts will do.
			for _, name := range []string{"TMPDIR", "TEMP", "TMP"} {
				env.Setenv(name, os.TempDir())
			}
			env.Setenv("SYSTEM", runtime.GOOS+"/"+runtime.GOARCH)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"wrong": wrongCommand, "hint": hintCommand, "json": jsonCommand, "bytes": bytesCommand, "picture": pictureCommand,
			"killed": killedCommand, "resumed": resumedCommand, "journals": journalsCommand,
		},
	})
}

// waited are the lines of a command that took long, on a machine that had other things to do.
var waited = regexp.MustCompile(`(?m)^[a-z ]+ … [0-9ms]+\n`)

func wrongCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: wrong MESSAGE ARGS…")
	}
	before := listing(ts)
	err := ts.Exec("trellis", args[1:]...)
	var exit *exec.ExitError
	switch {
	case err == nil:
		ts.Fatalf("trellis accepts it")
	case !errors.As(err, &exit):
		ts.Fatalf("trellis cannot be run: %v", err)
	case exit.ExitCode() != terminal.Mistaken:
		ts.Fatalf("exit code %d, want %d", exit.ExitCode(), terminal.Mistaken)
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("standard output holds %q, want nothing", out)
	}
	message, hint, _ := strings.Cut(strings.TrimSuffix(waited.ReplaceAllString(ts.ReadFile("stderr"), ""), "\n"), "\n")
	if want := "trellis: " + args[0]; message != want {
		ts.Fatalf("\n got %s\nwant %s", message, want)
	}
	for line := range strings.Lines(hint) {
		if !strings.HasPrefix(line, "  ") {
			ts.Fatalf("the error goes on after its line: %q", hint)
		}
	}
	if after := listing(ts); after != before {
		ts.Fatalf("files were written: before\n%safter\n%s", before, after)
	}
}

func hintCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hint TEXT")
	}
	_, hint, _ := strings.Cut(strings.TrimSuffix(ts.ReadFile("stderr"), "\n"), "\n")
	if hint = strings.TrimSpace(hint); hint != args[0] {
		ts.Fatalf("the hint is %q, want %q", hint, args[0])
	}
}

// listing lists everything below the script's folder.
func listing(ts *testscript.TestScript) string {
	var b strings.Builder
	root := ts.Getenv("WORK")
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		b.WriteString(path)
		if !d.IsDir() {
			b.WriteString(" " + strconv.FormatInt(info.Size(), 10))
		}
		b.WriteByte('\n')
		return nil
	}))
	return b.String()
}

func jsonCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: json PATH WANT")
	}
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	d.UseNumber()
	var at any
	ts.Check(d.Decode(&at))
	if d.More() {
		ts.Fatalf("more than one JSON value was printed")
	}
	for _, step := range strings.Split(args[0], ".") {
		switch v := at.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				ts.Fatalf("%s: there is no key %q", args[0], step)
			}
			at = next
		case []any:
			if step == "length" {
				at = len(v)
				continue
			}
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				ts.Fatalf("%s: there is no element %s of %d", args[0], step, len(v))
			}
			at = v[i]
		default:
			ts.Fatalf("%s: %q leads into a scalar", args[0], step)
		}
	}
	got, isText := at.(string)
	if !isText {
		b, err := json.Marshal(at)
		ts.Check(err)
		got = string(b)
	}
	if got != args[1] {
		ts.Fatalf("%s is %s, want %s", args[0], got, args[1])
	}
}

func bytesCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: bytes FILE HEX…")
	}
	var content []byte
	for _, word := range args[1:] {
		digits, times, repeated := strings.Cut(word, "*")
		n := 1
		if repeated {
			var err error
			n, err = strconv.Atoi(times)
			ts.Check(err)
		}
		b, err := hex.DecodeString(digits)
		ts.Check(err)
		content = append(content, bytes.Repeat(b, n)...)
	}
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.WriteFile(path, content, 0o644))
}

func pictureCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: picture FILE…")
	}
	for _, name := range args {
		content := ts.ReadFile(name)
		ok := strings.HasPrefix(content, "\x89PNG\r\n\x1a\n")
		if filepath.Ext(name) == ".svg" {
			ok = xml.Unmarshal([]byte(content), &struct {
				XMLName xml.Name `xml:"svg"`
			}{}) == nil
		}
		if !ok {
			ts.Fatalf("%s is not what its name says", name)
		}
	}
}
