package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// deadline bounds each run of the command in the scripts about killing, so that a study that hangs is a failure and no endless test.
const deadline = 2 * time.Minute

// killedCommand begins a study, follows its journal, and kills the command as often as is said, each time while a promoted trial of a
// scheduler is under way, which goes on from a checkpoint. It resumes it after each, and leaves it complete.
func killedCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: killed TIMES FILE FOLDER")
	}
	times, err := strconv.Atoi(args[0])
	ts.Check(err)
	file, folder := ts.MkAbs(args[1]), ts.MkAbs(args[2])
	seen := int64(0) // the last event that a killed run wrote
	line := []string{"search", file, "--out", folder, "--plain"}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	ts.Logf("seed %d", seed)
	for killed := 0; killed < times; line = []string{"resume", folder, "--plain"} {
		ended, out := launch(ts, line, func(cmd *exec.Cmd) {
			awaitPromoted(ts, folder, seen)
			// Not a wait for anything: it lets the blow fall anywhere in the training.
			<-time.After(time.Duration(random.Int64N(int64(30 * time.Millisecond))))
			_ = cmd.Process.Kill() // it may be over
		})
		if ended {
			ts.Fatalf("the study ended after it was killed %d times\n%s", killed, out)
		}
		seen = load(ts, folder).Last
		if in := underWay(ts, folder); len(in) > 0 {
			ts.Logf("killed in the middle of the promoted trials %v", in)
			killed++
		}
	}
	if ended, out := launch(ts, line, nil); !ended {
		ts.Fatalf("the study does not end\n%s", out)
	}
}

// resumedCommand begins a study whose programs kill the command, and resumes it until it is complete: as often as is said.
func resumedCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: resumed TIMES FILE FOLDER")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	line := []string{"search", ts.MkAbs(args[1]), "--out", ts.MkAbs(args[2]), "--plain"}
	for times := 0; times <= 100; times++ {
		if ended, out := launch(ts, line, nil); ended {
			if times < want {
				ts.Fatalf("the study was resumed %d times, want %d or more\n%s", times, want, out)
			}
			return
		}
		line = []string{"resume", ts.MkAbs(args[2]), "--plain"}
	}
	ts.Fatalf("the study does not end")
}

// launch runs the command and reports whether it ended by itself, without an error; otherwise it was killed. beside, if not nil, runs meanwhile.
func launch(ts *testscript.TestScript, args []string, beside func(*exec.Cmd)) (ended bool, out string) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, "trellis", args...)
	cmd.Dir = ts.Getenv("WORK")
	cmd.Env = append(os.Environ(), killing+"="+ts.Getenv(killing))
	cmd.WaitDelay = 10 * time.Second // for programs of the killed command
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	ts.Check(cmd.Start())
	if beside != nil {
		beside(cmd)
	}
	err := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		ts.Fatalf("trellis %s does not end\n%s", strings.Join(args, " "), said.String())
	case cmd.ProcessState.Exited() && err != nil:
		ts.Fatalf("trellis %s: %v\n%s", strings.Join(args, " "), err, said.String())
	}
	return err == nil, said.String()
}

// awaitPromoted waits until the journal has a promoted trial behind the event after, or the study has ended.
func awaitPromoted(ts *testscript.TestScript, folder string, after int64) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	path := filepath.Join(folder, journalFile)
	var j *store.SQLite
	for { // until the command has made the journal
		var err error
		if j, err = store.ReadSQLite(ctx, path); err == nil {
			break
		}
		if ctx.Err() != nil {
			ts.Fatalf("there is no journal: %v", err)
		}
		<-time.After(5 * time.Millisecond)
	}
	defer j.Close()
	for e, err := range store.Follow(ctx, j, 1) {
		ts.Check(err)
		if p, ok := e.Body.(store.TrialProposed); ok && p.Trial.From != nil && e.Seq > after {
			return
		}
	}
}

// underWay returns the promoted trials that a journal has no result of.
func underWay(ts *testscript.TestScript, folder string) (ids []trial.ID) {
	for _, e := range load(ts, folder).Entries {
		if e.Trial.From != nil && !e.Finished {
			ids = append(ids, e.Trial.ID)
		}
	}
	return ids
}

func load(ts *testscript.TestScript, folder string) *store.History {
	j, err := store.ReadSQLite(context.Background(), filepath.Join(folder, journalFile))
	ts.Check(err)
	defer j.Close()
	h, err := store.Load(context.Background(), j)
	ts.Check(err)
	return h
}

// journalsCommand compares the rows of journals: number, kind and content, without times and who did the work.
func journalsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: journals FOLDER FOLDER…")
	}
	want := rows(ts, args[0])
	for _, folder := range args[1:] {
		got := rows(ts, folder)
		for i := range min(len(want), len(got)) {
			if got[i] != want[i] {
				ts.Fatalf("the journals of %s and %s differ:\n%s\n%s", args[0], folder, want[i], got[i])
			}
		}
		if len(got) != len(want) {
			ts.Fatalf("the journal of %s has %d rows, that of %s %d", args[0], len(want), folder, len(got))
		}
	}
}

func rows(ts *testscript.TestScript, folder string) (lines []string) {
	j, err := store.ReadSQLite(context.Background(), filepath.Join(ts.MkAbs(folder), journalFile))
	ts.Check(err)
	defer j.Close()
	for e, err := range j.Events(context.Background(), 1) {
		ts.Check(err)
		content, err := store.Content(e.Body)
		ts.Check(err)
		lines = append(lines, fmt.Sprintf("%d %s %s", e.Seq, e.Body.Kind(), content))
	}
	return lines
}

// killing is the environment variable that has the program of the scripts kill: "program=FOLDER" itself, "trellis=FOLDER" the command that runs
// it, in the middle of every third trial and of every one that goes on from a checkpoint, once each. FOLDER keeps which are done with.
const killing = "TRELLIS_TEST_KILLING"

// program is an external program that needs no time for its trials, whose figures follow from the architecture, the seed and the amount.
func program() {
	if err := process.Serve(os.Stdin, os.Stdout, process.Program{Describe: describe, Evaluate: evaluate, Test: test}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func describe(h process.Hello) (process.Capabilities, error) {
	return process.Capabilities{
		Name: "figures", Resource: trial.Resource{Name: "epochs", Full: h.Resource.Full}, Resumes: true,
		Metrics: trial.MetricInfos{{Name: "accuracy", Direction: trial.Maximise, Show: trial.ShowPercent}},
	}, nil
}

func evaluate(ctx context.Context, a process.Assignment, progress func(process.Progress)) (process.Answer, error) {
	begun := 0
	if a.From != nil {
		text, err := os.ReadFile(a.From.Path)
		if err != nil {
			return process.Answer{}, err
		}
		if begun, err = strconv.Atoi(string(text)); err != nil {
			return process.Answer{}, err
		}
	}
	for amount := begun + 1; amount <= a.Fidelity.Amount; amount++ {
		if err := ctx.Err(); err != nil {
			return process.Answer{}, err
		}
		progress(process.Progress{Amount: amount, Metrics: figures(a, amount)})
		if a.From != nil || a.Trial%3 == 2 {
			if err := kill(a.Trial); err != nil {
				return process.Answer{}, err
			}
		}
	}
	answer := process.Answer{Metrics: figures(a, a.Fidelity.Amount), Spent: process.Spent{Amount: a.Fidelity.Amount - begun}}
	for kind, wanted := range map[string]bool{trial.WeightsKind: a.Keep, trial.CheckpointKind: a.Checkpoint} {
		if !wanted {
			continue
		}
		if err := os.WriteFile(filepath.Join(a.Folder, kind), []byte(strconv.Itoa(a.Fidelity.Amount)), 0o644); err != nil {
			return process.Answer{}, err
		}
		answer.Artifacts = append(answer.Artifacts, process.Artifact{Name: kind, Kind: kind, Path: kind})
	}
	return answer, nil
}

func test(_ context.Context, r process.TestRequest) (process.TestAnswer, error) {
	return process.TestAnswer{Metrics: figures(r.Assignment, 0), Detail: json.RawMessage(`{"samples": 100}`)}, nil
}

func figures(a process.Assignment, amount int) process.Figures {
	h := fnv.New64a()
	fmt.Fprint(h, a.Architecture, a.Seed%7)
	return process.Figures{"accuracy": float64(h.Sum64()%1000)/2000 + 0.5*float64(amount)/float64(amount+3)}
}

// kill kills who is to be killed in the middle of a trial, unless that was done before, and waits for the end.
func kill(id trial.ID) error {
	who, folder, on := strings.Cut(os.Getenv(killing), "=")
	if !on {
		return nil
	}
	mark, err := os.OpenFile(filepath.Join(folder, fmt.Sprintf("trial-%d", id)), os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := mark.Close(); err != nil {
		return err
	}
	pid := os.Getpid()
	if who == "trellis" {
		pid = os.Getppid()
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	if err := p.Kill(); err != nil {
		return err
	}
	if who == "trellis" {
		os.Exit(1) // nobody is left to answer to
	}
	select {}
}
