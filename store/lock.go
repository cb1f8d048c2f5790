package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// fileLock is a lock of the operating system on a small file beside the journal. The system gives it up when the
// process ends, however it ends; SQLite's own locks cannot serve, since they must let readers and commits pass.
type fileLock struct{ file *os.File }

// lockFile takes the lock of the journal at path, or says who has it.
func lockFile(path string) (*fileLock, error) {
	name := path + "-lock"
	for {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be written: %w", path, err)
		}
		if err := tryLock(f); err != nil {
			owner, _ := io.ReadAll(io.LimitReader(f, 200))
			f.Close()
			if !errors.Is(err, errLocked) {
				return nil, fmt.Errorf("%s cannot be locked: %w", path, err)
			}
			if who := strings.TrimSpace(string(owner)); who != "" {
				return nil, fmt.Errorf("%s is %w (%s)", path, ErrInUse, who)
			}
			return nil, fmt.Errorf("%s is %w", path, ErrInUse)
		}
		// The former owner removes the file before it unlocks it, so a lock on a file that is gone is worth nothing.
		held, err1 := f.Stat()
		there, err2 := os.Stat(name)
		if err1 != nil || err2 != nil || !os.SameFile(held, there) {
			f.Close()
			continue
		}
		// Only for the message above; a lock whose owner is not named is as good.
		if f.Truncate(0) == nil {
			host, _ := os.Hostname()
			fmt.Fprintf(f, "process %d on %s\n", os.Getpid(), host)
		}
		return &fileLock{f}, nil
	}
}

// release removes and unlocks the file. Where an open file cannot be removed it stays, unlocked, and does no harm.
func (l *fileLock) release() {
	_ = os.Remove(l.file.Name())
	l.file.Close()
}

var errLocked = errors.New("locked")
