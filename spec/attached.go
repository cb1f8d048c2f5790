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
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", f.at(at, fmt.Errorf("there is no %s %s", kind, path))
	}
	if err != nil {
		return "", "", f.at(at, fmt.Errorf("the %s cannot be read: %w", kind, err))
	}
	return path, string(b), nil
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
