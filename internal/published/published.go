// Package published finds the published data sets and benchmark tables that lie beside the project on some machines, for tests and
// benchmarks. They are not part of the project: a test that needs them is skipped where they are not.
package published

import (
	"os"
	"path/filepath"
	"testing"
)

// Root returns the folder of the module: the nearest one above the package under test that has a go.mod.
func Root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("there is no go.mod above the test")
		}
		folder = parent
	}
}

// Data returns the path of a file or folder of the published data, as Data(t, "nas", "nb-macro.csv.gz"), or skips the test and says what
// is not there.
func Data(t testing.TB, name ...string) string {
	t.Helper()
	from := []string{"..", "shared", "data"}
	path := filepath.Join(append([]string{Root(t)}, append(from, name...)...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the published data %s is not beside the project", filepath.ToSlash(filepath.Join(append(from, name...)...)))
	}
	return path
}
