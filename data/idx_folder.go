package data

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
)

// idxPart is the pair of files of one part.
type idxPart struct{ images, labels string }

// idxName takes the name of an IDX file apart. Releases differ in the prefix ("emnist-letters-"), in "-idx3" or ".idx3",
// in "t10k" or "test", and in ".gz".
var idxName = regexp.MustCompile(`^(?:.+-)?(train|t10k|test)-(images|labels)[-.]idx[134]-ubyte(?:\.gz)?$`)

// findIDX returns the path of the images or the labels of a part, or "" when there is no such file.
func findIDX(names []string, folder string, parts []string, what string) (string, error) {
	var found []string
	for _, name := range names {
		if match := idxName.FindStringSubmatch(name); match != nil && slices.Contains(parts, match[1]) && match[2] == what {
			found = append(found, name)
		}
	}
	if len(found) == 2 && found[1] == found[0]+".gz" {
		found = found[:1] // the same file twice: the plain one reads faster
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return filepath.Join(folder, found[0]), nil
	}
	return "", fmt.Errorf("%s: holds several files of %s %s (%s and %s): keep one dataset in a folder", folder, parts[0], what, found[0], found[1])
}

func findIDXPart(names []string, folder string, parts ...string) (idxPart, error) {
	images, err := findIDX(names, folder, parts, "images")
	if err != nil {
		return idxPart{}, err
	}
	labels, err := findIDX(names, folder, parts, "labels")
	if err != nil {
		return idxPart{}, err
	}
	if (images == "") != (labels == "") {
		missing, present := parts[0]+"-labels-idx1-ubyte[.gz]", images
		if images == "" {
			missing, present = parts[0]+"-images-idx3-ubyte[.gz]", labels
		}
		return idxPart{}, fmt.Errorf("%s: has %s but no %s", folder, filepath.Base(present), missing)
	}
	return idxPart{images, labels}, nil
}

func openIDX(folder string, names []string) (*Dataset, error) {
	trainFiles, err := findIDXPart(names, folder, "train")
	if err != nil {
		return nil, err
	}
	if trainFiles.images == "" {
		return nil, fmt.Errorf("%s: has no train-images-idx3-ubyte[.gz]", folder)
	}
	testFiles, err := findIDXPart(names, folder, "t10k", "test")
	if err != nil {
		return nil, err
	}
	images, labels, err := readIDXPart(trainFiles)
	if err != nil {
		return nil, err
	}
	classes, err := idxClasses(folder, names, labels)
	if err != nil {
		return nil, err
	}
	train, err := newIDXSet(trainFiles, images, labels, classes)
	if err != nil {
		return nil, err
	}
	if testFiles.images == "" {
		return newDataset(IDX, train, nil, nil)
	}
	images, labels, err = readIDXPart(testFiles)
	if err != nil {
		return nil, err
	}
	if images.shape != train.shape {
		return nil, fmt.Errorf("%s: holds images of %v, but the training images are %v", testFiles.images, images.shape, train.shape)
	}
	test, err := newIDXSet(testFiles, images, labels, classes)
	if err != nil {
		return nil, err
	}
	return newDataset(IDX, train, nil, test)
}

func readIDXPart(files idxPart) (idxImages, []uint8, error) {
	images, err := withFile(files.images, readIDXImages)
	if err != nil {
		return idxImages{}, nil, err
	}
	labels, err := withFile(files.labels, readIDXLabels)
	if err != nil {
		return idxImages{}, nil, err
	}
	if images.count != len(labels) {
		return idxImages{}, nil, fmt.Errorf("%s: has %d labels, but %s has %d images", files.labels, len(labels), filepath.Base(files.images), images.count)
	}
	return images, labels, nil
}

// idxClasses returns the names of classes.txt (one a line) if the folder has it. The format itself has no names: without
// the file, and unless the labels are those of Fashion-MNIST, the classes are the numbers from 0 to the largest
// training label.
func idxClasses(folder string, names []string, labels []uint8) ([]string, error) {
	if slices.Contains(names, classFile) {
		return readClassNames(filepath.Join(folder, classFile))
	}
	if fmt.Sprintf("%x", sha256.Sum256(labels)) == fashionLabels {
		return fashionClasses(), nil
	}
	return numbered(int(slices.Max(labels)) + 1), nil
}

func newIDXSet(files idxPart, images idxImages, labels []uint8, classes []string) (*Set, error) {
	wide := make([]uint16, len(labels))
	for i, label := range labels {
		if int(label) >= len(classes) {
			return nil, fmt.Errorf("%s: label %d (byte %d) is %d, want 0 to %d", files.labels, i, 8+i, label, len(classes)-1)
		}
		wide[i] = uint16(label)
	}
	return NewSet(images.shape, classes, images.pixels, wide)
}
