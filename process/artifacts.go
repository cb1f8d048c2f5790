package process

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/trial"
)

// scratch is the folder that a program writes into during one attempt. What a program that was killed left half-written never has the name of an
// artifact.
type scratch struct{ path string }

// scratch makes an empty folder for a trial, and removes those that earlier attempts left. Its path is empty where nothing is kept.
func (e *Evaluator) scratch(t trial.Trial) (scratch, error) {
	if e.config.Folder == nil {
		return scratch{}, nil
	}
	inside, err := e.config.Folder.Locate("scratch/x")
	if err != nil {
		return scratch{}, err
	}
	folder, prefix := filepath.Dir(inside), fmt.Sprintf("trial-%d-", t.ID)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return scratch{}, err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), prefix) {
			if err := os.RemoveAll(filepath.Join(folder, entry.Name())); err != nil {
				return scratch{}, err
			}
		}
	}
	made, err := os.MkdirTemp(folder, prefix)
	if err != nil {
		return scratch{}, err
	}
	made, err = filepath.Abs(made)
	return scratch{made}, err
}

// remove removes the folder with all that is in it. What cannot be removed now the next attempt removes.
func (s scratch) remove() {
	if s.path == "" {
		return
	}
	_ = os.RemoveAll(s.path)
	_ = os.Remove(filepath.Dir(s.path)) // if it is empty
}

// keep moves what a finished trial left to its place, and adds it to the result. Files of trials that did not end as planned are not kept:
// they would depend on when the program heard that it should end.
func (e *Evaluator) keep(t trial.Trial, r trial.Result, c *conversation) (trial.Result, error) {
	if r.Status != trial.OK || r.Stopped != nil || e.config.Folder == nil {
		return r, nil
	}
	seen := map[string]bool{}
	for _, left := range c.left {
		if left.Kind == trial.WeightsKind && !t.Keep || left.Kind == trial.CheckpointKind && !t.Checkpoint {
			continue
		}
		if seen[left.Name] || left.Name == "" {
			return r, e.spoiled(c, "left two artifacts of the name %q", left.Name)
		}
		seen[left.Name] = true
		a, err := e.adopt(t, left, c)
		if err != nil {
			return trial.Result{}, err
		}
		r.Artifacts = append(r.Artifacts, a)
	}
	slices.SortFunc(r.Artifacts, func(a, b trial.Artifact) int { return cmp.Compare(a.Name, b.Name) })
	return r, nil
}

// spoiled is the violation of a program that has already answered.
func (e *Evaluator) spoiled(c *conversation, format string, args ...any) error {
	c.child.kill()
	return c.violation(format, args...)
}

// folderOf returns the folder of artifacts of a kind.
func folderOf(kind string) string {
	switch kind {
	case trial.WeightsKind:
		return "weights"
	case trial.CheckpointKind:
		return "checkpoints"
	}
	return "artifacts"
}

// adopt moves one file from the folder of the attempt to its place.
func (e *Evaluator) adopt(t trial.Trial, left Artifact, c *conversation) (trial.Artifact, error) {
	local := filepath.FromSlash(left.Path)
	if !filepath.IsLocal(local) {
		return trial.Artifact{}, e.spoiled(c, "left the artifact %q outside the folder of the trial", left.Path)
	}
	from := filepath.Join(c.folder, local)
	info, err := os.Lstat(from)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return trial.Artifact{}, e.spoiled(c, "names the artifact %q, and there is no such file in the folder of the trial", left.Path)
	case err != nil:
		return trial.Artifact{}, broken(e.config.Worker, "%s: artifact %q: %w", c.who(), left.Path, err)
	case !info.Mode().IsRegular():
		return trial.Artifact{}, e.spoiled(c, "names the artifact %q, which is no plain file", left.Path)
	}
	a := trial.Artifact{
		Name: left.Name, Kind: left.Kind,
		Path: path.Join(folderOf(left.Kind), fmt.Sprintf("trial-%d", t.ID), filepath.ToSlash(filepath.Clean(local))),
	}
	to, err := e.config.Folder.Locate(a.Path)
	if err == nil {
		err = settle(from, to)
	}
	if err == nil {
		a, err = e.config.Folder.Seal(a)
	}
	if err == nil && a.Kind == trial.CheckpointKind {
		err = e.remember(a, c.curve)
	}
	if err != nil {
		return trial.Artifact{}, broken(e.config.Worker, "%s: artifact %q: %w", c.who(), left.Path, err)
	}
	return a, nil
}

// settle moves a file to its place once it is on disk.
func settle(from, to string) error {
	f, err := os.OpenFile(from, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// logFile returns where the log of a trial lies, empty where none is kept.
func (e *Evaluator) logFile(t trial.ID) (string, error) {
	if e.config.Folder == nil {
		return "", nil
	}
	return e.config.Folder.Locate(logPath(t))
}
