package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/trellis-nas/trellis/internal/files"
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
// otherwise it is out, which must not hold a study yet.
func newRunFolder(out, name string, o origin) (string, error) {
	if out != "" {
		if _, err := os.Stat(filepath.Join(out, journalFile)); err == nil {
			return "", hinted(fmt.Errorf("%s holds a study already", out), "go on with it: trellis resume %s; or choose another folder with --out", out)
		}
		if err := os.MkdirAll(out, 0o755); err != nil {
			return "", wrongf("the run folder cannot be made: %w", err)
		}
		return out, o.write(out)
	}
	if err := os.MkdirAll("runs", 0o755); err != nil {
		return "", wrongf("the run folder cannot be made: %w", err)
	}
	for i := 1; ; i++ {
		folder := filepath.Join("runs", name)
		if i > 1 {
			folder += "-" + strconv.Itoa(i)
		}
		err := os.Mkdir(folder, 0o755)
		if err == nil {
			return folder, o.write(folder)
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", wrongf("the run folder cannot be made: %w", err)
		}
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
