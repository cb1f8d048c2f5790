package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/store"
)

// attached returns the text of a file that the study refers to, and the path it has in errors. It is the text that the journal keeps, where
// the study was read from one; otherwise the file is read. Its path is relative to the study file. kind says what it is, as "cost file".
func (f *File) attached(at strict.Value, kind string) (path, text string, err error) {
	written := at.Text("")
	if err := f.doc.Err(); err != nil {
		return "", "", err
	}
	path = f.beside(written)
	for _, kept := range f.kept {
		if kept.Path == written {
			return path, kept.Text, nil
		}
	}
	b, err := readFile(path, kind)
	return path, string(b), f.at(at, err)
}

// readFile reads a file of some kind, or says why not.
func readFile(path, kind string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no %s %s", kind, path)
	}
	if info, e := os.Stat(path); e == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder, want a %s", path, kind)
	}
	if err != nil {
		return nil, fmt.Errorf("the %s cannot be read: %w", kind, err)
	}
	return b, nil
}

// readSettings reads the files that settings of the strategy name, and has them kept in the journal.
func (p *Plan) readSettings() error {
	values := p.Strategy.Values
	for _, s := range values.settings {
		if s.Kind != Path || !values.Given(s.Name) {
			continue
		}
		at := p.Strategy.at.AnyMap().Get(s.Name)
		path, text, err := p.attached(at, s.Name+" file")
		if err != nil {
			return err
		}
		p.Files = attach(p.Files, at.Text(""), text)
		p.settings = append(p.settings, settingFile{s.Name, path, text})
	}
	return nil
}

// attach remembers the text of a file for the journal; one that is named twice is kept once.
func attach(files []store.File, path, text string) []store.File {
	for _, f := range files {
		if f.Path == path {
			return files
		}
	}
	return append(files, store.File{Path: path, Text: text})
}

// beside returns a path that is relative to the study file as one that can be opened.
func (f *File) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.path), path)
}
