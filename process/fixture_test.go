package process_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/trellis-nas/trellis/process"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/trial"
)

// roleVariable makes the test binary a program that plays a role; see roles.
const roleVariable = "TRELLIS_PROCESS_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		play(role)
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// config returns the configuration of an evaluator whose program plays a role.
func config(t testing.TB, role string) process.Config {
	t.Helper()
	return process.Config{
		Command:   []string{os.Args[0], "-role", role},
		Env:       []string{roleVariable + "=" + role, "GORACE=atexit_sleep_ms=0"},
		Settings:  map[string]string{"diary": filepath.Join(t.TempDir(), "diary")},
		Space:     chain(t),
		Metrics:   []string{"accuracy"},
		Folder:    folder(t),
		Heartbeat: 20 * time.Second,
		Pause:     time.Millisecond,
	}
}

// diary returns the path of the file that the program may write to.
func diary(c process.Config) string { return c.Settings.(map[string]string)["diary"] }

func folder(t testing.TB) store.Folder { return store.Folder(t.TempDir()) }

// at returns where the file of a path lies in the folder of a configuration.
func at(c process.Config, path string) string {
	return filepath.Join(string(c.Folder.(store.Folder)), filepath.FromSlash(path))
}

// open returns an evaluator that is closed with the test.
func open(t testing.TB, c process.Config) *process.Evaluator {
	t.Helper()
	e, err := process.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// chain returns a space of 4 · (4 + 16) architectures, which have two or three decisions.
func chain(t testing.TB) *space.Space {
	t.Helper()
	s, err := space.ParseFile("chain.yaml", []byte(`
name: chain
input: 4x4x1
classes: 2
define:
  layer:
    choice:
      name: op
      options: {conv3: {conv: {out: 4}}, conv5: {conv: {out: 4, kernel: 5}}, conv1: {conv: {out: 4, kernel: 1}}, depthwise: depthwise}
body:
  - scope: {name: first, body: layer}
  - repeat: {name: tail, counts: [1, 2], body: layer}
  - head
`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// trials returns n trials of the space of chain.
func trials(t testing.TB, n int) []trial.Trial {
	t.Helper()
	var out []trial.Trial
	for a := range chain(t).Each() {
		if len(out) == n {
			break
		}
		out = append(out, trial.Trial{ID: trial.ID(len(out)), Stage: "search", Arch: a, Fidelity: trial.Full(4), Seed: uint64(1000 + len(out))})
	}
	return out
}

func one(t testing.TB) trial.Trial { return trials(t, 1)[0] }

func evaluate(t testing.TB, e trial.Evaluator, tr trial.Trial) trial.Result {
	t.Helper()
	r, err := e.Evaluate(context.Background(), tr, trial.Silent)
	if err != nil {
		t.Fatalf("trial %d: %v", tr.ID, err)
	}
	return r
}

// content returns what a journal holds of a result.
func content(r trial.Result) trial.Result {
	r.Spent, r.Worker, r.Attempt = r.Spent.Timeless(), "", 0
	return r
}

func alike(t testing.TB, got, want trial.Result) {
	t.Helper()
	if !reflect.DeepEqual(content(got), content(want)) {
		t.Errorf("the results differ:\n%+v\n%+v", content(got), content(want))
	}
}

// decisions returns those of an architecture as a program is told.
func decisions(s *space.Space, a space.Arch) process.Decisions {
	var out process.Decisions
	for _, d := range s.Decisions(a) {
		out = append(out, process.Decision{Name: d.Name, Option: d.Options[d.Chosen]})
	}
	return out
}

// quality is what the well-behaved role finds out.
func quality(decisions process.Decisions, seed uint64, amount int) float64 {
	var sum float64
	for i, d := range decisions {
		sum += float64(len(d.Option)*(i+1)%7) / 10
	}
	return sum + float64(seed%1000)/1e6 + 1 - 1/float64(amount+1)
}
