package process

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// Find returns the file of the program, without starting it. The error says in one sentence why there is none, and what is near.
func (c Config) Find() (string, error) {
	if len(c.Command) == 0 {
		return "", unrepeatable("no program is named")
	}
	return c.locate()
}

// locate returns the file of the program. The error says why there is none, with a hint, and wraps trial.ErrUnrepeatable.
func (c *Config) locate() (string, error) {
	name := c.Command[0]
	if !strings.ContainsAny(name, `/\`) {
		path, err := exec.LookPath(name)
		if errors.Is(err, exec.ErrDot) {
			err = nil
		}
		if err == nil {
			return path, nil
		}
		return "", unrepeatable("%s cannot be started: there is no program %q on the PATH%s", c.name(), name, c.hint(name))
	}
	path := filepath.FromSlash(name)
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.Dir, path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", unrepeatable("%s cannot be started: there is no file %s%s", c.name(), path, neighbour(path))
	case err != nil:
		return "", unrepeatable("%s cannot be started: %v", c.name(), err)
	case info.IsDir():
		return "", unrepeatable("%s cannot be started: %s is a folder", c.name(), path)
	case runtime.GOOS != "windows" && info.Mode()&0o111 == 0:
		return "", unrepeatable("%s cannot be started: %s is not executable; run chmod +x on it, or name its interpreter first, as in [python3, %s]", c.name(), path, name)
	}
	return filepath.Abs(path)
}

// hint says what a program that is not on the PATH might have been meant to be.
func (c *Config) hint(name string) string {
	if info, err := os.Stat(filepath.Join(c.Dir, name)); err == nil && !info.IsDir() {
		return "; the file beside the study is ./" + name
	}
	var programs []string
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			continue
		}
		for _, e := range entries {
			programs = append(programs, e.Name())
		}
	}
	slices.Sort(programs)
	for _, known := range []string{name + "3", strings.TrimRight(name, "0123456789.")} { // python3 for python, python for python2
		if known != name && slices.Contains(programs, known) {
			return "; did you mean " + known + "?"
		}
	}
	if near := nearest.Word(name, programs); near != "" {
		return "; the nearest is " + near
	}
	return ""
}

// neighbour names the file of the same folder that a missing one was probably meant to be.
func neighbour(path string) string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ", nor its folder"
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if near := nearest.Word(filepath.Base(path), names); near != "" {
		return "; the nearest there is " + near
	}
	return ""
}
