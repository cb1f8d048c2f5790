package study_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/trial"
)

// childJournal is the environment variable that makes the test binary run the study of the journal it names.
const childJournal = "TRELLIS_TEST_JOURNAL"

// child begins or resumes a study in a file and prints a line for every event that is durable.
func child(path string) int {
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx := context.Background()
	j, err := store.OpenSQLite(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		j, err = store.CreateSQLite(ctx, path)
	}
	if err != nil {
		return fail(err)
	}
	c := killConfig(panicking{})
	c.Journal, c.Observer = j, printer{}
	s, err := study.New(c.study())
	if err != nil {
		return fail(err)
	}
	if _, err := s.Run(ctx); err != nil {
		return fail(err)
	}
	if err := j.Close(); err != nil {
		return fail(err)
	}
	return 0
}

// killConfig is the study that is killed: 60 trials and two workers.
func killConfig(t testing.TB) scenario {
	c := config(t)
	c.Stop.Trials, c.Window, c.Workers = 60, 3, 2
	return c
}

// panicking stands in for a test where there is none.
type panicking struct{ testing.TB }

func (panicking) Helper()           {}
func (panicking) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

type printer struct{}

func (printer) Recorded(e store.Event, replayed bool) {
	if !replayed {
		fmt.Println(e.Seq)
	}
}
func (printer) Began(trial.Trial)                      {}
func (printer) Progressed(trial.Trial, trial.Progress) {}

func TestAStudyKilledAtRandomMomentsEndsWithTheSameJournal(t *testing.T) {
	c := killConfig(t)
	run(t, c)
	want := contents(t, events(t, c.Journal))

	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	kills, studies := 0, 0
	for kills < 5 { // on a busy machine a study may be over before it is killed
		if studies == 20 {
			t.Fatalf("in %d studies there were %d moments to kill one", studies, kills)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("study%d.db", studies))
		studies++
		kills += runKilled(t, path, random)
		j, err := store.ReadSQLite(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, want, contents(t, events(t, j)))
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("killed %d times in %d studies", kills, studies)
}

// runKilled runs a study to its end in processes that are killed at random moments, and returns how many were.
func runKilled(t *testing.T, path string, random *rand.Rand) (kills int) {
	t.Helper()
	for kills < 100 {
		// A study that hangs is a failure and no endless test.
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, os.Args[0])
		cmd.Env = append(os.Environ(), childJournal+"="+path)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		alive := true
		for range random.IntN(25) {
			if alive = lines.Scan(); !alive {
				break
			}
		}
		if alive {
			if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
			for lines.Scan() {
			}
		}
		switch err := cmd.Wait(); {
		case ctx.Err() != nil:
			t.Fatal("the study does not end within a minute")
		case err == nil:
			return kills
		case cmd.ProcessState.Exited():
			t.Fatalf("after %d kills the study ended with %v", kills, err)
		}
		kills++
	}
	return kills
}
