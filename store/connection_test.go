package store

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestAJournalLockedByAnotherProgramIsInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.db")
	j, err := CreateSQLite(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	locking, err := connect(path)
	if err != nil {
		t.Fatal(err)
	}
	defer locking.Close()
	tx, err := locking.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	waiting, err := connect(path, "_pragma=busy_timeout(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer waiting.Close()
	_, err = waiting.Begin()
	if err = explain(path, err); !errors.Is(err, ErrInUse) || !strings.HasSuffix(err.Error(), "study.db is in use by another process") {
		t.Errorf("the error is %v", err)
	}
}

func TestEveryConnectionOfAWriterWaitsForTheDisk(t *testing.T) {
	j, err := CreateSQLite(context.Background(), filepath.Join(t.TempDir(), "study.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for range 3 { // held open, so that each is another connection
		c, err := j.db.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "fullfsync": "1"} {
			var got string
			if err := c.QueryRowContext(context.Background(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s and should be %s, %v", pragma, got, want, err)
			}
		}
	}
}
