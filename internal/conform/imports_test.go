package conform_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/trellis-nas/trellis/internal/published"
)

const module = "github.com/trellis-nas/trellis"

// file is one Go file of the tree and the packages of this module that it imports, by their folders.
type file struct {
	path, folder string
	test         bool
	imports      []string
}

func TestImportsGoDownwardsOnly(t *testing.T) {
	root := published.Root(t)
	files, err := parse(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("only %d Go files were found under %s", len(files), root)
	}
	for _, complaint := range complaints(files) {
		t.Error(complaint)
	}
}

func TestEveryPackageOfTheTableHasAReason(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(levels)) {
		if levels[name].why == "" {
			t.Errorf("%s has no reason to be", name)
		}
	}
}

func TestImportsThatBreakTheOrderAreNamed(t *testing.T) {
	source := func(imports ...string) *fstest.MapFile {
		text := "package x\n"
		for _, i := range imports {
			text += fmt.Sprintf("import %q\n", module+"/"+i)
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	for _, c := range []struct {
		complaint string // empty if there should be none
		name      string
		source    *fstest.MapFile
	}{
		{"store/a.go of level 3 imports study of level 5", "store/a.go", source("trial", "study")},
		{"nn/a.go of level 2 imports optim of level 2", "nn/a.go", source("optim")},
		{"search/a.go of the search tower imports tensor of the engine tower", "search/a.go", source("tensor")},
		{"data/a_test.go of the engine tower imports space of the search tower", "data/a_test.go", source("space")},
		{"study/a.go imports the conformance suites, and is no test", "study/a.go", source(suites)},
		{"util/a.go is in package util, which is not in the table of levels", "util/a.go", source()},
		{"study/a.go imports util, which is not in the table of levels", "study/a.go", source("util")},
		{"", "study/a_test.go", source(suites, "study", "report")},
		{"", "train/a.go", source("data", "model", "trial", "internal/stream")},
		{"", "internal/strict/a.go", source("internal/nearest")},
		{"", "internal/conform/a.go", source("study", "nn")},
		{"", "study/testdata/a.go", source("spec")},
		{"", "tensor/gen.go", &fstest.MapFile{Data: append([]byte("//go:build ignore\n\n"), source("spec").Data...)}},
	} {
		files, err := parse(fstest.MapFS{c.name: c.source})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(complaints(files), "; "); got != c.complaint {
			t.Errorf("%s: the complaint is %q and should be %q", c.name, got, c.complaint)
		}
	}
}

// complaints says which imports break the order.
func complaints(files []file) []string {
	var out []string
	complain := func(f file, format string, args ...any) { out = append(out, f.path+" "+fmt.Sprintf(format, args...)) }
	unknown := map[string]bool{}
	for _, f := range files {
		if f.folder == suites {
			continue
		}
		from, known := levels[f.folder]
		if !known {
			if !unknown[f.folder] {
				unknown[f.folder] = true
				complain(f, "is in package %s, which is not in the table of levels", f.folder)
			}
			continue
		}
		for _, name := range f.imports {
			if name == f.folder {
				continue
			}
			if name == suites {
				if !f.test {
					complain(f, "imports the conformance suites, and is no test")
				}
				continue
			}
			to, known := levels[name]
			switch {
			case !known:
				complain(f, "imports %s, which is not in the table of levels", name)
			case from.tower != to.tower && from.tower != neither && to.tower != neither:
				complain(f, "of the %s tower imports %s of the %s tower", from.tower, name, to.tower)
			case f.test || sideways[[2]string{f.folder, name}] != "":
			case to.number >= from.number:
				complain(f, "of level %d imports %s of level %d", from.number, name, to.number)
			}
		}
	}
	return out
}

// parse reads the imports of all Go files, whatever system they are for, except those that are never built.
func parse(tree fs.FS) ([]file, error) {
	var files []file
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		source, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		for _, group := range parsed.Comments {
			for _, line := range group.List {
				if line.Text == "//go:build ignore" {
					return nil
				}
			}
		}
		f := file{path: name, folder: path.Dir(name), test: strings.HasSuffix(name, "_test.go")}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if inside, ok := strings.CutPrefix(imported, module+"/"); ok {
				f.imports = append(f.imports, inside)
			}
		}
		files = append(files, f)
		return nil
	})
	return files, err
}
