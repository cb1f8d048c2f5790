package spec

import (
	"errors"
	"strings"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
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

// blame returns the limit that an error is about, or the space.
func (f *File) blame(err error) strict.Value {
	var infeasible *lattice.InfeasibleError
	if errors.As(err, &infeasible) {
		for _, b := range f.Limits {
			if b.Metric == string(infeasible.Limit.Metric) {
				return b.at
			}
		}
	}
	return f.space
}
