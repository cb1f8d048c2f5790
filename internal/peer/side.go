package peer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Own measures this engine, in a process of its own: Command is what runs Measure and prints its Figures as JSON, to
// which the network, threads and seconds are added as flags.
type Own struct{ Command []string }

// Measure runs the process once. With one thread it is pinned to a core where the system has taskset.
func (o Own) Measure(ctx context.Context, n Network, threads int, seconds float64) (Figures, error) {
	args := append(o.Command[:len(o.Command):len(o.Command)], "--net", n.Name, "--threads", strconv.Itoa(threads), "--seconds", decimal(seconds))
	f, _, err := figures(ctx, pinned(threads, args), nil)
	return f, err
}

// PyTorch measures the other side: Script trains the network of the same name with PyTorch and prints one line of JSON.
type PyTorch struct {
	Python, Script string
	idle           float64
}

// NewPyTorch finds a Python that has PyTorch, the given one or the first on the path, and the script, the given one or
// ../shared/bench/torch_train.py from the working folder or one above it.
func NewPyTorch(ctx context.Context, python, script string) (*PyTorch, error) {
	p := &PyTorch{Python: python, Script: script}
	if p.Script == "" {
		var err error
		if p.Script, err = findScript(); err != nil {
			return nil, err
		}
	} else if _, err := os.Stat(p.Script); err != nil {
		return nil, fmt.Errorf("there is no script %s", p.Script)
	}
	candidates := []string{python}
	if python == "" {
		candidates = nil
		for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
			candidates = append(candidates, filepath.Join(folder, "python3"))
		}
	}
	for _, c := range candidates {
		cmd := exec.CommandContext(ctx, c, "-c", "import torch, numpy")
		if cmd.Run() == nil {
			p.Python, p.idle = c, peakOf(cmd.ProcessState)
			return p, nil
		}
	}
	if python != "" {
		return nil, fmt.Errorf("%s cannot import torch and numpy", python)
	}
	return nil, fmt.Errorf("no python3 on the path can import torch and numpy; on Debian install python3-torch and python3-numpy, or name one with --python")
}

func findScript() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := folder; ; at = filepath.Dir(at) {
		script := filepath.Join(at, "..", "shared", "bench", "torch_train.py")
		if _, err := os.Stat(script); err == nil {
			return script, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("the other side's script ../shared/bench/torch_train.py is not beside the project; name it with --script")
		}
	}
}

// Measure runs the script once for every variant of n and returns the fastest. The process keeps freed memory, which is
// kinder to PyTorch than its default; two threads use the OpenMP build of OpenBLAS where it is installed, one is pinned to a core.
func (p *PyTorch) Measure(ctx context.Context, n Network, threads int, seconds float64) (Figures, error) {
	name, _, _ := strings.Cut(n.Name, "/")
	env := []string{"MALLOC_MMAP_MAX_=0", "MALLOC_TRIM_THRESHOLD_=100000000000", "MALLOC_TOP_PAD_=268435456"}
	if omp, _ := filepath.Glob("/usr/lib/*-linux-gnu/openblas-openmp"); threads > 1 && len(omp) > 0 {
		env = append(env, "LD_LIBRARY_PATH="+omp[0]+string(filepath.ListSeparator)+os.Getenv("LD_LIBRARY_PATH"))
	}
	variants := n.Variants
	if len(variants) == 0 {
		variants = [][]string{nil}
	}
	var best Figures
	for _, v := range variants {
		args := append([]string{p.Python, p.Script, "--net", name, "--threads", strconv.Itoa(threads), "--batch", strconv.Itoa(n.Batch),
			"--seconds", decimal(seconds), "--min-steps", strconv.Itoa(least)}, v...)
		f, mib, err := figures(ctx, pinned(threads, args), env)
		if err != nil {
			return Figures{}, err
		}
		if f.Rate > best.Rate {
			best = f
			best.MiB, best.IdleMiB = mib, p.idle
		}
	}
	return best, nil
}

// figures runs a process that prints Figures as JSON and returns them with the process's largest memory in MiB.
func figures(ctx context.Context, args, env []string) (f Figures, mib float64, err error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var errs bytes.Buffer
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), &errs
	out, err := cmd.Output()
	if err != nil {
		return f, 0, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, errs.String())
	}
	if err := json.Unmarshal(out, &f); err != nil {
		return f, 0, fmt.Errorf("%s printed %q: %w", strings.Join(args, " "), out, err)
	}
	return f, peakOf(cmd.ProcessState), nil
}

// pinned puts a process of one thread on one core.
func pinned(threads int, args []string) []string {
	taskset, err := exec.LookPath("taskset")
	if threads > 1 || err != nil {
		return args
	}
	return append([]string{taskset, "-c", "0"}, args...)
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
