package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/terminal"
	"github.com/trellis-nas/trellis/store"
)

// A run folder holds one study: its journal, the weights of its finalists, and where its data was.
const (
	journalFile = store.FileName
	originFile  = "origin.json"
)

// origin says where on this machine the parts of a study came from, so that resume finds them again. It is not part of the
// journal, for another machine keeps them elsewhere.
type origin struct {
	StudyFile string `json:"study_file"`     // absolute
	Data      string `json:"data,omitempty"` // absolute; what --data said
}

// newRunFolder makes an empty folder for a study. Where out is empty it is the first free one of runs/NAME, runs/NAME-2, …;
// otherwise it is out, which must not hold a study yet. undo removes what was made, for a study that cannot begin.
func newRunFolder(out, name string, o origin) (folder string, undo func() error, err error) {
	var made []string // folders that were not there before, the outermost first
	undo = func() error {
		for _, file := range []string{journalFile, originFile} {
			if err := os.Remove(filepath.Join(folder, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		for _, f := range slices.Backward(made) {
			if f == folder {
				err = os.RemoveAll(f) // it is all of this study
			} else {
				err = os.Remove(f)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if out != "" {
		if _, err := os.Stat(filepath.Join(out, journalFile)); err == nil {
			return "", nil, terminal.Hinted(fmt.Errorf("%s holds a study already", out), "go on with it: trellis resume %s; or choose another folder with --out", out)
		}
		folder, made = out, missing(out)
		if err := os.MkdirAll(out, 0o755); err != nil {
			return "", nil, terminal.Mistakef("the run folder cannot be made: %w", err)
		}
		return folder, undo, o.write(folder)
	}
	made = missing("runs")
	if err := os.MkdirAll("runs", 0o755); err != nil {
		return "", nil, terminal.Mistakef("the run folder cannot be made: %w", err)
	}
	for i := 1; ; i++ {
		folder = filepath.Join("runs", name)
		if i > 1 {
			folder += "-" + strconv.Itoa(i)
		}
		err := os.Mkdir(folder, 0o755)
		if err == nil {
			made = append(made, folder)
			return folder, undo, o.write(folder)
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", nil, terminal.Mistakef("the run folder cannot be made: %w", err)
		}
	}
}

// missing returns the folders on the way to path that are not there, the outermost first.
func missing(path string) (out []string) {
	for p := path; ; p = filepath.Dir(p) {
		if _, err := os.Stat(p); !errors.Is(err, fs.ErrNotExist) || p == filepath.Dir(p) {
			slices.Reverse(out)
			return out
		}
		out = append(out, p)
	}
}

func (o origin) write(folder string) error {
	b, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return files.Write(filepath.Join(folder, originFile), append(b, '\n'))
}

func readOrigin(folder string) (origin, error) {
	var o origin
	b, err := os.ReadFile(filepath.Join(folder, originFile))
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return o, fmt.Errorf("%s: %w", filepath.Join(folder, originFile), err)
	}
	return o, nil
}
