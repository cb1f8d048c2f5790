package train

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// writeFile makes a file that is either whole and on disk or, after an error or a crash, as it was before: it writes a
// temporary file beside it, syncs it and renames it. Of several writers at a time one wins. A process that is killed
// may leave its temporary file behind, whose name ends in ".partial".
func writeFile(path string, write func(io.Writer) error) error {
	folder, name := filepath.Split(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, name+".*.partial")
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
