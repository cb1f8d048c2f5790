package train

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// writeFile makes a file that is either whole and on disk or, after an error or a crash, as it was before: it writes
// PATH.partial, syncs it and renames it. What a killed run left half-written is overwritten by the next attempt.
func writeFile(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	partial := path + ".partial"
	f, err := os.Create(partial)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	return os.Rename(partial, path)
}
