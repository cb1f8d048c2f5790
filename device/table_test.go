package device_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// mbconv is an inverted residual on 28x28x16.
func mbconv(t testing.TB, kernel, out int, expand float64) space.Operator {
	t.Helper()
	o, err := space.LeafOf(&space.MBConv{Kernel: space.Of(kernel), Out: space.Of(out), Expand: space.Of(expand)}).Operator(space.Env{}, network.Shape{H: 28, W: 28, C: 16})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func identity(t testing.TB) space.Operator {
	t.Helper()
	o, err := space.LeafOf(&space.Identity{}).Operator(space.Env{}, network.Shape{H: 28, W: 28, C: 16})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// read reads the operators section of a cost file that stands in folder.
func read(folder, text string) (*device.Table, error) {
	file := filepath.Join(folder, "cost.yaml")
	doc := strict.Parse(file, []byte(text))
	table, err := device.Read(file, doc.Root(), device.OpenTable)
	if doc.Err() != nil {
		err = doc.Err()
	}
	return table, err
}

func mustRead(t testing.TB, text string) *device.Table {
	t.Helper()
	table, err := read(t.TempDir(), text)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTheRowWithTheMostFeaturesCounts(t *testing.T) {
	table := mustRead(t, `
value: median
rows:
  - {block: mbconv, median: 9, count: 100}
  - {block: mbconv, kernel: 3, median: 2}
  - {block: mbconv, kernel: 3, in: 28x28x16, expanded: 96.0, skip: true, median: 1.5}
  - {block: mbconv, kernel: 5, in_c: 16, median: 4}
`)
	for _, c := range []struct {
		of   space.Operator
		want float64
	}{{mbconv(t, 3, 16, 6), 1.5}, {mbconv(t, 3, 24, 6), 2}, {mbconv(t, 5, 16, 6), 4}, {mbconv(t, 7, 16, 6), 9}, {identity(t), 0}} {
		if got, ok, err := table.Find(c.of); err != nil || !ok || got != c.want {
			t.Errorf("%s costs %v (%t, %v), want %v", c.of, got, ok, err, c.want)
		}
	}
}

func TestRowsThatDisagreeAreAMistake(t *testing.T) {
	table := mustRead(t, "rows:\n  - {block: mbconv, kernel: 3, mean: 1}\n  - {block: mbconv, expand: 6, mean: 2}\n")
	_, _, err := table.Find(mbconv(t, 3, 16, 6))
	if err == nil || !strings.Contains(err.Error(), "cost.yaml:3: the row is about mbconv 28x28x16") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsMissingIsGuessedOnlyWhereTheTableSaysHow(t *testing.T) {
	rows := "rows:\n  - {block: mbconv, kernel: 3, expand: 3, mean: 3}\n  - {block: mbconv, kernel: 3, expand: 6, mean: 7}\n"
	low, high := mbconv(t, 3, 16, 3), mbconv(t, 3, 16, 6)
	between, above := mbconv(t, 3, 16, 4), mbconv(t, 3, 16, 12)
	all := []space.Operator{low, high, between, above, identity(t)}
	share := float64(between.Graph.MACs()-low.Graph.MACs()) / float64(high.Graph.MACs()-low.Graph.MACs())
	for _, c := range []struct {
		missing        string
		between, above float64
	}{
		{"nearest", 3, 7},
		{"interpolate", 3 + 4*share, 7 * float64(above.Graph.MACs()) / float64(high.Graph.MACs())},
		{"0", 0, 0},
	} {
		costs, err := mustRead(t, rows+"missing: "+c.missing+"\n").Costs(all)
		if err != nil {
			t.Fatal(err)
		}
		if len(costs.Guesses) != 2 || costs.Of(low) != 3 || math.Abs(costs.Of(between)-c.between) > 1e-12 || math.Abs(costs.Of(above)-c.above) > 1e-12 {
			t.Errorf("missing: %s: %d guesses, of which %v between and %v above; want %v and %v", c.missing, len(costs.Guesses), costs.Of(between), costs.Of(above), c.between, c.above)
		}
	}
	_, err := mustRead(t, rows).Costs(all)
	var missing *device.MissingError
	if !errors.As(err, &missing) || len(missing.Missing) != 2 || !strings.Contains(err.Error(), "the nearest row is block=mbconv expand=6 kernel=3") {
		t.Errorf("got %v, want the two operators that are missing", err)
	}
	if _, err := mustRead(t, "rows: []\nmissing: nearest\n").Costs(all); !errors.As(err, &missing) {
		t.Errorf("a table without rows has a nearest one: %v", err)
	}
	for text, want := range map[string]string{
		"rows: []\nmissing: nearest\n":                                          "; add them, or let them cost nothing by missing: 0\n",
		"rows:\n  - {block: conv, in: 8x8x16, mean: 2}\nmissing: interpolate\n": "; missing: interpolate needs rows of the same block; add some, or say what they cost by missing: nearest or 0\n",
		"rows:\n  - {block: conv, in: 8x8x16, mean: 2}\n":                       "; add them, or say what they cost by missing: nearest, interpolate or 0\n",
	} {
		if _, err := mustRead(t, text).Costs(all); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is refused with %v, want the advice %q", text, err, want)
		}
	}
}

const phone = "device,op,size,to,width,k,hs,ms\n" +
	"a,ir,28x28x16,28x28x16,96,3,0,1.5\n" +
	"b,ir,28x28x16,28x28x16,96,3,0,9\n" +
	"a,ir5,28x28x16,28x28x24,96,,0,2.5\n" +
	"a,fc,1280,1000,,,,0.25\n" +
	"a,noise,1x1x1,1,,,,7\n"

const phoneColumns = `
table: phone.csv
where: {device: a}
value: ms
columns:
  op:
    as: block
    words: {ir: mbconv, ir5: {block: mbconv, kernel: 5}, fc: dense, noise: ignore}
  size: in
  to: out
  width: expanded
  k: kernel
  hs: {as: act, words: {0: relu, 1: hswish}}
`

func TestAPublishedTableIsReadWithColumnsOfItsOwn(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "phone.csv"), []byte(phone), 0o644); err != nil {
		t.Fatal(err)
	}
	table, err := read(folder, phoneColumns)
	if err != nil {
		t.Fatal(err)
	}
	dense, err := space.LeafOf(&space.Dense{Out: space.Of(1000)}).Operator(space.Env{}, network.Vector(1280))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of   space.Operator
		want float64
	}{{mbconv(t, 3, 16, 6), 1.5}, {mbconv(t, 5, 24, 6), 2.5}, {dense, 0.25}} {
		if got, ok, err := table.Find(c.of); err != nil || !ok || got != c.want {
			t.Errorf("%s costs %v (%t, %v), want %v", c.of, got, ok, err, c.want)
		}
	}
	if _, ok, _ := table.Find(mbconv(t, 5, 16, 6)); ok || table.Rows() != 3 {
		t.Errorf("%d rows, one of them about what is not there: %t", table.Rows(), ok)
	}
}

func TestMistakesInTablesHaveTheirPlace(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ section, csv, want string }{
		{"rows:\n  - {block: mbcon, mean: 1}\n", "", `cost.yaml:2:13: block "mbcon" is unknown; the nearest is "mbconv"`},
		{"rows:\n  - {block: mbconv, kernal: 3, mean: 1}\n", "", `cost.yaml:2:21: unknown key "kernal"; the nearest is "kernel"`},
		{"rows:\n  - {block: mbconv, in: 28x28, mean: 1}\n", "", `cost.yaml:2:25: in is "28x28", want height x width x channels, as 28x28x16, or the length of a vector`},
		{"rows:\n  - {block: mbconv}\n", "", `cost.yaml:2:5: "mean" is missing`},
		{"rows:\n  - {mean: 3}\n", "", `cost.yaml:2:5: "block" is missing`},
		{"rows:\n  - {block: mbconv, mean: -1}\n", "", `cost.yaml:2:27: mean is -1, want at least 0`},
		{"rows: []\nmissing: nearst\n", "", `cost.yaml:2:10: missing "nearst" is unknown; the nearest is "nearest" (of error, nearest, interpolate, 0)`},
		{"rows: []\ntable: t.csv\n", "", `cost.yaml:1:1: there are rows and a table; one of them is enough`},
		{"rows: []\nwhere: {a: b}\n", "", `cost.yaml:2:1: "where" is about a CSV file, and there is no "table"`},
		{"missing: error\n", "", `cost.yaml:1:1: "rows" is missing`},
		{"table: none.csv\n", "", `there is no table FOLDER/none.csv`},
		{"table: t.csv\ncolumns: {op: blok}\n", "op,mean\n", `cost.yaml:2:15: feature "blok" is unknown; the nearest is "block"`},
		{"table: t.csv\ncolumns: {op: {words: {a: mbconv}}}\n", "op,mean\n", `cost.yaml:2:27: "a" stands for a text, but there is no "as" to say of which feature; or write a mapping of features`},
		{"table: t.csv\ncolumns: {opp: block}\n", "op,mean\n", `FOLDER/t.csv:1:1: there is no column "opp"; the nearest is "op" (of op, mean)`},
		{"table: t.csv\n", "", `FOLDER/t.csv:1:1: the file is empty; its first line names the columns`},
		{"table: t.csv\n", "block,kernal,mean\n", `FOLDER/t.csv:1:7: unknown column "kernal"; the nearest is "kernel"`},
		{"table: t.csv\n", "block,mean\nmbconv,x\n", `FOLDER/t.csv:2:8: mean is "x", want a number from 0 to 1e+09`},
		{"table: t.csv\n", "block,mean\nmbconv,1\nmbconv\n", `FOLDER/t.csv:3:1: this is not CSV: wrong number of fields`},
		{"table: t.csv\n", "kernel,mean\n3,1\n", `FOLDER/t.csv:2:1: the line does not say of which block it is`},
		{"table: t.csv\ncolumns: {op: {as: block, words: {ir: mbconv}}}\n", "op,mean\nirr,1\n", `FOLDER/t.csv:2:1: word "irr" is unknown; the only valid one is "ir"`},
		{"table: t.csv\ncolumns: {op: {words: {ir: {block: mbconv, kernel: 3}}}, k: kernel}\n", "op,k,mean\nir,3,1\n", `FOLDER/t.csv:2:4: kernel is said by two columns`},
	} {
		write("t.csv", c.csv)
		_, err := read(folder, c.section)
		want := strings.ReplaceAll(c.want, "FOLDER", folder)
		if err == nil || strings.TrimPrefix(err.Error(), folder+"/cost") != strings.TrimPrefix(want, "cost") {
			t.Errorf("%q, %q:\n got %v\nwant %s", c.section, c.csv, err, want)
		}
	}
}

func FuzzTables(f *testing.F) {
	f.Add("rows:\n  - {block: mbconv, kernel: 3, in: 28x28x16, mean: 2}\nmissing: interpolate\n", "")
	f.Add(phoneColumns, phone)
	f.Add("table: phone.csv\n", "block,in,kernel,mean\nmbconv,28x28x16,3,1.5\n")
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, section, text string) {
		if err := os.WriteFile(filepath.Join(folder, "phone.csv"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(section, "..") || strings.Contains(section, "/") {
			return // no other file is read
		}
		table, err := read(folder, section)
		if err != nil {
			return
		}
		costs, err := table.Costs([]space.Operator{mbconv(t, 3, 16, 6), mbconv(t, 5, 24, 4), identity(t)})
		if err != nil {
			return
		}
		if c := costs.Of(mbconv(t, 3, 16, 6)); !(c >= 0) {
			t.Errorf("a cost of %v from %q and %q", c, section, text)
		}
	})
}
