package process

import (
	"encoding/json"

	"github.com/trellis-nas/trellis/trial"
)

// Protocol is the version of the protocol.
const Protocol = 1

// Types of messages.
const (
	typeHello     = "hello"     // both ways, first
	typeTrial     = "trial"     // to the program
	typeCancel    = "cancel"    // to the program
	typeTest      = "test"      // to the program
	typeBye       = "bye"       // to the program, last
	typeProgress  = "progress"  // from the program
	typeResult    = "result"    // from the program
	typeTested    = "tested"    // from the program
	typeHeartbeat = "heartbeat" // from the program
	typeError     = "error"     // from the program
)

// Hello is the first message to a program.
type Hello struct {
	Protocol int    `json:"protocol"`
	Space    string `json:"space,omitempty"` // its name
	// Settings are those of the study file, whose meaning is the program's own.
	Settings json.RawMessage `json:"settings,omitempty"`
	Data     *Data           `json:"data,omitempty"`
	Metrics  []string        `json:"metrics,omitempty"` // that the study needs in every result
	// Resource is what the study wants amounts to be counted in, and the full amount; each is empty where the program decides.
	Resource trial.Resource `json:"resource,omitzero"`
	// Heartbeat is after how many seconds of silence a program counts as hanging.
	Heartbeat float64 `json:"heartbeat"`
}

// Data says where the samples are.
type Data struct {
	Kind string `json:"kind"`           // as "images"
	Path string `json:"path,omitempty"` // of the samples to train and validate on
	// Test is the path of the samples to test on. It is part of TestRequests only.
	Test string `json:"test,omitempty"`
}

// Capabilities are a program's answer to Hello.
type Capabilities struct {
	Protocol int    `json:"protocol"`
	Name     string `json:"name,omitempty"` // of the program, for people
	// Resource is what its amounts are counted in, and the full amount: the largest it can be asked for, unless that is 0.
	Resource trial.Resource    `json:"resource,omitzero"`
	Metrics  trial.MetricInfos `json:"metrics"`
	// Reductions that it can evaluate at, of "data", "resolution" and "width".
	Reductions []string `json:"reductions,omitempty"`
	Resumes    bool     `json:"resumes,omitempty"` // it goes on from its checkpoints
	Tests      bool     `json:"tests,omitempty"`   // it answers TestRequests
}

// Assignment is a trial that the program is to evaluate.
type Assignment struct {
	Trial trial.ID `json:"trial"`
	Stage string   `json:"stage"`
	Name  string   `json:"name,omitempty"` // of a network given by name, which has no decisions
	// Decisions are those that the architecture takes, in the order in which they are met.
	Decisions    Decisions `json:"decisions,omitempty"`
	Architecture string    `json:"architecture,omitempty"` // its text form
	Choices      string    `json:"choices,omitempty"`      // the indices of its options, joined by dots
	Network      string    `json:"network,omitempty"`      // the graph, in the text form of package network
	Fidelity     Fidelity  `json:"fidelity"`
	Seed         uint64    `json:"seed,string"`
	// Stop is the rule by which Trellis ends the trial early; programs need not care.
	Stop *trial.StoppingRule `json:"stop,omitempty"`
	From *Checkpoint         `json:"from,omitempty"` // the state to go on from
	// Folder is empty and for this trial alone; artifacts are left in it. It is gone after the trial.
	Folder     string `json:"folder,omitempty"`
	Keep       bool   `json:"keep,omitempty"`       // the trained weights are wanted
	Checkpoint bool   `json:"checkpoint,omitempty"` // a checkpoint is wanted
}

// Fidelity is a trial.Fidelity as messages hold it.
type Fidelity struct {
	Amount     int     `json:"amount"`
	Data       float64 `json:"data"`
	Resolution float64 `json:"resolution"`
	Width      float64 `json:"width"`
}

// Checkpoint is a state that an earlier trial of the same architecture and seed left.
type Checkpoint struct {
	Trial    trial.ID `json:"trial"`
	Fidelity Fidelity `json:"fidelity"` // that it had reached
	Path     string   `json:"path"`     // absolute
	SHA256   string   `json:"sha256"`   // of the file, already checked
}

// Cancel ends a trial early.
type Cancel struct {
	Trial trial.ID `json:"trial"`
	// Amount at which the trial ends, where a rule stopped it; 0 where it is abandoned.
	Amount int    `json:"amount,omitempty"`
	Reason string `json:"reason"`
}

// Progress says how far a trial is. The first message of an amount is a point of the learning curve if it has metrics.
type Progress struct {
	Trial trial.ID `json:"trial"`
	// Amount of the resource that was spent so far, counted from the beginning of the training, not from the checkpoint.
	Amount  int      `json:"amount,omitempty"`
	Share   *float64 `json:"share,omitempty"` // of the work that is done; nil: amount by full amount
	Metrics Figures  `json:"metrics,omitempty"`
	Spent   Spent    `json:"spent,omitzero"` // so far
}

// Spent is what a trial cost. All of it may be missing.
type Spent struct {
	MACs       int64   `json:"macs,omitempty"`
	Amount     int     `json:"amount,omitempty"` // 0: by the progress
	CPUSeconds float64 `json:"cpu_seconds,omitempty"`
	GPUSeconds float64 `json:"gpu_seconds,omitempty"`
}

// The statuses of an Answer.
const (
	StatusOK        = "ok"
	StatusFailed    = "failed"    // the trial's own fault
	StatusPreempted = "preempted" // it is to be evaluated again
	StatusCancelled = "cancelled" // after a cancel
)

// Answer is the result of a trial.
type Answer struct {
	Trial     trial.ID   `json:"trial"`
	Status    string     `json:"status"`
	Reason    string     `json:"reason,omitempty"` // of a failure
	Metrics   Figures    `json:"metrics,omitempty"`
	Spent     Spent      `json:"spent,omitzero"`
	Artifacts []Artifact `json:"artifacts,omitempty"`
}

// Artifact is a file that the program left behind.
type Artifact struct {
	Name string `json:"name"` // unique within the trial
	Kind string `json:"kind"` // as trial.WeightsKind
	// Path is relative to the folder of the trial in an Answer, and absolute in a TestRequest.
	Path string `json:"path"`
}

// TestRequest asks for the figures of a trial on the test split. A program that got one is never given another trial.
type TestRequest struct {
	Assignment            // without folder, checkpoint and wishes
	Artifacts  []Artifact `json:"artifacts,omitempty"` // what the trial left
	Data       *Data      `json:"data,omitempty"`      // with the test split
}

// TestAnswer holds the figures on the test split.
type TestAnswer struct {
	Trial   trial.ID        `json:"trial"`
	Metrics Figures         `json:"metrics"`
	Detail  json.RawMessage `json:"detail,omitempty"` // any JSON, for reports
}

// errorMessage says that the program cannot work: in answer to hello, that it cannot work for this study.
type errorMessage struct {
	Message string `json:"message"`
}

// heartbeat says that the program lives.
type heartbeat struct{}
