package data

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxBytes is the most that one dataset part may hold, uncompressed. It stops a broken header or a compressed bomb long
// before the machine runs out of memory.
const maxBytes = 4 << 30

// input is one file being read from front to back. It knows its name and how far it has come, for error messages; offsets
// of a compressed file count uncompressed bytes.
type input struct {
	name string
	r    io.Reader
	at   int64
}

// withFile opens a file, through gzip when its name ends in .gz, and hands it to read.
func withFile[T any](path string, read func(*input) (T, error)) (T, error) {
	var none T
	f, err := os.Open(path)
	if err != nil {
		return none, fmt.Errorf("%s: cannot be opened: %w", path, errors.Unwrap(err))
	}
	defer f.Close()
	in, err := newInput(path, f, strings.HasSuffix(path, ".gz"))
	if err != nil {
		return none, err
	}
	return read(in)
}

func newInput(name string, r io.Reader, compressed bool) (*input, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if _, err := buffered.Peek(1); err == io.EOF {
		return nil, fmt.Errorf("%s: the file is empty", name)
	}
	if !compressed {
		return &input{name: name, r: buffered}, nil
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, fmt.Errorf("%s: is not a gzip file, which its name promises", name)
	}
	return &input{name: name, r: z}, nil
}

// fill reads len(buf) bytes; what names them in the error when there are fewer.
func (in *input) fill(buf []byte, what string) error {
	start := in.at
	n, err := io.ReadFull(in.r, buf)
	in.at += int64(n)
	if err == nil {
		return nil
	}
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s: ends at byte %d, inside %s, which should reach from byte %d to byte %d", in.name, in.at, what, start, start+int64(len(buf)))
	}
	return in.broken(err)
}

// take reads n bytes. Its memory grows with what really arrives, so a header that promises too much costs nothing.
func (in *input) take(n int64, what string) ([]byte, error) {
	start := in.at
	buf := make([]byte, 0, min(n, 1<<20))
	for int64(len(buf)) < n {
		have := len(buf)
		step := min(n-int64(have), max(1<<20, int64(have)))
		grown := make([]byte, have+int(step))
		copy(grown, buf)
		got, err := io.ReadFull(in.r, grown[have:])
		in.at += int64(got)
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("%s: ends at byte %d, inside %s, which should reach from byte %d to byte %d", in.name, in.at, what, start, start+n)
		}
		if err != nil {
			return nil, in.broken(err)
		}
		buf = grown
	}
	return buf, nil
}

// end checks that nothing follows.
func (in *input) end() error {
	var one [1]byte
	_, err := io.ReadFull(in.r, one[:])
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return in.broken(err)
	}
	return fmt.Errorf("%s: goes on after byte %d, where the data should end", in.name, in.at)
}

func (in *input) broken(err error) error {
	return fmt.Errorf("%s: cannot be read on from byte %d: %w", in.name, in.at, err)
}
