package spec

import (
	"errors"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
)

// at puts the place of a value before an error that has none.
func (f *File) at(v strict.Value, err error) error {
	var placed *strict.Error
	if err == nil || errors.As(err, &placed) || !v.Given() {
		return err
	}
	line, column := v.Position()
	return &strict.Error{File: f.path, Line: line, Column: column, Message: err.Error()}
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
