package process_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/trial"
)

// mishap is what a role should lead to.
type mishap struct {
	role string
	// want is the sentence without the command: PROGRAM stands for it and the trial.
	want string
	// kind is "failed", "broken", or "unrepeatable".
	kind   string
	change func(*process.Config)
}

const rubbishHint = ", which is no message: standard output is for the protocol alone, everything else belongs on standard error"

func TestEveryMishapIsOneSentence(t *testing.T) {
	short := func(c *process.Config) {
		c.Heartbeat, c.StartLimit, c.Grace = 200*time.Millisecond, 200*time.Millisecond, 200*time.Millisecond
	}
	for _, m := range []mishap{
		{"exits", "PROGRAM ended with exit code 7 in the middle of the trial, the last of 2 attempts; see logs/trial-0.log", "failed", nil},
		{"exits well", "PROGRAM ended with exit code 0 in the middle of the trial, the last of 2 attempts; see logs/trial-0.log", "failed", nil},
		{"kills itself", "PROGRAM was killed by SIGKILL, as systems do when memory runs out, in the middle of the trial, the last of 2 attempts; see logs/trial-0.log", "failed", nil},
		{"closes", "PROGRAM closed its standard output without an answer in the middle of the trial, the last of 2 attempts; see logs/trial-0.log", "failed", short},
		{"hangs", "PROGRAM printed nothing for 200ms, not even a heartbeat, the last of 2 attempts; see logs/trial-0.log", "failed", short},
		{"hangs", "PROGRAM exceeded the time limit of 100ms", "failed", func(c *process.Config) { c.TimeLimit, c.Grace = 100*time.Millisecond, time.Millisecond }},
		{"fails", "out of memory", "failed", nil},
		{"fails, no words", "it gives no reason", "failed", nil},
		{"leaves out", "PROGRAM gave no accuracy, which the study needs", "failed", nil},
		{"NaN string", "diverged: accuracy was NaN", "failed", nil},
		{"NaN word", "diverged: accuracy was NaN", "failed", nil},
		{"null", "diverged: accuracy was NaN", "failed", nil},
		{"infinity", "diverged: accuracy was -Inf", "failed", nil},
		{"1e999", "diverged: accuracy was +Inf", "failed", nil},
		{"diverges", "diverged: loss was NaN at 2", "failed", nil},

		{"rubbish", `PROGRAM printed "Epoch 1/4: loss=0.693 ` + strings.Repeat("=", 58) + `…"` + rubbishHint, "broken", nil},
		{"half a message", "PROGRAM printed `{\"type\":\"result\",\"trial\":`, which is no message: unexpected end of JSON input (at byte 25)", "broken", nil},
		{"no type", "PROGRAM printed the message `{\"trial\":0}`, which has no type", "broken", nil},
		{"unknown type", `PROGRAM printed a message of the unknown type "resutl"; the nearest is "result" (of error, heartbeat, hello, progress, result, tested)`, "broken", nil},
		{"wrong field", "PROGRAM printed the message `{\"type\":\"result\",\"trial\":\"zero\"}`, which is wrong: trial cannot be a string", "broken", nil},
		{"wrong metric", "PROGRAM printed the message `{\"type\":\"result\",\"trial\":0,\"status\":\"ok\",\"metrics\":{\"accuracy\":\"good\"}}`, which is wrong: metric \"accuracy\" is `\"good\"`, want a number", "broken", nil},
		{"no trial", "PROGRAM printed the message `{\"type\":\"result\",\"status\":\"ok\"}`, which names no trial", "broken", nil},
		{"long line", "PROGRAM printed a line of more than 16 MiB, which begins with `{\"type\":\"" + strings.Repeat("x", 71) + "…`", "broken", nil},
		{"other trial", "PROGRAM gave the result of trial 5", "broken", nil},
		{"other progress", "PROGRAM reported progress of trial 5", "broken", nil},
		{"unknown status", `PROGRAM gave the unknown status "done"; the nearest is "ok" (of ok, failed, preempted, cancelled)`, "broken", nil},
		{"cancels itself", "PROGRAM says that the trial was cancelled, and it was not", "broken", nil},
		{"hello again", "PROGRAM said hello while it had the trial", "broken", nil},
		{"too far", "PROGRAM reported the amount 5 of a trial that gets 4", "broken", nil},
		{"reports error", "PROGRAM reports an error: the GPU is gone", "broken", nil},
		{"absent file", `PROGRAM names the artifact "weights.bin", and there is no such file in the folder of the trial`, "broken", nil},
		{"outside file", `PROGRAM left the artifact "../../weights.bin" outside the folder of the trial`, "broken", nil},
		{"folder file", `PROGRAM names the artifact ".", which is no plain file`, "broken", nil},

		{"dies at once", `COMMAND ended with exit code 3 before it said hello; it last wrote "ImportError: no module named torch"`, "broken", nil},
		{"no hello", "COMMAND did not say hello within 200ms", "broken", short},
		{"greets wrongly", `COMMAND printed "Using GPU 0"` + rubbishHint + "; hello was expected", "broken", nil},
		{"result for hello", "COMMAND said result before hello", "broken", nil},

		{"other protocol", "COMMAND speaks version 2 of the protocol, and Trellis speaks 1", "unrepeatable", nil},
		{"refuses", "COMMAND refuses the study: the setting widht is unknown", "unrepeatable", nil},
		{"other metric", `COMMAND does not give the metric accuracy, which the study needs; the nearest is "accurracy" (of accurracy, loss, params, macs, memory)`, "unrepeatable", nil},
		{"no metrics", "COMMAND describes no metrics in its hello", "unrepeatable", nil},
		{"other resource", "COMMAND counts in steps, and the study in epochs", "unrepeatable", func(c *process.Config) { c.Resource.Name = "epochs" }},
		{"small resource", "COMMAND can be given 3 epochs at most, and the study wants 9", "unrepeatable", func(c *process.Config) { c.Resource.Full = 9 }},
		{"other direction", `COMMAND gives the metric accuracy the direction "up"; the nearest is "maximise" (of maximise, minimise)`, "unrepeatable", nil},
	} {
		t.Run(m.role, func(t *testing.T) { m.check(t) })
	}
}

func (m mishap) check(t *testing.T) {
	c := config(t, m.role)
	c.Attempts = 2
	if m.change != nil {
		m.change(&c)
	}
	name := c.Command[0] + " -role " + m.role
	if runes := []rune(name); len(runes) > 60 {
		name = string(runes[:60]) + "…"
	}
	want := strings.NewReplacer("PROGRAM", "trial 0: "+name, "COMMAND", name).Replace(m.want)
	e := open(t, c)
	x := one(t)
	x.Keep = true
	r, err := e.Evaluate(context.Background(), x, trial.Silent)
	var got, kind string
	switch _, broken := errors.AsType[*trial.BrokenError](err); {
	case err == nil:
		got, kind = r.Reason, string(r.Status)
	case errors.Is(err, trial.ErrUnrepeatable):
		got, kind = err.Error(), "unrepeatable"
	case broken:
		kind = "broken"
		got = strings.TrimPrefix(strings.TrimPrefix(err.Error(), "after 2 attempts: "), "process-1: ")
	default:
		t.Fatalf("an error of another kind: %v", err)
	}
	if got != want || kind != m.kind {
		t.Errorf("%s: %s\nwant %s: %s", kind, got, m.kind, want)
	}
}
