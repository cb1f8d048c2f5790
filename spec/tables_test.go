package spec_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/spec"
)

// operators is a cost file that refers to a packed table of operators in another folder.
const operators = "trellis-cost: 1\nmetric: energy\nunit: mJ\noperators: {table: ../tables/ops.csv.gz}\n"

// packed is that table for the space of TestATableOfOperatorsIsKeptInTheJournalToo.
func packed(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte("block,kernel,mean\nconv,3,1.5\nconv,5,2.25\nhead,,0.5\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestATableOfOperatorsIsKeptInTheJournalToo(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{"study", "tables"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	study, table := filepath.Join(dir, "study", "study.yaml"), filepath.Join(dir, "tables", "ops.csv.gz")
	text := strings.Replace(small, "{use: chain, stem: 4, stages: [{layers: 2, width: 4}]}",
		"{body: [choice: {name: op, options: {a: {conv: {out: 4}}, b: {conv: {out: 4, kernel: 5}}}}, head]}", 1)
	write(t, study, text+"costs: [energy.yaml]\nlimits: {energy: 2.5}\n")
	write(t, filepath.Join(dir, "study", "energy.yaml"), operators)
	write(t, table, string(packed(t)))
	f, err := spec.Open(study)
	if err != nil {
		t.Fatal(err)
	}
	first := plan(t, f)
	if len(first.Files) != 2 || first.Files[1].Path != "../tables/ops.csv.gz" || !strings.HasPrefix(first.Files[1].Text, "block,kernel,mean\n") {
		t.Fatalf("the files of the journal are %+v", first.Files)
	}
	if _, most := first.Region.Range(lattice.Metric("energy")); first.Region.Count().Int64() != 1 || most != 200 {
		t.Errorf("%v architectures take at most 2.5 mJ; the greatest of them takes %d bins", first.Region.Count(), most)
	}
	if err := os.RemoveAll(filepath.Join(dir, "tables")); err != nil {
		t.Fatal(err)
	}
	begun := started(first)
	begun.Files = first.Files
	for _, path := range []string{study, "study.yaml"} { // where the study was, and somewhere else
		again, err := spec.Reopen(path, begun)
		if err != nil {
			t.Fatal(err)
		}
		if p := plan(t, again); p.Region.Count().Int64() != 1 {
			t.Errorf("from %s: %v architectures", path, p.Region.Count())
		}
	}
}
