package data

import (
	"fmt"
	"slices"
)

// Dataset is data as its makers published it: a part to train on and, where they made that division themselves, a part
// to validate on and a part to test on. The parts are reached through Split only, so that the test part stays sealed.
type Dataset struct {
	kind                    Kind
	train, validation, test *Set
}

// NewDataset makes a Dataset of a user's own images. validation and test may be nil: Split then takes them from train.
// It is an error when the parts differ in shape or classes, or when there is only one class.
func NewDataset(train, validation, test *Set) (*Dataset, error) {
	return newDataset(Own, train, validation, test)
}

func newDataset(kind Kind, train, validation, test *Set) (*Dataset, error) {
	if train == nil {
		return nil, fmt.Errorf("a dataset needs a training part")
	}
	if len(train.classes) < 2 {
		return nil, fmt.Errorf("all images are of one class (%s), so there is nothing to learn", train.classes[0])
	}
	for _, part := range []struct {
		name string
		set  *Set
	}{{"validation", validation}, {"test", test}} {
		if part.set == nil {
			continue
		}
		if part.set.shape != train.shape {
			return nil, fmt.Errorf("the %s images are %v, but the training images are %v", part.name, part.set.shape, train.shape)
		}
		if !slices.Equal(part.set.classes, train.classes) {
			return nil, fmt.Errorf("the %s part has other classes than the training part: %q and %q", part.name, part.set.classes, train.classes)
		}
	}
	return &Dataset{kind: kind, train: train, validation: validation, test: test}, nil
}

// Kind returns the kind of source the data came from.
func (d *Dataset) Kind() Kind { return d.kind }

// Shape returns the size of every image.
func (d *Dataset) Shape() Shape { return d.train.shape }

// Classes returns the names of the classes, in the order of their labels. The slice is the caller's own.
func (d *Dataset) Classes() []string { return d.train.Classes() }
