package spec

import (
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/trellis-nas/trellis/bench"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/store"
)

// openSpace reads the space for samples of a shape and a number of classes. fileText is the text of the space file, where
// the study file refers to one. The shape and the classes are the data's: a space that insists on others is a mistake.
func (f *File) openSpace(shape network.Shape, classes int) (s *space.Space, fileText string, err error) {
	if t, ok := f.Evaluation.(*Lookup); ok {
		_, kept, err := f.attached(t.file, "table file")
		if err != nil {
			return nil, "", err
		}
		s, err := bench.SpaceOf(f.beside(t.Path), []byte(kept.Text))
		return s, "", err
	}
	params := space.Params{}
	if shape != (network.Shape{}) { // otherwise the space says what its samples are
		params = space.Params{"input": shape.String(), "classes": strconv.Itoa(classes)}
	}
	if !f.space.IsMap() {
		s, err = f.builtIn(params)
		return s, "", err
	}
	m := f.space.AnyMap()
	if m.Get("file").Given() {
		return f.spaceFile(f.space.Map("file").Get("file"), params)
	}
	if err := f.agree(m, params); err != nil {
		return nil, "", err
	}
	s, err = space.Read(f.doc, f.space, f.Name, params)
	return s, "", f.at(f.space, err)
}

// builtIn opens a space that is given by its name alone: `space: nb201`.
func (f *File) builtIn(params space.Params) (*space.Space, error) {
	if f.space.IsList() {
		f.space.Fail("space is a list, want a mapping or the name of a built-in space, such as nb201")
	}
	name := f.space.Word("", space.BuiltIns()...)
	if err := f.doc.Err(); err != nil {
		return nil, err
	}
	s, err := space.Open(name, params)
	return s, f.at(f.space, err)
}

func (f *File) spaceFile(at strict.Value, params space.Params) (*space.Space, string, error) {
	path := at.Text("")
	if err := f.doc.Err(); err != nil {
		return nil, "", err
	}
	path, text := f.beside(path), f.spaceText
	if text == "" {
		_, file, err := f.attached(at, "space file")
		if err != nil {
			return nil, "", err
		}
		text = file.Text
	}
	doc := strict.Parse(path, []byte(text))
	within := &File{path: path, doc: doc}
	if err := within.agree(doc.Root().AnyMap(), params); err != nil {
		return nil, "", err
	}
	stem := filepath.Base(path)
	s, err := space.Read(doc, doc.Root(), stem[:len(stem)-len(filepath.Ext(stem))], params)
	return s, text, f.at(at, err)
}

// agree reports an input or a number of classes that is written in a space and differs from the data's.
func (f *File) agree(m strict.Map, params space.Params) error {
	for _, key := range []string{"input", "classes"} {
		if v := m.Get(key); params[key] != "" && v.Given() && v.Text("") != params[key] {
			v.Fail("%s is %s, but the data has %s: leave it out, and it is taken from the data", key, v.Text(""), params[key])
		}
	}
	return f.doc.Err()
}

// SpaceFor returns the space of a study for samples as a journal describes them, so that the data itself need not be there.
func (f *File) SpaceFor(d store.Dataset) (*space.Space, error) {
	shape, err := inputOf(d)
	if err != nil {
		return nil, err
	}
	s, _, err := f.openSpace(shape, len(d.Classes))
	return s, err
}

// inputOf returns the shape of the samples that a journal describes: zero where it describes none.
func inputOf(d store.Dataset) (network.Shape, error) {
	if d.Input == "" {
		return network.Shape{}, nil
	}
	shape, err := network.ParseShape(d.Input)
	if err != nil {
		return shape, fmt.Errorf("the journal's shape of a sample: %w", err)
	}
	return shape, nil
}
