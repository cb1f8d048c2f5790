package device

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
)

// maxBytes bounds the text of a table.
const maxBytes = 64 << 20

// IsCSV reports whether a file is a CSV file by its name, packed by gzip or not.
func IsCSV(path string) bool {
	return strings.HasSuffix(strings.TrimSuffix(path, ".gz"), ".csv")
}

// Opener returns the text of the file at a path, unpacked; [OpenTable] is the usual one. A study that goes on reads from its journal instead.
type Opener func(path string) ([]byte, error)

// ReadCSV reads a table whose columns are features, the cost under "mean", and remarks, as trellis space operators writes them.
func ReadCSV(path string, open Opener) (*Table, error) {
	rows, err := layout{value: defaultValue}.open(path, open)
	return &Table{file: path, rows: rows, missing: Fail}, err
}

// open reads a CSV file.
func (l layout) open(path string, open Opener) ([]row, error) {
	text, err := open(path)
	if err != nil {
		return nil, err
	}
	return l.parse(path, text)
}

// OpenTable returns the text of a CSV file, packed by gzip or not.
func OpenTable(path string) ([]byte, error) {
	return files.ReadPacked(path, "table", maxBytes)
}

// sheet is a CSV file being read.
type sheet struct {
	layout
	file    string
	records *csv.Reader
	value   int // the places of columns
	columns []int
	where   []int
}

// parse reads the text of a CSV file with a header.
func (l layout) parse(file string, text []byte) ([]row, error) {
	s := &sheet{layout: l, file: file, records: csv.NewReader(bytes.NewReader(text))}
	header, err := s.records.Read()
	if errors.Is(err, io.EOF) {
		return nil, &strict.Error{File: file, Line: 1, Column: 1, Message: "the file is empty; its first line names the columns"}
	}
	if err == nil {
		err = s.head(header)
	}
	var rows []row
	for err == nil {
		var fields []string
		if fields, err = s.records.Read(); err != nil {
			break
		}
		var r row
		var kept bool
		if r, kept, err = s.row(fields); kept {
			rows = append(rows, r)
		}
	}
	var broken *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return rows, nil
	case errors.As(err, &broken):
		return nil, &strict.Error{File: file, Line: broken.Line, Column: max(1, broken.Column), Message: "this is not CSV: " + broken.Err.Error()}
	}
	return nil, err
}

// fail is a mistake in a field of the line read last.
func (s *sheet) fail(field int, format string, args ...any) error {
	line, column := s.records.FieldPos(field)
	return &strict.Error{File: s.file, Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

// head finds the columns. Without a layout of its own every column must be a feature, the cost or a remark.
func (s *sheet) head(header []string) error {
	for i, name := range header {
		if slices.Contains(header[:i], name) {
			return s.fail(i, "column %q is there twice", name)
		}
	}
	if s.layout.columns == nil {
		known := append(Features(), remarks...)
		for i, name := range header {
			switch {
			case name == s.layout.value || slices.Contains(remarks, name):
			case !slices.Contains(known, name):
				return s.fail(i, "unknown column %q; %s", name, nearest.Advice(name, known))
			default:
				s.layout.columns = append(s.layout.columns, column{name: name, as: name})
			}
		}
	}
	place := func(name string) (int, error) {
		at := slices.Index(header, name)
		if at < 0 {
			return 0, s.fail(0, "there is no column %q; %s", name, nearest.Advice(name, header))
		}
		return at, nil
	}
	var err error
	if s.value, err = place(s.layout.value); err != nil {
		return err
	}
	for _, c := range s.layout.columns {
		at, err := place(c.name)
		if err != nil {
			return err
		}
		s.columns = append(s.columns, at)
	}
	for _, f := range s.layout.where {
		at, err := place(f.column)
		if err != nil {
			return err
		}
		s.where = append(s.where, at)
	}
	return nil
}

// row reads a line. Empty fields are no features.
func (s *sheet) row(fields []string) (r row, kept bool, err error) {
	line, _ := s.records.FieldPos(0)
	r = row{file: s.file, line: line}
	for i, f := range s.layout.where {
		if !f.keeps(fields[s.where[i]]) {
			return row{}, false, nil
		}
	}
	for i, c := range s.layout.columns {
		at := s.columns[i]
		if fields[at] == "" {
			continue
		}
		features, why := c.meaning(fields[at])
		if why != "" {
			return row{}, false, s.fail(at, "%s", why)
		}
		if features == nil {
			return row{}, false, nil
		}
		for _, f := range features {
			if slices.ContainsFunc(r.features, func(g feature) bool { return g.name == f.name }) {
				return row{}, false, s.fail(at, "%s is said by two columns", f.name)
			}
			r.features = append(r.features, f)
		}
	}
	if !slices.ContainsFunc(r.features, func(f feature) bool { return f.name == "block" }) {
		return row{}, false, s.fail(0, "the line does not say of which block it is")
	}
	text := fields[s.value]
	if r.cost, err = strconv.ParseFloat(text, 64); err != nil || !(r.cost >= 0 && r.cost <= maxCost) || math.IsInf(r.cost, 0) {
		return row{}, false, s.fail(s.value, "%s is %q, want a number from 0 to %g", s.layout.value, text, maxCost)
	}
	r.sort()
	return r, true, nil
}

// meaning returns the features that a text of the column means, none if the row is left out, and why it means nothing.
func (c column) meaning(text string) (features []feature, why string) {
	if c.words == nil {
		why := checkFeature(c.as, &text)
		return []feature{{c.as, text}}, why
	}
	if features, ok := c.words[text]; ok {
		return features, ""
	}
	return nil, unknownWord("word", text, slices.Sorted(maps.Keys(c.words)))
}
