package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/store"
)

func TestMemoryIsAJournal(t *testing.T) {
	conform.Journal(t, conform.Journals{New: func(testing.TB) store.Journal { return new(store.Memory) }})
}

func TestSQLiteIsAJournal(t *testing.T) {
	ctx := context.Background()
	paths := map[store.Journal]string{}
	conform.Journal(t, conform.Journals{
		New: func(t testing.TB) store.Journal {
			path := filepath.Join(t.TempDir(), "study.db")
			j, err := store.CreateSQLite(ctx, path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { j.Close() })
			paths[j] = path
			return j
		},
		Reopen: func(t testing.TB, j store.Journal) store.Journal {
			again, err := store.ReadSQLite(ctx, paths[j])
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { again.Close() })
			return again
		},
	})
}
