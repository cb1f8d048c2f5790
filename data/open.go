package data

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Options are the settings of Open. The zero value lets Open recognise the kind and take everything as it is.
type Options struct {
	Kind   Kind         // the kind that the source must have; "" means whichever it is
	Coarse bool         // CIFAR-100: the 20 coarse classes instead of the 100 fine ones
	Resize Shape        // image folders: scale every image to H by W; C 1 makes them grey, 3 coloured; 0 keeps H and W, or C
	Glyphs GlyphOptions // glyphs
}

// Open reads a dataset. source is "glyphs", or the folder that holds the files. Which kind a folder is of is told by the
// names in it, in the order of List.
func Open(source string, o Options) (*Dataset, error) {
	kind, err := kindOf(source, o.Kind)
	if err != nil {
		return nil, err
	}
	if err := o.fit(kind); err != nil {
		return nil, err
	}
	if kind == Glyphs {
		return openGlyphs(o.Glyphs)
	}
	names, _, err := list(source)
	if err != nil {
		return nil, err
	}
	switch kind {
	case IDX:
		return openIDX(source, names)
	case CIFAR10:
		return openCIFAR10(source, names)
	case CIFAR100:
		return openCIFAR100(source, names, o.Coarse)
	default:
		return openFolder(source, o.Resize)
	}
}

// kindOf returns the kind of the source, which must be the wanted one unless that is "".
func kindOf(source string, wanted Kind) (Kind, error) {
	known := wanted == ""
	var names []string
	for _, entry := range List() {
		known = known || entry.Kind == wanted
		names = append(names, string(entry.Kind))
	}
	if !known {
		return "", fmt.Errorf("no kind of dataset is called %q: want one of %s", wanted, strings.Join(names, ", "))
	}
	if source == "" || source == string(Glyphs) {
		switch {
		case source == "" && wanted != Glyphs:
			return "", fmt.Errorf("no source of data was named: want %q or a folder", Glyphs)
		case wanted != "" && wanted != Glyphs:
			return "", fmt.Errorf("the source %q is the built-in dataset and not of kind %q: write ./%s for a folder of that name", source, wanted, source)
		}
		return Glyphs, nil
	}
	if wanted == Glyphs {
		return "", fmt.Errorf("the kind %q is rendered and reads no files, but the source %q was named", Glyphs, source)
	}
	if wanted != "" {
		return wanted, nil
	}
	return Recognise(source)
}

// Recognise returns the kind of dataset that a folder holds. The error says what was looked for and what was found.
func Recognise(folder string) (Kind, error) {
	files, folders, err := list(folder)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(files, idxName.MatchString) {
		return IDX, nil
	}
	if _, test := plainOrGzip(files, "test_batch.bin"); test || len(cifarBatches(files)) > 0 {
		return CIFAR10, nil
	}
	if _, train := plainOrGzip(files, "train.bin"); train {
		return CIFAR100, nil
	}
	if len(folders) > 0 {
		return Folder, nil
	}
	var wanted []string
	for _, entry := range List() {
		if entry.Files != "" {
			wanted = append(wanted, fmt.Sprintf("%s (%s)", entry.Files, entry.Kind))
		}
	}
	return "", fmt.Errorf("%s: holds no dataset: looked for %s; found %s", folder, strings.Join(wanted, "; "), some(files))
}

// fit rejects settings that the kind has no use for, because a setting without effect is a mistake.
func (o Options) fit(kind Kind) error {
	switch {
	case o.Coarse && kind != CIFAR100:
		return fmt.Errorf("coarse classes are a setting of %s and not of %s", CIFAR100, kind)
	case o.Resize != Shape{} && kind != Folder:
		return fmt.Errorf("resize is a setting of %s and not of %s", Folder, kind)
	case o.Glyphs != GlyphOptions{} && kind != Glyphs:
		return fmt.Errorf("settings of %s were given for a source of kind %s", Glyphs, kind)
	}
	return nil
}

// list returns the names of the files and of the folders in a folder, each ascending; hidden ones are left out.
func list(folder string) (files, folders []string, err error) {
	info, err := os.Stat(folder)
	if os.IsNotExist(err) {
		return nil, nil, fmt.Errorf("%s: there is no such folder, and %q is the only dataset that needs none", folder, Glyphs)
	}
	if err != nil {
		return nil, nil, err
	}
	if !info.IsDir() {
		return nil, nil, fmt.Errorf("%s: is a file; name the folder that holds it", folder)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, nil, err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		// A link counts as what it leads to, so that data may live elsewhere.
		if info, err := os.Stat(filepath.Join(folder, entry.Name())); err == nil && info.IsDir() {
			folders = append(folders, entry.Name())
		} else {
			files = append(files, entry.Name())
		}
	}
	return files, folders, nil
}

// some returns the first few names for an error message.
func some(names []string) string {
	const most = 4
	switch {
	case len(names) == 0:
		return "nothing"
	case len(names) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
