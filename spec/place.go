package spec

import (
	"errors"
	"strings"

	"github.com/trellis-nas/trellis/internal/strict"
)

// at puts the place of a value before an error that has none. What space.Open places at "option NAME" came from the data.
func (f *File) at(v strict.Value, err error) error {
	if err == nil || !v.Given() {
		return err
	}
	message := err.Error()
	var placed *strict.Error
	if errors.As(err, &placed) {
		if !strings.HasPrefix(placed.File, "option ") {
			return err
		}
		message = "the space does not suit the data: " + placed.Message
	}
	line, column := v.Position()
	return &strict.Error{File: f.path, Line: line, Column: column, Message: message}
}
