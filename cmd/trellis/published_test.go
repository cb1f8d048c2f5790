package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/published"
)

// TestAPublishedTableIsAnEvaluatorOfStudies searches NAS-Bench-201. Its best in validation and their test accuracies are in the table.
func TestAPublishedTableIsAnEvaluatorOfStudies(t *testing.T) {
	columns := filepath.Dir(published.Data(t, "nas", "nb201_cifar10.csv.gz"))
	table := filepath.Join(published.Root(t), "examples", "tables", "nb201.yaml")
	dir := t.TempDir()
	file, folder := filepath.Join(dir, "nb201.yaml"), filepath.Join(dir, "run")
	text := "trellis: 1\nname: nb201\nevaluation: {kind: table, table: '" + table + "', folder: '" + columns + "'}\n" +
		"strategy: {name: evolution, population: 10, sample: 3}\nbudget: {trials: 60}\nfinalists: {count: 2}\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := trellis(t, 2, "search", file, "--out", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	shown := shownBy(t, folder)
	if n := strings.Count(shown, `"id": `); n != 62 {
		t.Errorf("the study has %d trials, want 60 and 2 finalists", n)
	}
	if n := strings.Count(shown, `"test": {`); n < 2 {
		t.Errorf("%d finalists were tested by the reported column, want 2", n)
	}
	if out, err := trellis(t, 1, "resume", folder).CombinedOutput(); err != nil || !strings.Contains(string(out), "the study is complete") {
		t.Errorf("%v\n%s", err, out)
	}
}
