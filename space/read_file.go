package space

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
)

// Params are values for the top-level keys of a space file, as YAML: {"input": "28x28x1", "stem": "8"}. They override the file.
type Params map[string]string

// UnknownOptionError is the error about a param that is not among the top-level keys of a space file.
type UnknownOptionError struct {
	Option string
	advice string
}

// Error names the option and the nearest that there is.
func (e *UnknownOptionError) Error() string {
	return fmt.Sprintf("unknown option %q of a space; %s", e.Option, e.advice)
}

// ParseFile reads a space file, whose format docs/formats/space-file.md describes. name is the name of the file: errors begin with it, as
// in name:line:column, and a space without a name of its own is called like it.
func ParseFile(name string, content []byte) (*Space, error) {
	return parseFile(name, content, nil)
}

func parseFile(name string, content []byte, params Params) (*Space, error) {
	doc := strict.Parse(name, content)
	stem := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	return read(doc, doc.Root(), stem, params)
}

// Open returns a built-in space, if there is one of that name, or reads a space file.
func Open(nameOrPath string, params Params) (*Space, error) {
	if slices.Contains(BuiltIns(), nameOrPath) {
		return parseFile(nameOrPath, []byte("use: "+nameOrPath+"\n"), params)
	}
	if _, err := os.Stat(nameOrPath); errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(nameOrPath, `./\`) {
		return nil, fmt.Errorf("there is no built-in space and no file %q; %s", nameOrPath, nearest.Advice(nameOrPath, BuiltIns()))
	}
	content, err := files.Read(nameOrPath, "space file")
	if err != nil {
		return nil, err
	}
	return parseFile(nameOrPath, content, params)
}

// Read reads a space that is written inside another file, with the same keys as a space file. name is its name if it gives none itself.
// The error is that of doc if the mistake is in the text.
func Read(doc *strict.Doc, v strict.Value, name string, params Params) (*Space, error) {
	return read(doc, v, name, params)
}

// read reads a space from v, a value of doc.
func read(doc *strict.Doc, v strict.Value, name string, params Params) (*Space, error) {
	r := newReader(doc, v.AnyMap(), params)
	s, err := r.space(v, name)
	if err := r.firstMistake(); err != nil {
		return nil, err
	}
	return s, err
}

// firstMistake returns the first mistake found in the text or a param.
func (r *reader) firstMistake() error {
	if err := r.doc.Err(); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(r.params)) {
		if err := r.params[key].Err(); err != nil {
			return err
		}
	}
	return nil
}

// space reads all of it. Mistakes in the text are recorded in the documents; the error is for others.
func (r *reader) space(v strict.Value, name string) (*Space, error) {
	read, keys := r.tree, treeKeys()
	if use := r.get("use"); use.Given() {
		word := use.Word("", BuiltIns()...)
		for _, b := range Catalogue() {
			if b.Name == word {
				read, keys = func(name string) (*Space, error) { return b.read(r, name) }, b.keys()
			}
		}
	}
	if r.firstMistake() != nil {
		return nil, nil
	}
	v.Map(keys...)
	for _, key := range slices.Sorted(maps.Keys(r.params)) {
		if !slices.Contains(keys, key) {
			return nil, &UnknownOptionError{key, nearest.Advice(key, keys)}
		}
	}
	r.readDefinitions()
	s, err := read(r.get("name").Text(name))
	if r.firstMistake() != nil {
		return nil, nil
	}
	if err == nil {
		r.wantAllUsed()
		return s, nil
	}
	if place, message, ok := r.place(err); ok {
		place.Fail("%s", message)
		return nil, err
	}
	if body, ok := r.places[placeOf{nil, "body"}]; ok {
		v = body
	}
	v.Fail("%v", err)
	return nil, err
}

// place finds where in the text the mistake was made that New or a built-in space has found, and the message for that place.
func (r *reader) place(err error) (strict.Value, string, bool) {
	var inTree *Mistake
	if errors.As(err, &inTree) {
		for part := inTree.Part; ; part = shorter(part) {
			if v, ok := r.places[placeOf{inTree.Node, part}]; ok {
				return v, inTree.Error(), true
			}
			if part == "" {
				break
			}
		}
	}
	var option *OptionError
	if errors.As(err, &option) {
		for part := option.Option; part != ""; part = shorter(part) {
			if v, ok := r.places[placeOf{nil, part}]; ok {
				return v, option.Error(), true
			}
		}
	}
	return strict.Value{}, "", false
}

// shorter returns the part that a part belongs to: "stages" for "stages[1]", "stages[1]" for "stages[1].width".
func shorter(part string) string { return part[:max(0, strings.LastIndexAny(part, ".["))] }

func treeKeys() []string { return []string{"name", "input", "classes", "template", "define", "body"} }

// tree reads a space given by its tree.
func (r *reader) tree(name string) (*Space, error) {
	input := r.shape(r.need("input"))
	var settings []Setting
	if v := r.get("classes"); v.Given() {
		settings = append(settings, Classes(int(v.Int(1, 1, maxClasses))))
	}
	if v := r.get("template"); v.Given() {
		settings = append(settings, Template(v.Text("")))
	}
	body := r.need("body")
	root := r.node(body)
	if r.firstMistake() != nil {
		return nil, nil
	}
	return New(name, input, root, settings...)
}
