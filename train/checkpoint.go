package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/store"
	"github.com/trellis-nas/trellis/tensor"
	"github.com/trellis-nas/trellis/trial"
)

// Weights is the name of the artifact of trials that are to keep their network: a safetensors file with the parameters and running
// statistics after the best epoch. Its metadata say what is needed to use it without the study: "network" (the text form
// of package network), "classes" (a JSON list), "mean" and "std" (JSON lists, by channel, of pixels divided by 255),
// "accuracy" and "epoch".
const Weights = "weights"

// Checkpoint is the name of the artifact from which a training goes on: a safetensors file with the state of the network ("now."), of its best epoch
// ("best.") and of the optimiser ("optimiser."), and what else the training remembers as JSON in the metadata "training".
const Checkpoint = "checkpoint"

// The prefixes of the tensors of a checkpoint.
const (
	prefixNow       = "now."
	prefixBest      = "best."
	prefixOptimiser = "optimiser."
)

// remembered is what a training remembers beside its tensors. What decides its further course must be the same when it goes on.
type remembered struct {
	Seed     uint64        `json:"seed,string"`
	Settings string        `json:"settings"`
	Network  string        `json:"network"`
	Data     float64       `json:"data"`
	Epochs   int           `json:"epochs"` // complete
	Steps    int           `json:"steps"`
	Lead     leadJSON      `json:"lead"`
	Curve    []trial.Point `json:"curve"`
}

type leadJSON struct {
	Score Score `json:"score"`
	Epoch int   `json:"epoch"`
	Rise  int   `json:"rise"`
}

// leave writes the artifacts of a finished run. Leaving them again replaces what was left before.
func (e *Evaluator) leave(ctx context.Context, t trial.Trial, r *run) error {
	if t.Checkpoint {
		a, err := e.saveCheckpoint(ctx, t, r)
		if err != nil {
			return fmt.Errorf("checkpoint of trial %d: %w", t.ID, err)
		}
		r.result.Artifacts = append(r.result.Artifacts, a)
	}
	if err := r.model.Restore(r.best); err != nil {
		return err
	}
	if t.Keep {
		a, err := e.saveWeights(ctx, t, r)
		if err != nil {
			return fmt.Errorf("weights of trial %d: %w", t.ID, err)
		}
		r.result.Artifacts = append(r.result.Artifacts, a)
	}
	return nil
}

func (e *Evaluator) saveWeights(ctx context.Context, t trial.Trial, r *run) (trial.Artifact, error) {
	metadata := map[string]string{
		"network":  r.model.Graph().Text(),
		"epoch":    strconv.Itoa(r.lead.epoch),
		"accuracy": strconv.FormatFloat(r.lead.score.Accuracy(), 'g', -1, 64),
	}
	for key, list := range map[string]any{"classes": e.classes, "mean": e.normalisation.Mean, "std": e.normalisation.Std} {
		text, err := json.Marshal(list)
		if err != nil {
			return trial.Artifact{}, fmt.Errorf("%s: %w", key, err)
		}
		metadata[key] = string(text)
	}
	a := trial.Artifact{Name: Weights, Kind: trial.WeightsKind, Path: path.Join("weights", fmt.Sprintf("trial-%d.safetensors", t.ID))}
	return e.config.Artifacts.Put(ctx, a, func(w io.Writer) error { return r.model.Save(w, metadata) })
}

func (e *Evaluator) saveCheckpoint(ctx context.Context, t trial.Trial, r *run) (trial.Artifact, error) {
	m := r.remembered(t)
	m.Epochs, m.Steps, m.Curve = len(r.result.Curve), r.model.Steps(), r.result.Curve
	m.Lead = leadJSON{r.lead.score, r.lead.epoch, r.lead.rise}
	text, err := json.Marshal(m)
	if err != nil {
		return trial.Artifact{}, err
	}
	tensors := prefixed(prefixNow, r.model.State())
	tensors = append(tensors, prefixed(prefixBest, r.best)...)
	tensors = append(tensors, prefixed(prefixOptimiser, r.optimiser.State())...)
	a := trial.Artifact{Name: Checkpoint, Kind: trial.CheckpointKind, Path: path.Join("checkpoints", fmt.Sprintf("trial-%d.safetensors", t.ID))}
	return e.config.Artifacts.Put(ctx, a, func(w io.Writer) error {
		return nn.WriteSafetensors(w, tensors, map[string]string{"training": string(text)})
	})
}

func (r *run) remembered(t trial.Trial) remembered {
	return remembered{Seed: t.Seed, Settings: r.settings.String(), Network: r.model.Graph().Text(), Data: t.Fidelity.Data}
}

// resume puts a run where its checkpoint was left. A checkpoint that is gone or damaged leaves it at its beginning, whose end is the same; one of
// another training is an error.
func (e *Evaluator) resume(ctx context.Context, t trial.Trial, r *run) error {
	if t.From == nil || t.From.Artifact.Path == "" || e.config.Artifacts == nil {
		return nil
	}
	f, err := e.config.Artifacts.Open(ctx, t.From.Artifact)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, store.ErrDamaged) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	tensors, metadata, err := nn.ReadSafetensors(f)
	if err != nil {
		return fmt.Errorf("checkpoint %s: %w", t.From.Artifact.Path, err)
	}
	var m remembered
	if err := json.Unmarshal([]byte(metadata["training"]), &m); err != nil {
		return fmt.Errorf("checkpoint %s: what its training remembers: %w", t.From.Artifact.Path, err)
	}
	if own := r.remembered(t); own.Seed != m.Seed || own.Settings != m.Settings || own.Network != m.Network || own.Data != m.Data || m.Epochs > t.Fidelity.Amount {
		return fmt.Errorf("checkpoint %s is of another training than trial %d: %w", t.From.Artifact.Path, t.ID, trial.ErrUnrepeatable)
	}
	r.best = unprefixed(prefixBest, tensors)
	err = errors.Join(
		r.model.Restore(unprefixed(prefixNow, tensors)),
		nn.CopyState(r.optimiser.State(), unprefixed(prefixOptimiser, tensors)),
	)
	if err != nil {
		return fmt.Errorf("checkpoint %s: %w", t.From.Artifact.Path, err)
	}
	r.model.Resume(m.Steps)
	r.optimiser.Resume(m.Steps)
	r.lead = lead{m.Lead.Score, m.Lead.Epoch, m.Lead.Rise}
	r.result.Curve = slices.Clip(m.Curve)
	return nil
}

func prefixed(prefix string, tensors []tensor.Named) []tensor.Named {
	out := make([]tensor.Named, len(tensors))
	for i, t := range tensors {
		out[i] = tensor.Named{Name: prefix + t.Name, Tensor: t.Tensor}
	}
	return out
}

func unprefixed(prefix string, tensors []tensor.Named) []tensor.Named {
	var out []tensor.Named
	for _, t := range tensors {
		if name, ok := strings.CutPrefix(t.Name, prefix); ok {
			out = append(out, tensor.Named{Name: name, Tensor: t.Tensor})
		}
	}
	return out
}

// open opens the weights that a trial left behind.
func (e *Evaluator) open(ctx context.Context, r trial.Result) (io.ReadCloser, trial.Artifact, error) {
	a, ok := r.Artifact(Weights)
	if !ok || e.config.Artifacts == nil {
		return nil, a, fmt.Errorf("trial %d left no weights behind", r.Trial)
	}
	f, err := e.config.Artifacts.Open(ctx, a)
	return f, a, err
}
