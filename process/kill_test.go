//go:build unix

package process_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/trial"
)

func TestAProgramThatIsKilledInMidTrialIsStartedAgainAndTheResultIsTheSame(t *testing.T) {
	want := evaluate(t, open(t, config(t, "good")), keeping(one(t)))
	c := config(t, "good")
	settings := c.Settings.(map[string]string)
	settings["pid"], settings["stall"] = diary(c)+".pid", diary(c)+".stall"
	e := open(t, c)
	killed := 0
	r, err := e.Evaluate(context.Background(), keeping(one(t)), func(p trial.Progress) {
		if p.Amount == 2 && killed == 0 {
			killed = pids(t, settings["pid"])[0]
			if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if killed == 0 || r.Attempt != 2 {
		t.Errorf("process %d was killed, and the trial took %d attempts", killed, r.Attempt)
	}
	alike(t, r, want)
}

func TestAProgramThatExitsInMidTrialIsStartedAgain(t *testing.T) {
	if r := evaluate(t, open(t, config(t, "exits once")), one(t)); r.Status != trial.OK || r.Attempt != 2 {
		t.Errorf("%+v", r)
	}
}

func keeping(x trial.Trial) trial.Trial {
	x.Keep, x.Checkpoint = true, true
	return x
}

func TestNoProcessIsLeftBehind(t *testing.T) {
	for _, end := range []string{"cancel", "deadline", "time limit", "close", "hang"} {
		t.Run(end, func(t *testing.T) {
			c := config(t, "parent")
			c.Grace, c.Attempts = 50*time.Millisecond, 1
			switch end {
			case "time limit":
				c.TimeLimit = 300 * time.Millisecond
			case "hang":
				c.Heartbeat = 300 * time.Millisecond
			}
			e := open(t, c)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if end == "deadline" {
				ctx, cancel = context.WithTimeout(ctx, 500*time.Millisecond)
				defer cancel()
			}
			r, err := e.Evaluate(ctx, one(t), func(trial.Progress) {
				switch end {
				case "cancel":
					cancel()
				case "close":
					go e.Close()
				}
			})
			switch end {
			case "cancel":
				if !errors.Is(err, context.Canceled) {
					t.Errorf("the error is %v", err)
				}
			case "deadline":
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("the error is %v", err)
				}
			case "close":
				if err == nil {
					t.Error("no error")
				}
				e.Close()
			default:
				if err != nil || r.Status != trial.Failed {
					t.Errorf("%+v, %v", r, err)
				}
			}
			for _, pid := range pids(t, diary(c)) {
				gone(t, pid)
			}
		})
	}
}

// pids reads process numbers from a file.
func pids(t *testing.T, path string) []int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]int, 2)
	n, err := fmt.Sscan(string(text), &out[0], &out[1])
	if n == 0 {
		t.Fatal(err)
	}
	return out[:n]
}

// gone waits until a process is no more, or is a zombie that only its new parent has not reaped.
func gone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return
		}
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && zombie(stat) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("process %d still runs", pid)
}

func zombie(stat []byte) bool {
	for i := len(stat) - 1; i > 0; i-- {
		if stat[i] == ')' {
			return i+2 < len(stat) && stat[i+2] == 'Z'
		}
	}
	return false
}
