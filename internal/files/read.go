// Package files reads files with a sentence for what is wrong with them, and writes files whole or not at all.
package files

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Read returns the text of the file at path, or says why not. kind says what file it should be, as "study file".
func Read(path, kind string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no %s %s", kind, path)
	}
	if info, e := os.Stat(path); e == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder, want a %s", path, kind)
	}
	if err != nil {
		return nil, fmt.Errorf("the %s cannot be read: %w", kind, err)
	}
	return text, nil
}

// ReadPacked is [Read] for a file that is packed by gzip if its name ends in .gz. A text of more than so many bytes is an error.
func ReadPacked(path, kind string, most int64) ([]byte, error) {
	packed, err := Read(path, kind)
	if err != nil || !strings.HasSuffix(path, ".gz") {
		return packed, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%s is not packed by gzip, which its name promises", path)
	}
	text, err := io.ReadAll(io.LimitReader(z, most+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("%s is cut short: its packed text has no end", path)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be unpacked: %w", path, err)
	case int64(len(text)) > most:
		return nil, fmt.Errorf("%s cannot be unpacked: it holds more than %d bytes", path, most)
	}
	return text, nil
}
