package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/store"
)

// copyFile copies the first n bytes of a file.
func copyFile(t *testing.T, from, to string, n int64) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b[:min(n, int64(len(b)))], 0o644); err != nil {
		t.Fatal(err)
	}
}

const whole = 1 << 40

// The files as they are at a moment are what a crash at that moment leaves; a log that ends anywhere is what it leaves in the
// middle of a write.
func TestWhatACrashLeavesIsAPrefixOfTheEvents(t *testing.T) {
	all := conform.Events(t)
	path := filepath.Join(t.TempDir(), "study.db")
	j, err := store.CreateSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var logs []int64 // length of the log after each append
	for i, e := range all {
		if err := j.Append(ctx, e); err != nil {
			t.Fatal(err)
		}
		log, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, log.Size())
		survives(t, path, whole, i+1)
	}
	for i := 1; i < len(logs); i += 4 {
		from := logs[i-1]
		for _, length := range []int64{from, from + 1, from + 31, (from + logs[i]) / 2, logs[i] - 1} {
			survives(t, path, length, i)
		}
	}
}

// survives opens a copy with the log cut to a length, and expects so many events, to which more can be appended.
func survives(t *testing.T, path string, log int64, events int) {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "study.db")
	copyFile(t, path, copied, whole)
	copyFile(t, path+"-wal", copied+"-wal", log)
	j, err := store.OpenSQLite(ctx, copied)
	if err != nil {
		t.Fatalf("with %d bytes of the log: %v", log, err)
	}
	defer j.Close()
	count := func() (n int) {
		for e, err := range j.Events(ctx, 0) {
			if n++; err != nil || e.Seq != int64(n) {
				t.Fatalf("with %d bytes of the log event %d is read as %d, %v", log, n, e.Seq, err)
			}
		}
		return n
	}
	if n := count(); n != events {
		t.Fatalf("with %d bytes of the log there are %d events and should be %d", log, n, events)
	}
	if err := j.Append(ctx, conform.Events(t)[0]); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != events+1 {
		t.Fatalf("after another one there are %d events", n)
	}
}

func BenchmarkAppend(b *testing.B) {
	all := conform.Events(b)
	for _, trials := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("trials=%d", trials), func(b *testing.B) {
			j, err := store.CreateSQLite(ctx, filepath.Join(b.TempDir(), "study.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			var batch []store.Event
			for range trials {
				batch = append(batch, all[1], all[3])
			}
			n := 0
			for b.Loop() {
				if err := j.Append(ctx, batch...); err != nil {
					b.Fatal(err)
				}
				n += trials
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "trials/s")
		})
	}
}
