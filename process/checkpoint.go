package process

import (
	"encoding/json"
	"os"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/trial"
)

// earlier is the checkpoint from which a trial goes on, and the learning curve up to it.
type earlier struct {
	checkpoint Checkpoint
	curve      []trial.Point
}

// remembered is the file beside a checkpoint. A trial that goes on has the whole curve, as if it had begun afresh, and programs
// need not know it.
type remembered struct {
	SHA256 string        `json:"sha256"` // of the checkpoint that it belongs to
	Curve  []trial.Point `json:"curve"`
}

// curvePath returns the path of the curve of a checkpoint.
func curvePath(checkpoint string) string { return checkpoint + ".curve.json" }

// earlier returns where a trial goes on: nil if it starts afresh, which it also does if the program cannot go on or the checkpoint is gone or damaged.
func (e *Evaluator) earlier(t trial.Trial) *earlier {
	if t.From == nil || t.From.Artifact.Path == "" || e.config.Folder == nil || !e.capabilities().Resumes || t.From.Fidelity.Amount > t.Fidelity.Amount {
		return nil
	}
	a := t.From.Artifact
	path, ok := e.intact(a)
	if !ok {
		return nil
	}
	at, err := e.config.Folder.Locate(curvePath(a.Path))
	if err != nil {
		return nil
	}
	text, err := os.ReadFile(at)
	if err != nil {
		return nil
	}
	var m remembered
	if json.Unmarshal(text, &m) != nil || m.SHA256 != a.SHA256 {
		return nil
	}
	for i, p := range m.Curve {
		if _, ends := t.Stop.Decide(m.Curve[:i+1]); ends && p.Amount < t.Fidelity.Amount {
			return nil // from the beginning it would not have come so far
		}
	}
	return &earlier{
		checkpoint: Checkpoint{Trial: t.From.Trial, Fidelity: Fidelity(t.From.Fidelity), Path: path, SHA256: a.SHA256},
		curve:      m.Curve,
	}
}

// intact returns where the file of an artifact lies, and whether it is what was sealed.
func (e *Evaluator) intact(a trial.Artifact) (string, bool) {
	now, err := e.config.Folder.Seal(a)
	if err != nil || now != a {
		return "", false
	}
	path, err := e.config.Folder.Locate(a.Path)
	return path, err == nil
}

// remember writes the curve beside a checkpoint.
func (e *Evaluator) remember(a trial.Artifact, curve []trial.Point) error {
	text, err := json.Marshal(remembered{a.SHA256, curve})
	if err != nil {
		return err
	}
	at, err := e.config.Folder.Locate(curvePath(a.Path))
	if err != nil {
		return err
	}
	return files.Write(at, text)
}
