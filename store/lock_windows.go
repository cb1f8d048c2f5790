package store

import (
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks one byte far behind the end of the file, so that others can still read who has the lock.
func tryLock(f *os.File) error {
	const offset = 1 << 30
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{Offset: offset})
	if err == windows.ERROR_LOCK_VIOLATION || err == windows.ERROR_IO_PENDING {
		return errLocked
	}
	return err
}

// syncFolder does nothing: Windows has no such call, and NTFS journals its entries.
func syncFolder(string) error { return nil }
