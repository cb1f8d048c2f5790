package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite is a journal in a file. Every Append and Spool is one transaction that is on the disk when it returns (WAL,
// synchronous=FULL, full barriers on macOS). It is safe for concurrent use.
//
// While a journal is open for writing, the file PATH-lock beside it is locked and names the process, and SQLite keeps
// PATH-wal and PATH-shm. They are gone after Close. After a crash they stay, belong to the journal, and the next
// OpenSQLite takes them in.
type SQLite struct {
	path     string
	db       *sql.DB
	lock     *fileLock // nil if it was opened by ReadSQLite
	last     int64     // Seq of the last event; under the lock of writing
	writing  chan struct{}
	readOnly bool
}

// CreateSQLite makes a new journal at path and opens it for writing. The file appears complete or not at all. It is an error
// that is ErrExists if there is a file already.
func CreateSQLite(ctx context.Context, path string) (*SQLite, error) {
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		lock.release()
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s %w", path, ErrExists)
	}
	if err := createFile(ctx, path); err != nil {
		lock.release()
		return nil, fmt.Errorf("%s cannot be created: %w", path, err)
	}
	return openLocked(ctx, path, lock)
}

// createFile writes an empty journal beside path and moves it there when it is whole. The caller holds the lock.
func createFile(ctx context.Context, path string) error {
	unfinished := path + "-new"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := connect(unfinished, "_pragma=synchronous(FULL)", "_pragma=fullfsync(1)")
	if err != nil {
		return err
	}
	setUp := fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d; BEGIN; %s COMMIT;", applicationID, formatVersion, schema)
	_, err = db.ExecContext(ctx, setUp)
	if err = errors.Join(err, db.Close()); err != nil {
		return errors.Join(err, os.Remove(unfinished))
	}
	if err := os.Rename(unfinished, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// OpenSQLite opens an existing journal for writing. The error is ErrInUse if another process has it open for writing,
// ErrNotJournal, ErrNewer, ErrOlder or ErrDamaged if the file is not right, and fs.ErrNotExist if there is none.
func OpenSQLite(ctx context.Context, path string) (*SQLite, error) {
	if err := checkHeader(path); err != nil {
		return nil, err
	}
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	return openLocked(ctx, path, lock)
}

// openLocked opens for writing what was looked at for reading first, so that a file that is refused is not changed.
func openLocked(ctx context.Context, path string, lock *fileLock) (*SQLite, error) {
	reader, err := ReadSQLite(ctx, path)
	if err == nil {
		err = reader.Close()
	}
	if err != nil {
		lock.release()
		return nil, err
	}
	db, err := connect(path, "_pragma=busy_timeout(5000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=fullfsync(1)")
	if err == nil {
		err = db.PingContext(ctx)
	}
	if err != nil {
		lock.release()
		return nil, explain(path, err)
	}
	return &SQLite{path: path, db: db, lock: lock, last: reader.last, writing: make(chan struct{}, 1)}, nil
}

// ReadSQLite opens an existing journal for reading only, also while another process writes it. Errors are those of OpenSQLite,
// without ErrInUse.
func ReadSQLite(ctx context.Context, path string) (*SQLite, error) {
	if err := checkHeader(path); err != nil {
		return nil, err
	}
	db, err := connect(path, "_pragma=busy_timeout(5000)", "mode=ro", "_pragma=query_only(1)")
	if err != nil {
		return nil, explain(path, err)
	}
	j := &SQLite{path: path, db: db, writing: make(chan struct{}, 1), readOnly: true}
	if err := j.check(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return j, nil
}

// check finds damage that SQLite can tell quickly, and the last sequence number.
func (j *SQLite) check(ctx context.Context) error {
	var count int64
	if err := j.db.QueryRowContext(ctx, "SELECT count(*), coalesce(max(seq), 0) FROM event").Scan(&count, &j.last); err != nil {
		return explain(j.path, err)
	}
	if count != j.last {
		return fmt.Errorf("%s is %w: it has %d events and the last is number %d", j.path, ErrDamaged, count, j.last)
	}
	return nil
}

func connect(path string, settings ...string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := filepath.ToSlash(absolute)
	if name[0] != '/' {
		name = "/" + name // C:/x is file:///C:/x
	}
	uri := url.URL{Scheme: "file", Path: name}
	query := ""
	for _, s := range settings {
		query += "&" + s
	}
	connector, err := sqlite.NewConnector(uri.String() + "?_txlock=immediate" + query)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxIdleConns(4)
	return db, nil
}

// checkHeader tells a file that is no journal before SQLite or the lock leave anything beside it.
func checkHeader(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is %w", path, ErrNotJournal)
	}
	// The header of an SQLite file: its magic, the user version at 60, the application at 68.
	const magic, size = "SQLite format 3\x00", 100
	head := make([]byte, size)
	if _, err := io.ReadFull(f, head); err != nil || string(head[:len(magic)]) != magic {
		return fmt.Errorf("%s is %w", path, ErrNotJournal)
	}
	if binary.BigEndian.Uint32(head[68:]) != applicationID {
		return fmt.Errorf("%s is %w but a database of another program", path, ErrNotJournal)
	}
	switch version := binary.BigEndian.Uint32(head[60:]); {
	case version > formatVersion:
		return fmt.Errorf("%s is %w: its format is %d and this version reads %d", path, ErrNewer, version, formatVersion)
	case version < formatVersion:
		return fmt.Errorf("%s is %w: its format is %d and this version reads %d; run its study again", path, ErrOlder, version, formatVersion)
	}
	return nil
}

// explain makes a sentence of an error of SQLite.
func explain(path string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %w", path, err)
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s is %w", path, ErrNotJournal)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%s is %w: %w", path, ErrDamaged, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%s is %w", path, ErrInUse)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%s cannot be written: no space is left on its disk: %w", path, err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%s cannot be read or written: %w", path, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Close waits for a running Append, then folds the write-ahead log into the file, so that a closed journal is one plain
// file, and gives up the lock. If a reader has the journal open the log stays until the next Close.
func (j *SQLite) Close() error {
	j.writing <- struct{}{}
	defer func() { <-j.writing }()
	if j.db == nil {
		return nil
	}
	if !j.readOnly {
		j.db.SetMaxIdleConns(0) // idle connections are readers too
		// Refused while there are readers, and then not needed for anything but tidiness.
		_, _ = j.db.Exec("PRAGMA busy_timeout=0; PRAGMA journal_mode=DELETE")
	}
	err := j.db.Close()
	if j.lock != nil {
		j.lock.release()
	}
	return err
}
