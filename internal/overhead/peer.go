package overhead

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed peers.py
var script []byte

// Peers runs Optuna, moocore and pymoo, those of them that python has, on the measurements of this package, and returns what each
// measured, by the name of the figure. Without a python the first python3 on the path that has one of them is taken. It takes
// about a minute.
func Peers(ctx context.Context, python string) (map[string][]PeerFigure, error) {
	python, err := findPython(ctx, python)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-")
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(script), &errs
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", python, err, errs.String())
	}
	out := map[string][]PeerFigure{}
	for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
		var line struct {
			Figure string `json:"figure"`
			PeerFigure
		}
		if err := d.Decode(&line); err != nil {
			return nil, fmt.Errorf("%s printed %q: %w", python, text, err)
		}
		out[line.Figure] = append(out[line.Figure], line.PeerFigure)
	}
	return out, nil
}

func findPython(ctx context.Context, python string) (string, error) {
	const has = "import importlib.util, sys; sys.exit(not any(importlib.util.find_spec(m) for m in ('optuna', 'moocore', 'pymoo')))"
	candidates := []string{python}
	if python == "" {
		candidates = nil
		for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
			candidates = append(candidates, filepath.Join(folder, "python3"))
		}
	}
	for _, c := range candidates {
		if exec.CommandContext(ctx, c, "-c", has).Run() == nil {
			return c, nil
		}
	}
	if python != "" {
		return "", fmt.Errorf("%s has none of optuna, moocore and pymoo", python)
	}
	return "", fmt.Errorf("no python3 on the path has optuna, moocore or pymoo; on Debian install python3-optuna, or name one with --python")
}
