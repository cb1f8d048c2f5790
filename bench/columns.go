package bench

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
)

// maxBytes bounds the text of a table.
const maxBytes = 1 << 30

// sheet is a CSV file in memory, with the columns of further files that were joined to it.
type sheet struct {
	path    string
	columns []string
	rows    [][]string
	lines   []int // of the rows in the file
}

// readSheet reads a CSV file with one header line; one whose name ends in .gz is unpacked.
func readSheet(at strict.Value, folder string) (s sheet, err error) {
	s.path = filepath.Join(folder, at.Text(""))
	if _, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) {
		at.Fail("there is no file %s: say with --data in which folder it is", s.path)
		return s, at.Err()
	}
	text, err := files.ReadPacked(s.path, "table", maxBytes)
	if err != nil {
		return s, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", s.path, err)
		}
		line, _ := r.FieldPos(0)
		if s.columns == nil {
			s.columns = record
			continue
		}
		s.rows, s.lines = append(s.rows, record), append(s.lines, line)
	}
	if len(s.rows) == 0 {
		return s, fmt.Errorf("%s has no rows under a line of column names", s.path)
	}
	return s, nil
}

// column returns the index of a column that a description names.
func (s sheet) column(at strict.Value) (int, error) {
	name := at.Text("")
	for i, c := range s.columns {
		if c == name {
			return i, nil
		}
	}
	at.Fail("%s has no column %q; the nearest is %q", s.path, name, nearest.Word(name, s.columns))
	return 0, at.Err()
}

// joined returns the sheet with the columns of another whose names it does not have itself, row by row where the texts in the
// column agree; rows without a partner get empty fields.
func (s sheet) joined(other sheet, on strict.Value) (sheet, error) {
	mine, err := s.column(on)
	if err != nil {
		return s, err
	}
	its, err := other.column(on)
	if err != nil {
		return s, err
	}
	var added []int
	for i, name := range other.columns {
		known := false
		for _, c := range s.columns {
			known = known || c == name
		}
		if !known {
			added = append(added, i)
			s.columns = append(s.columns, name)
		}
	}
	partners := make(map[string]int, len(other.rows))
	for i, r := range other.rows {
		if before, twice := partners[r[its]]; twice {
			return s, fmt.Errorf("%s:%d: %q stands in line %d already, so rows cannot be joined on it", other.path, other.lines[i], r[its], other.lines[before])
		}
		partners[r[its]] = i
	}
	for i, r := range s.rows {
		at, ok := partners[r[mine]]
		for _, c := range added {
			field := ""
			if ok {
				field = other.rows[at][c]
			}
			s.rows[i] = append(s.rows[i], field)
		}
	}
	return s, nil
}

// number reads a field; false where it is empty, which means that the value is not available.
func (s sheet) number(row, column int) (float64, bool, error) {
	text := s.rows[row][column]
	if text == "" {
		return 0, false, nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x-x != 0 {
		return 0, false, fmt.Errorf("%s:%d: column %s is %q, want a number", s.path, s.lines[row], s.columns[column], text)
	}
	return x, true, nil
}
