package train

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/trial"
)

// Weights is the name of the artifact of finalists and baselines: a safetensors file with the parameters and running
// statistics after the best epoch. Its metadata say what is needed to use it without the study: "network" (the text form
// of package network), "classes" (a JSON list), "mean" and "std" (JSON lists, by channel, of pixels divided by 255),
// "accuracy" and "epoch".
const Weights = "weights"

// keeps reports whether a trial leaves its weights behind.
func (e *Evaluator) keeps(t trial.Trial) bool {
	return e.config.Folder != "" && t.Phase != trial.Search
}

// save writes the checkpoint of a finished run. Saving a trial again replaces what it left before.
func (e *Evaluator) save(t trial.Trial, r *run) (trial.Artifact, error) {
	metadata := map[string]string{
		"network":  r.model.Graph().Text(),
		"epoch":    strconv.Itoa(r.lead.epoch),
		"accuracy": strconv.FormatFloat(r.lead.score.Accuracy(), 'g', -1, 64),
	}
	for key, list := range map[string]any{"classes": e.classes, "mean": e.normalisation.Mean, "std": e.normalisation.Std} {
		text, err := json.Marshal(list)
		if err != nil {
			return trial.Artifact{}, fmt.Errorf("checkpoint of trial %d: %s: %w", t.ID, key, err)
		}
		metadata[key] = string(text)
	}
	a := trial.Artifact{Name: Weights, Path: path.Join("weights", fmt.Sprintf("trial-%d.safetensors", t.ID))}
	err := files.WriteBy(e.path(a.Path), func(w io.Writer) error { return r.model.Save(w, metadata) })
	if err != nil {
		return trial.Artifact{}, fmt.Errorf("checkpoint of trial %d: %w", t.ID, err)
	}
	return a, nil
}

// path returns where the file of an artifact lies.
func (e *Evaluator) path(artifact string) string {
	return filepath.Join(e.config.Folder, filepath.FromSlash(artifact))
}

// open opens the weights that a trial left behind.
func (e *Evaluator) open(r trial.Result) (*os.File, error) {
	at, ok := r.Artifact(Weights)
	if !ok {
		return nil, fmt.Errorf("trial %d left no weights behind", r.Trial)
	}
	if !filepath.IsLocal(filepath.FromSlash(at)) {
		return nil, fmt.Errorf("the weights of trial %d lie at %q, outside the folder of the study", r.Trial, at)
	}
	return os.Open(e.path(at))
}
