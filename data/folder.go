package data

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// openFolder reads CLASS/FILE, or train/CLASS/FILE with test/CLASS/FILE and validation/CLASS/FILE when they are there.
func openFolder(folder string, resize Shape) (*Dataset, error) {
	_, folders, err := list(folder)
	if err != nil {
		return nil, err
	}
	parts, err := divided(folder, folders)
	if err != nil {
		return nil, err
	}
	trainFiles, classes, err := imageFiles(parts.train, nil)
	if err != nil {
		return nil, err
	}
	if len(classes) < 2 {
		return nil, fmt.Errorf("%s: has %d class folders, want 2 or more", parts.train, len(classes))
	}
	files := [3][]imageFile{trainFiles}
	for i, path := range []string{parts.validation, parts.test} {
		if path == "" {
			continue
		}
		if files[i+1], _, err = imageFiles(path, classes); err != nil {
			return nil, err
		}
	}
	shape, err := commonShape(slices.Concat(files[:]...), resize)
	if err != nil {
		return nil, err
	}
	var sets [3]*Set
	for i, list := range files {
		if len(list) == 0 {
			continue
		}
		if sets[i], err = decodeSet(list, shape, classes); err != nil {
			return nil, err
		}
	}
	return newDataset(Folder, sets[0], sets[1], sets[2])
}

// division is the folders of the parts; "" where there is none.
type division struct{ train, validation, test string }

// divided tells the layout with train/ from the one without: a folder called train counts as the training part only if
// nothing but parts stand beside it.
func divided(folder string, folders []string) (division, error) {
	names := map[string]string{"train": "train", "validation": "validation", "valid": "validation", "val": "validation", "test": "test"}
	found := map[string]string{}
	for _, name := range folders {
		part, ok := names[strings.ToLower(name)]
		if !ok || !slices.ContainsFunc(folders, func(f string) bool { return strings.EqualFold(f, "train") }) {
			return division{train: folder}, nil
		}
		if other := found[part]; other != "" {
			return division{}, fmt.Errorf("%s: has both %s and %s, which mean the same part", folder, filepath.Base(other), name)
		}
		found[part] = filepath.Join(folder, name)
	}
	return division{found["train"], found["validation"], found["test"]}, nil
}

// imageFile is one image to read.
type imageFile struct {
	path  string
	label uint16
}

// imageFiles lists the images of a part, class by class in the order of the names. classes nil means: those that are
// there. Otherwise a folder that is not one of them is an error; one that is missing is a class without images.
func imageFiles(part string, classes []string) ([]imageFile, []string, error) {
	stray, folders, err := list(part)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range stray {
		if isImage(name) {
			return nil, nil, fmt.Errorf("%s: is not in a class folder: every image belongs into %s", filepath.Join(part, name), filepath.Join(part, "CLASS"))
		}
	}
	if classes == nil {
		classes = folders
	}
	if len(classes) > MaxClasses {
		return nil, nil, fmt.Errorf("%s: has %d class folders, want at most %d", part, len(classes), MaxClasses)
	}
	var images []imageFile
	for _, name := range folders {
		path := filepath.Join(part, name)
		label := slices.Index(classes, name)
		if label < 0 {
			return nil, nil, fmt.Errorf("%s: is a class that the training part does not have: want one of %s", path, some(classes))
		}
		files, deeper, err := list(path)
		if err != nil {
			return nil, nil, err
		}
		if len(deeper) > 0 {
			return nil, nil, fmt.Errorf("%s: is a folder inside a class folder, where only image files may be", filepath.Join(path, deeper[0]))
		}
		files = slices.DeleteFunc(files, func(name string) bool { return name == "Thumbs.db" }) // Windows leaves these everywhere
		if len(files) == 0 {
			return nil, nil, fmt.Errorf("%s: is a class folder without images", path)
		}
		for _, file := range files {
			if !isImage(file) {
				return nil, nil, fmt.Errorf("%s: is not a .png, .jpg or .jpeg file", filepath.Join(path, file))
			}
			images = append(images, imageFile{filepath.Join(path, file), uint16(label)})
		}
	}
	if len(images) == 0 {
		return nil, nil, fmt.Errorf("%s: has no class folders with images", part)
	}
	return images, classes, nil
}

func isImage(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".png", ".jpg", ".jpeg":
		return true
	}
	return false
}
