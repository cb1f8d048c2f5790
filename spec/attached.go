package spec

import (
	"path/filepath"
	"slices"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/store"
)

// attached reads a file that the study refers to. kind says what it is, as "score file".
func (f *File) attached(at strict.Value, kind string) (path string, file store.File, err error) {
	path = f.beside(at.Text(""))
	if err := f.doc.Err(); err != nil {
		return "", store.File{}, err
	}
	file, err = f.read(path, kind)
	return path, file, f.at(at, err)
}

// read returns the file at a path as the journal keeps it: by its path relative to the study file, wherever that is. Where the study was read
// from a journal the file is that of the journal; otherwise it is read from the disk, and a packed table unpacked.
func (f *File) read(path, kind string) (store.File, error) {
	name := path
	if short, err := filepath.Rel(filepath.Dir(f.path), path); err == nil {
		name = filepath.ToSlash(short)
	}
	for _, kept := range f.kept {
		if kept.Path == name || kept.Path == path {
			return kept, nil
		}
	}
	text, err := open(path, kind)
	return store.File{Path: name, Text: string(text)}, err
}

// open reads a file of some kind, or a table of costs, which may be packed.
func open(path, kind string) ([]byte, error) {
	if device.IsCSV(path) {
		return device.OpenTable(path)
	}
	return files.Read(path, kind)
}

// readSettings reads the files that settings of a stage's strategy name, and has them kept in the journal.
func (p *Plan) readSettings(s *Stage) error {
	for _, name := range s.Strategy.Values.Files() {
		at := s.Strategy.at.AnyMap().Get(name)
		path, file, err := p.attached(at, name+" file")
		if err != nil {
			return err
		}
		p.Files = attach(p.Files, file)
		p.settings[s.Name] = append(p.settings[s.Name], settingFile{name, path, file.Text})
	}
	return nil
}

// attach adds a file to those that the journal keeps; one that is named twice is kept once.
func attach(files []store.File, more store.File) []store.File {
	if slices.Contains(files, more) {
		return files
	}
	return append(files, more)
}

// beside returns a path that is relative to the study file as one that can be opened.
func (f *File) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.path), path)
}
