package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write makes a file that is either whole and on disk or, after an error or a crash, as it was before: it writes a temporary file
// beside it, syncs it and renames it. Folders on the way are made. Of several writers at a time one wins. A process that is killed may
// leave its temporary file behind, whose name ends in ".partial".
func Write(path string, content []byte) error {
	return WriteBy(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// File is a file to be written.
type File struct {
	Name    string
	Content []byte
}

// WriteAll writes files into a folder, one after another, and returns their paths.
func WriteAll(folder string, all []File) ([]string, error) {
	var paths []string
	for _, f := range all {
		path := filepath.Join(folder, f.Name)
		if err := Write(path, f.Content); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// WriteBy is [Write] of what write writes. The error names the file and the cause.
func WriteBy(path string, write func(io.Writer) error) error {
	err := writeBy(path, write)
	if err == nil {
		return nil
	}
	var ( // of the temporary file
		of     *fs.PathError
		rename *os.LinkError
	)
	switch {
	case errors.As(err, &of):
		err = of.Err
	case errors.As(err, &rename):
		err = rename.Err
	}
	return fmt.Errorf("%s cannot be written: %w", path, err)
}

func writeBy(path string, write func(io.Writer) error) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, filepath.Base(path)+".*.partial")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
