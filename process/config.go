package process

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// Config is what an Evaluator is made of. Only the command is required.
type Config struct {
	// Command is the program and its arguments.
	Command []string
	// Dir is the folder that it runs in; empty is that of this process. A program given with a slash is looked for from here.
	Dir string
	// Env is added to the environment of this process, each as "NAME=value".
	Env []string

	// Settings are handed to the program as JSON; nil is an empty object.
	Settings any
	// Space is that of the trials. Without it the program gets no decisions.
	Space *space.Space
	// Build returns the network of a trial that brings none of its own; nil is that of Space. It must depend on the trial alone and be safe for
	// concurrent use. An error fails the trial.
	Build func(trial.Trial) (*network.Graph, error)
	// Data says where the samples are; nil says nothing.
	Data *Data
	// Metrics are those that every result needs, by name. A result without one of them is a failed one.
	Metrics []string
	// Resource is what amounts are counted in, and the full one. Empty parts are the program's choice.
	Resource trial.Resource

	// Folder keeps what trials leave behind: weights, checkpoints and logs. Nil keeps nothing.
	Folder Folder

	// Workers is how many programs run at a time; 0 reads as 1. Results do not depend on it.
	Workers int
	// Attempts is how often a trial is tried when the program dies, hangs or does not keep to the protocol; 0 reads as 3.
	Attempts int
	// Pause is the time before the second attempt, which doubles before each further one; 0 reads as 100 milliseconds.
	Pause time.Duration
	// StartLimit is how long a program may take from its start to its hello; 0 reads as two minutes.
	StartLimit time.Duration
	// Heartbeat is how long a program with a trial may print nothing at all before it counts as hanging; 0 reads as a minute.
	Heartbeat time.Duration
	// TimeLimit is how long a trial may take, from when it is sent; 0 is no limit. A trial over it fails. Results depend on the machine then.
	TimeLimit time.Duration
	// Grace is how long a program may take to end a trial that is cancelled, or itself after a bye; 0 reads as five seconds. After
	// that it is killed.
	Grace time.Duration

	// Worker names this machine in results; it decides nothing.
	Worker string
}

// Folder keeps files by paths that are relative to the folder of the study. store.Folder is one.
type Folder interface {
	// Locate returns where the file of a path lies or would lie, and makes its folder.
	Locate(path string) (string, error)
	// Seal returns the artifact of a file that lies there already, with its size and digest.
	Seal(a trial.Artifact) (trial.Artifact, error)
}

// settings checks the configuration, fills in its defaults and returns the settings as JSON.
func (c *Config) settings() (json.RawMessage, error) {
	if len(c.Command) == 0 || c.Command[0] == "" {
		return nil, fmt.Errorf("an evaluator of kind %s needs a command", Kind)
	}
	for _, n := range []struct {
		name  string
		value int
	}{
		{"workers", c.Workers}, {"attempts", c.Attempts}, {"full amount", c.Resource.Full},
		{"pause", int(c.Pause)}, {"start limit", int(c.StartLimit)}, {"heartbeat", int(c.Heartbeat)}, {"time limit", int(c.TimeLimit)}, {"grace", int(c.Grace)},
	} {
		if n.value < 0 {
			return nil, fmt.Errorf("a negative %s is impossible", n.name)
		}
	}
	settings, err := plainJSON(c.Settings)
	if err != nil {
		return nil, fmt.Errorf("the settings of %s cannot be written as JSON: %w", c.name(), err)
	}
	if string(settings) == "null" {
		settings = []byte("{}")
	}
	if c.Build == nil && c.Space != nil {
		c.Build = func(t trial.Trial) (*network.Graph, error) { return c.Space.Network(t.Arch) }
	}
	orDefault(&c.Workers, 1)
	orDefault(&c.Attempts, 3)
	orDefault(&c.Pause, 100*time.Millisecond)
	orDefault(&c.StartLimit, 2*time.Minute)
	orDefault(&c.Heartbeat, time.Minute)
	orDefault(&c.Grace, 5*time.Second)
	return settings, nil
}

func orDefault[T comparable](value *T, other T) {
	var zero T
	if *value == zero {
		*value = other
	}
}

// name is how sentences call the program.
func (c *Config) name() string {
	const longest = 60
	name := strings.Join(c.Command, " ")
	if runes := []rune(name); len(runes) > longest {
		name = string(runes[:longest]) + "…"
	}
	return name
}
