package data

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAFolderThatHoldsNothingKnownSaysWhatWasLookedFor(t *testing.T) {
	looked := "DIR: holds no dataset: looked for train-images-idx3-ubyte[.gz], train-labels-idx1-ubyte[.gz], t10k-… (idx); " +
		"data_batch_1.bin[.gz] …, test_batch.bin[.gz], batches.meta.txt (cifar10); " +
		"train.bin[.gz], test.bin[.gz], fine_label_names.txt, coarse_label_names.txt (cifar100); " +
		"CLASS/*.png, CLASS/*.jpg (folder); found "
	refused(t, map[string][]byte{".hidden": {1}}, Options{}, looked+"nothing")
	refused(t, map[string][]byte{"a": {1}, "b": {1}, "c": {1}, "d": {1}, "e": {1}, "f": {1}}, Options{}, looked+"a, b, c, d and 2 more")
}

func TestASourceThatIsNotThereOrNotMeantIsRefused(t *testing.T) {
	folder := folderOf(t, mnistLike())
	file := filepath.Join(folder, trainImages)
	for _, c := range []struct {
		source string
		o      Options
		want   string
	}{
		{"glyph", Options{}, `glyph: there is no such folder, and "glyphs" is the only dataset that needs none`},
		{file, Options{}, "DIR/train-images-idx3-ubyte: is a file; name the folder that holds it"},
		{"", Options{}, `no source of data was named: want "glyphs" or a folder`},
		{folder, Options{Kind: "mnist"}, `no kind of dataset is called "mnist": want one of glyphs, idx, cifar10, cifar100, folder`},
		{folder, Options{Kind: Own}, `no kind of dataset is called "own": want one of glyphs, idx, cifar10, cifar100, folder`},
		{"glyphs", Options{Kind: IDX}, `the source "glyphs" is the built-in dataset and not of kind "idx": write ./glyphs for a folder of that name`},
		{folder, Options{Kind: Glyphs}, `the kind "glyphs" is rendered and reads no files, but the source "DIR" was named`},
		{folder, Options{Kind: CIFAR10}, "DIR: has no data_batch_1.bin[.gz]"},
		{folder, Options{Coarse: true}, "coarse classes are a setting of cifar100 and not of idx"},
		{folder, Options{Resize: Shape{H: 3, W: 3}}, "resize is a setting of folder and not of idx"},
		{folder, Options{Glyphs: GlyphOptions{Size: 20}}, "settings of glyphs were given for a source of kind idx"},
	} {
		_, err := Open(c.source, c.o)
		if err == nil {
			t.Errorf("%q was opened; want the error %s", c.source, c.want)
			continue
		}
		if got := filepath.ToSlash(strings.ReplaceAll(err.Error(), folder, "DIR")); got != c.want {
			t.Errorf("the error is\n%s; want\n%s", got, c.want)
		}
	}
}

func TestEveryListedKindIsRecognisedByItsFiles(t *testing.T) {
	folders := map[Kind]string{
		IDX: folderOf(t, mnistLike()), CIFAR10: folderOf(t, cifar10Like()), Folder: folderOf(t, pictures(t)),
		CIFAR100: folderOf(t, map[string][]byte{"train.bin": cifarRecord(0, 0)}),
	}
	for _, entry := range List() {
		if entry.Kind == Glyphs {
			continue
		}
		got, err := Recognise(folders[entry.Kind])
		if err != nil || got != entry.Kind {
			t.Errorf("a folder of kind %s was taken for %q, %v", entry.Kind, got, err)
		}
		if d, err := Open(folders[entry.Kind], Options{Kind: entry.Kind}); err != nil || d.Kind() != entry.Kind {
			t.Errorf("a folder opened as %s gave %v", entry.Kind, err)
		}
	}
}

func TestADescriptionCountsButKeepsTheTestImagesToItself(t *testing.T) {
	d, err := Open(folderOf(t, mnistLike()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	about := Describe(d)
	if len(about.Parts) != 2 || about.Kind != IDX || about.Shape != (Shape{2, 3, 1}) || len(about.Classes) != 3 {
		t.Fatalf("the description is %+v", about)
	}
	train, test := about.Parts[0], about.Parts[1]
	if train.Name != "train" || train.Images != 4 || train.Counts[1] != 2 || train.Hash != d.train.Hash() {
		t.Errorf("the training part is described as %+v", train)
	}
	if want := 11.5 / 255; len(train.Mean) != 1 || train.Mean[0] != want {
		t.Errorf("the mean is %v; want %v", train.Mean, want)
	}
	if test.Name != "test" || test.Images != 2 || test.Mean != nil || test.Std != nil {
		t.Errorf("the test part is described as %+v", test)
	}
}

func TestAContactSheetShowsARowForEachClass(t *testing.T) {
	d, err := Open(folderOf(t, pictures(t)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	sheet := ContactSheet(d.train.View(), 2)
	if got := sheet.Bounds().Size(); got.X != 7 || got.Y != 9 {
		t.Fatalf("the sheet is %v; want 7 by 9: two columns of 2, two rows of 3, gaps of 1", got)
	}
	for _, c := range []struct {
		x, y int
		want uint32
	}{{1, 1, 0xffff0000}, {4, 3, 0xff808080}, {1, 5, 0xff0000ff}, {4, 5, 0xff606060}, {0, 0, 0xff606060}, {3, 2, 0xff606060}} {
		r, g, b, a := sheet.At(c.x, c.y).RGBA()
		if got := a>>8<<24 | r>>8<<16 | g>>8<<8 | b>>8; got != c.want {
			t.Errorf("pixel %d,%d is %08x; want %08x", c.x, c.y, got, c.want)
		}
	}
}
