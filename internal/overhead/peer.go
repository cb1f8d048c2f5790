package overhead

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed peers.py
var script []byte

// Peers runs Optuna, moocore and pymoo, those of them that python has, on the measurements of this package, and returns what each
// measured, by the name of the figure. Without a python the first python3 on the path that has one of them is taken. It takes
// a minute or two; say hears of every figure when it is there, and first of the peers that are not.
func Peers(ctx context.Context, python string, say func(string)) (map[string][]PeerFigure, error) {
	python, err := findPython(ctx, python)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-")
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(script), &errs
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", python, err)
	}
	out := map[string][]PeerFigure{}
	var wrong error
	for lines := bufio.NewScanner(pipe); lines.Scan() && wrong == nil; {
		var line struct {
			Figure string `json:"figure"`
			PeerFigure
			Absent string `json:"absent"`
		}
		switch wrong = json.Unmarshal(lines.Bytes(), &line); {
		case wrong != nil:
			wrong = fmt.Errorf("%s printed %q: %w", python, lines.Text(), wrong)
		case line.Absent != "":
			say(fmt.Sprintf("%s has no %s, which is not measured", python, line.Absent))
		default:
			say(line.Figure + ": " + line.Name)
			out[line.Figure] = append(out[line.Figure], line.PeerFigure)
		}
	}
	if wrong != nil {
		_, _ = io.Copy(io.Discard, pipe) // so that the other side can end
	}
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", python, err, errs.String())
	}
	return out, wrong
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
