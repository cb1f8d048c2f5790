package bench_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/internal/published"
)

// small is a table of a space of nine architectures, of which the file has eight, one twice.
const small = `table: 1
name: small
file: small.csv
join: [{file: costs.csv, on: arch}]
space: {input: 8x8x1, body: [{choice: {name: a, options: {x: identity, y: identity, z: identity}}}, {choice: {name: b, options: {x: identity, y: identity, z: identity}}}]}
key: arch
objectives: [maximise: accuracy]
metrics:
  accuracy: {feedback: [seed0, seed1], report: test}
  params: {feedback: kilo, scale: 1e3}
seconds: time
`

const smallRows = `arch,seed0,seed1,test,time
x x,1,2,10,1
x y,2,3,20,2
x z,3,4,30,3
y x,4,5,40,4
y y,5,6,50,5
y z,6,7,60,6
z x,7,8,70,7
z y,,,,8
x x,3,4,20,3
`

const smallCosts = `arch,kilo,test
z x,1,0
y z,2,0
y y,3,0
y x,4,0
x z,5,0
x y,6,0
`

// folder writes files and returns where.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func smallFolder(t testing.TB, description string) string {
	return filepath.Join(folder(t, map[string]string{"small.yaml": description, "small.csv": smallRows, "costs.csv": smallCosts}), "small.yaml")
}

func smallTable(t testing.TB) *bench.Table {
	t.Helper()
	table, err := bench.Open(smallFolder(t, small), "")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// example opens an example table on the published file beside the project, or skips.
func example(t testing.TB, name string) *bench.Table {
	t.Helper()
	table, err := bench.Open(filepath.Join(published.Root(t), "examples", "tables", name+".yaml"), published.Data(t, "nas"))
	if err != nil {
		t.Fatal(err)
	}
	return table
}
