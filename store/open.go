package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// Mode says how a journal is opened.
type Mode int

// The modes.
const (
	Read   Mode = iota // an existing journal, for reading only, also while another process writes it
	Write              // an existing journal
	Create             // a new journal; it is an error if there is one
	Ensure             // the existing journal, or a new one
)

// Scheme is a kind of journal that Open knows by the beginning of its address.
type Scheme struct {
	Name string // what stands before the colon
	Doc  string // one line
	open func(ctx context.Context, rest string, mode Mode) (Journal, error)
}

// Schemes returns the kinds of journals, in the order in which they are documented.
func Schemes() []Scheme {
	return []Scheme{
		{"sqlite", "sqlite:PATH, or PATH alone: a file", openSQLite},
		{"memory", "memory: is gone with the process", openMemory},
	}
}

// Open opens the journal at an address: "sqlite:PATH", "memory:", or the path of a file. The errors are those of the kind of journal, as ErrExists, ErrInUse,
// ErrNotJournal, ErrNewer, ErrOlder, ErrDamaged and fs.ErrNotExist.
func Open(ctx context.Context, address string, mode Mode) (Journal, error) {
	name, rest, ok := strings.Cut(address, ":")
	if !ok || len(name) < 2 { // a path, or one that begins with the letter of a drive
		return openSQLite(ctx, address, mode)
	}
	var names []string
	for _, s := range Schemes() {
		if s.Name == name {
			return s.open(ctx, rest, mode)
		}
		names = append(names, s.Name)
	}
	if strings.ContainsAny(name, "/\\.") {
		return openSQLite(ctx, address, mode)
	}
	return nil, fmt.Errorf("journal %q is of an unknown kind %q; %s", address, name, nearest.Advice(name, names))
}

func openSQLite(ctx context.Context, path string, mode Mode) (Journal, error) {
	if path == "" {
		return nil, errors.New("a journal in a file needs its path: sqlite:PATH")
	}
	switch mode {
	case Create:
		return journal(CreateSQLite(ctx, path))
	case Write:
		return journal(OpenSQLite(ctx, path))
	case Ensure:
		j, err := OpenSQLite(ctx, path)
		if errors.Is(err, fs.ErrNotExist) {
			return journal(CreateSQLite(ctx, path))
		}
		return journal(j, err)
	}
	return journal(ReadSQLite(ctx, path))
}

// journal keeps a nil pointer from becoming an interface that is not nil.
func journal(j *SQLite, err error) (Journal, error) {
	if err != nil {
		return nil, err
	}
	return j, nil
}

func openMemory(_ context.Context, rest string, mode Mode) (Journal, error) {
	if rest != "" {
		return nil, fmt.Errorf("a journal in memory has no name, and %q was given", rest)
	}
	if mode == Read || mode == Write {
		return nil, fmt.Errorf("a journal in memory is always new: %w", fs.ErrNotExist)
	}
	return new(Memory), nil
}
