package files_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/files"
)

func TestAFileIsReplacedAsAWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "weights")
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, s)
			return err
		}
	}
	if err := files.WriteBy(path, text("first")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	err := files.WriteBy(path, func(w io.Writer) error {
		io.WriteString(w, "half of the sec")
		return full
	})
	if !errors.Is(err, full) {
		t.Errorf("a failing write gives %v; want the cause", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "first" {
		t.Errorf("after a failed write the file holds %q; want what it held before", got)
	}
	if err := files.WriteBy(path, text("second")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "second" {
		t.Errorf("the file holds %q; want what was written last", got)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the file there is %v (%v); want nothing", left, err)
	}
}

func TestAFileThatCannotBeWrittenIsNamedAndNotItsTemporaryOne(t *testing.T) {
	folder := t.TempDir()
	blocked := filepath.Join(folder, "file")
	if err := files.Write(blocked, []byte("text")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(blocked, "inside"), folder} {
		err := files.Write(path, []byte("more"))
		if err == nil || !strings.HasPrefix(err.Error(), path+" cannot be written: ") || strings.Contains(err.Error(), ".partial") {
			t.Errorf("%v", err)
		}
	}
	if paths, err := files.WriteAll(folder, []files.File{{Name: "a", Content: []byte("1")}, {Name: "b", Content: []byte("2")}}); err != nil || len(paths) != 2 {
		t.Errorf("%v, %v", paths, err)
	}
}
