package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/trial"
)

// Artifacts keeps the files that trials leave behind: weights, checkpoints.
type Artifacts interface {
	// Put keeps what write writes under a.Path, whole or not at all, in the place of what was there, and returns a with its size and digest.
	Put(ctx context.Context, a trial.Artifact, write func(io.Writer) error) (trial.Artifact, error)
	// Open opens an artifact for reading, after its size and digest were checked. The error is fs.ErrNotExist if it is gone, and ErrDamaged if it
	// is not what was put.
	Open(ctx context.Context, a trial.Artifact) (io.ReadCloser, error)
}

// Locator is an optional ability of Artifacts: they are files, which programs can be given by their paths.
type Locator interface {
	// Locate returns where the file of an artifact path lies or would lie, and makes its folder. The path must be local: relative and without "..".
	Locate(path string) (string, error)
}

// Folder keeps artifacts as files of a folder.
type Folder string

var (
	_ Artifacts = Folder("")
	_ Locator   = Folder("")
)

// Locate implements Locator.
func (f Folder) Locate(path string) (string, error) {
	local, err := f.file(path)
	if err != nil {
		return "", err
	}
	return local, os.MkdirAll(filepath.Dir(local), 0o777)
}

func (f Folder) file(path string) (string, error) {
	local := filepath.FromSlash(path)
	if !filepath.IsLocal(local) {
		return "", fmt.Errorf("artifact %q would lie outside the folder of the study", path)
	}
	return filepath.Join(string(f), local), nil
}

// Put implements Artifacts.
func (f Folder) Put(_ context.Context, a trial.Artifact, write func(io.Writer) error) (trial.Artifact, error) {
	at, err := f.Locate(a.Path)
	if err != nil {
		return a, err
	}
	digest := sha256.New()
	err = files.WriteBy(at, func(w io.Writer) error {
		counted := &counter{to: io.MultiWriter(w, digest)}
		err := write(counted)
		a.Size = counted.n
		return err
	})
	a.SHA256 = hex.EncodeToString(digest.Sum(nil))
	return a, err
}

// Seal returns the artifact of a file that lies in the folder already, with its size and digest.
func (f Folder) Seal(a trial.Artifact) (trial.Artifact, error) {
	at, err := f.file(a.Path)
	if err != nil {
		return a, err
	}
	file, err := os.Open(at)
	if err != nil {
		return a, err
	}
	defer file.Close()
	a.Size, a.SHA256, err = digestOf(file)
	return a, err
}

// Open implements Artifacts.
func (f Folder) Open(_ context.Context, a trial.Artifact) (io.ReadCloser, error) {
	at, err := f.file(a.Path)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("artifact %s is gone: %w", at, err)
	}
	if err != nil {
		return nil, err
	}
	size, sum, err := digestOf(file)
	if err == nil && (size != a.Size || sum != a.SHA256) {
		err = fmt.Errorf("artifact %s is %w: it has %d bytes and the digest %.12s…, and was %d bytes and %.12s…", at, ErrDamaged, size, sum, a.Size, a.SHA256)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func digestOf(r io.Reader) (size int64, sum string, err error) {
	digest := sha256.New()
	size, err = io.Copy(digest, r)
	return size, hex.EncodeToString(digest.Sum(nil)), err
}

type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}
