package data

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const cifarMeta = "batches.meta.txt"

// openCIFAR10 reads every data_batch_N.bin that is there, in the order of N, and test_batch.bin.
func openCIFAR10(folder string, names []string) (*Dataset, error) {
	classes := []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}
	if slices.Contains(names, cifarMeta) {
		path := filepath.Join(folder, cifarMeta)
		named, err := readClassNames(path)
		if err != nil {
			return nil, err
		}
		if len(named) != len(classes) {
			return nil, fmt.Errorf("%s: has %d class names, want %d", path, len(named), len(classes))
		}
		classes = named
	}
	batches := cifarBatches(names)
	if len(batches) == 0 {
		return nil, fmt.Errorf("%s: has no data_batch_1.bin[.gz]", folder)
	}
	format := cifarFormat{labels: []int{10}}
	train, err := newCIFARSet(folder, batches, format, classes)
	if err != nil {
		return nil, err
	}
	return withCIFARTest(CIFAR10, folder, names, "test_batch.bin", format, train)
}

// openCIFAR100 reads train.bin and test.bin, labelled with the 100 fine classes or the 20 coarse ones.
func openCIFAR100(folder string, names []string, coarse bool) (*Dataset, error) {
	format, file := cifarFormat{labels: []int{20, 100}, use: 1}, "fine_label_names.txt"
	if coarse {
		format.use, file = 0, "coarse_label_names.txt"
	}
	want := format.labels[format.use]
	classes := numbered(want)
	if slices.Contains(names, file) {
		path := filepath.Join(folder, file)
		named, err := readClassNames(path)
		if err != nil {
			return nil, err
		}
		if len(named) != want {
			return nil, fmt.Errorf("%s: has %d class names, want %d", path, len(named), want)
		}
		classes = named
	}
	name, found := plainOrGzip(names, "train.bin")
	if !found {
		return nil, fmt.Errorf("%s: has no train.bin[.gz]", folder)
	}
	train, err := newCIFARSet(folder, []string{name}, format, classes)
	if err != nil {
		return nil, err
	}
	return withCIFARTest(CIFAR100, folder, names, "test.bin", format, train)
}

func withCIFARTest(kind Kind, folder string, names []string, file string, format cifarFormat, train *Set) (*Dataset, error) {
	name, found := plainOrGzip(names, file)
	if !found {
		return newDataset(kind, train, nil, nil)
	}
	test, err := newCIFARSet(folder, []string{name}, format, train.classes)
	if err != nil {
		return nil, err
	}
	return newDataset(kind, train, nil, test)
}

func newCIFARSet(folder string, files []string, format cifarFormat, classes []string) (*Set, error) {
	var all records
	for _, file := range files {
		var err error
		all, err = withFile(filepath.Join(folder, file), func(in *input) (records, error) { return readCIFAR(in, format, all) })
		if err != nil {
			return nil, err
		}
	}
	return NewSet(Shape{cifarSide, cifarSide, 3}, classes, all.pixels, all.labels)
}

// cifarBatches returns the names data_batch_N.bin[.gz] in the order of N, each N once.
func cifarBatches(names []string) []string {
	type batch struct {
		number int
		name   string
	}
	var batches []batch
	for _, name := range names {
		middle, starts := strings.CutPrefix(strings.TrimSuffix(name, ".gz"), "data_batch_")
		middle, ends := strings.CutSuffix(middle, ".bin")
		number, err := strconv.ParseUint(middle, 10, 31)
		if starts && ends && err == nil {
			batches = append(batches, batch{int(number), name})
		}
	}
	slices.SortStableFunc(batches, func(a, b batch) int { return cmp.Compare(a.number, b.number) })
	batches = slices.CompactFunc(batches, func(a, b batch) bool { return a.number == b.number })
	files := make([]string, len(batches))
	for i, b := range batches {
		files[i] = b.name
	}
	return files
}

// plainOrGzip returns the name of the file as it is there; the plain one when both are.
func plainOrGzip(names []string, file string) (string, bool) {
	for _, name := range []string{file, file + ".gz"} {
		if slices.Contains(names, name) {
			return name, true
		}
	}
	return "", false
}
