package trellis_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// programs are the complete programs of the README, by their folders, and the example of this package that each is.
var programs = []struct{ folder, example string }{
	{"own-evaluator", "Example_ownEvaluator"},
	{"own-strategy", "Example_ownStrategy"},
}

func source(t *testing.T, folder string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("examples", "library", folder, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheProgramsOfTheREADMEAreShortAndImportTheFrontDoorAlone(t *testing.T) {
	for _, p := range programs {
		text := source(t, p.folder)
		if n := strings.Count(text, "\n"); n > 40 {
			t.Errorf("%s has %d lines; with its imports it should have 40 at most", p.folder, n)
		}
		file, err := parser.ParseFile(token.NewFileSet(), "main.go", text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(path, ".") && path != "github.com/trellis-nas/trellis" && path != "github.com/trellis-nas/trellis/space" {
				t.Errorf("%s imports %s", p.folder, path)
			}
		}
	}
}

// The README shows each program, and below it what it prints.
func TestTheREADMEShowsTheProgramsAndWhatTheyPrint(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(readme), "\n## As a library\n")
	if !ok {
		t.Fatal("the README has no section “As a library”")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```(go|text)\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(blocks) != 2*len(programs) {
		t.Fatalf("the section has %d blocks of code and output for %d programs", len(blocks), len(programs))
	}
	for i, p := range programs {
		shown, printed := blocks[2*i], blocks[2*i+1]
		if shown[1] != "go" || shown[2] != source(t, p.folder) {
			t.Errorf("the README shows as program %d another one than %s", i+1, p.folder)
		}
		cmd := exec.Command("go", "run", "./examples/library/"+p.folder)
		var failures bytes.Buffer
		cmd.Stderr = &failures
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", p.folder, err, &failures)
		}
		if printed[1] != "text" || printed[2] != string(out) {
			t.Errorf("%s prints\n%s\nand the README says\n%s", p.folder, out, printed[2])
		}
	}
}

func TestTheExamplesAreTheProgramsOfTheREADME(t *testing.T) {
	examples := declarations(t, "example_test.go", nil)
	for _, p := range programs {
		for name, want := range declarations(t, filepath.Join("examples", "library", p.folder, "main.go"), map[string]string{"main": p.example}) {
			if got := examples[name]; got != want {
				t.Errorf("%s of %s is\n%s\nand in example_test.go\n%s", name, p.folder, want, got)
			}
		}
	}
}

// declarations returns the text of every function, method and type of a file by its name, comments left out, with functions renamed.
func declarations(t *testing.T, path string, renamed map[string]string) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, d := range file.Decls {
		name := ""
		switch d := d.(type) {
		case *ast.FuncDecl:
			if other, ok := renamed[d.Name.Name]; ok {
				d.Name.Name = other
			}
			name = d.Name.Name
		case *ast.GenDecl:
			if s, ok := d.Specs[0].(*ast.TypeSpec); ok {
				name = s.Name.Name
			}
		}
		if name == "" {
			continue
		}
		var text bytes.Buffer
		if err := (&printer.Config{Mode: printer.RawFormat}).Fprint(&text, token.NewFileSet(), d); err != nil {
			t.Fatal(err)
		}
		out[name] = text.String()
	}
	return out
}
