package data

import (
	"io"
	"runtime"
	"slices"
	"testing"
)

const (
	trainImages = "train-images-idx3-ubyte"
	trainLabels = "train-labels-idx1-ubyte"
	testImages  = "t10k-images-idx3-ubyte"
	testLabels  = "t10k-labels-idx1-ubyte"
)

func idxImageFile(n, h, w int) []byte {
	return joined(words(idxGrey, uint32(n), uint32(h), uint32(w)), ramp(n*h*w))
}

func idxLabelFile(labels ...byte) []byte {
	return joined(words(idxLabels, uint32(len(labels))), labels)
}

// mnistLike is a small, sound folder: 4 training and 2 test images of 2x3, 3 classes.
func mnistLike() map[string][]byte {
	return map[string][]byte{
		trainImages: idxImageFile(4, 2, 3), trainLabels: idxLabelFile(0, 1, 2, 1),
		testImages: idxImageFile(2, 2, 3), testLabels: idxLabelFile(2, 0),
	}
}

func TestAnIDXFolderIsReadPlainAndCompressed(t *testing.T) {
	gzipped, renamed := map[string][]byte{}, map[string][]byte{}
	for name, content := range mnistLike() {
		gzipped[name+".gz"] = zipped(content)
	}
	for from, to := range map[string]string{
		trainImages: "emnist-letters-train-images-idx3-ubyte", trainLabels: "emnist-letters-train-labels-idx1-ubyte",
		testImages: "emnist-letters-test-images.idx3-ubyte", testLabels: "emnist-letters-test-labels.idx1-ubyte",
	} {
		renamed[to] = mnistLike()[from]
	}
	for name, files := range map[string]map[string][]byte{"plain": mnistLike(), "gzip": gzipped, "other names": renamed} {
		t.Run(name, func(t *testing.T) {
			d, err := Open(folderOf(t, files), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d.Kind() != IDX || d.Shape() != (Shape{2, 3, 1}) || !slices.Equal(d.Classes(), []string{"0", "1", "2"}) {
				t.Errorf("it is %s of %v with classes %v", d.Kind(), d.Shape(), d.Classes())
			}
			if got := d.train.Image(1); !slices.Equal(got, []byte{6, 7, 8, 9, 10, 11}) {
				t.Errorf("image 1 is %v", got)
			}
			if d.train.Len() != 4 || d.test.Len() != 2 || d.train.Label(2) != 2 || d.test.Label(1) != 0 {
				t.Error("numbers or labels are wrong")
			}
		})
	}
}

func TestIDXImagesMayHaveChannels(t *testing.T) {
	files := mnistLike()
	delete(files, testImages)
	delete(files, testLabels)
	delete(files, trainImages)
	files["train-images-idx4-ubyte"] = joined(words(idxColour, 4, 1, 2, 3), ramp(24))
	d, err := Open(folderOf(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Shape() != (Shape{1, 2, 3}) || d.test != nil {
		t.Errorf("the shape is %v", d.Shape())
	}
}

func TestNamesOfClassesAreReadFromAFileBesideTheData(t *testing.T) {
	files := mnistLike()
	files["classes.txt"] = []byte("shirt\r\nshoe\nbag \nhat\n\n")
	d, err := Open(folderOf(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"shirt", "shoe", "bag", "hat"}; !slices.Equal(d.Classes(), want) {
		t.Errorf("the classes are %q; want %q", d.Classes(), want)
	}
}

func TestABrokenIDXFolderIsRefusedWithFileAndPlace(t *testing.T) {
	for _, c := range []struct {
		name, file string
		content    []byte // nil removes the file
		want       string
	}{
		{"empty", trainImages, []byte{}, "DIR/train-images-idx3-ubyte: the file is empty"},
		{"ends in the magic number", trainImages, []byte{0, 0}, "DIR/train-images-idx3-ubyte: ends at byte 2, inside the magic number, which should reach from byte 0 to byte 4"},
		{"labels in place of images", trainImages, idxLabelFile(1), "DIR/train-images-idx3-ubyte: the magic number at byte 0 is 0x00000801, want 0x00000803 (images) or 0x00000804 (images with channels): this is a file of labels"},
		{"compressed without .gz", trainImages, zipped(idxImageFile(4, 2, 3)), "DIR/train-images-idx3-ubyte: the magic number at byte 0 is 0x1f8b0800, want 0x00000803 (images) or 0x00000804 (images with channels): this is a gzip file, whose name should end in .gz"},
		{"a float file", trainImages, words(0x00000d03, 4, 2, 3), "DIR/train-images-idx3-ubyte: the magic number at byte 0 is 0x00000d03, want 0x00000803 (images) or 0x00000804 (images with channels)"},
		{"ends in the header", trainImages, words(idxGrey, 4, 2)[:11], "DIR/train-images-idx3-ubyte: ends at byte 11, inside the height, which should reach from byte 8 to byte 12"},
		{"no images", trainImages, words(idxGrey, 0, 2, 3), "DIR/train-images-idx3-ubyte: the number of images at byte 4 is 0, want 1 to 2147483647"},
		{"flat images", trainImages, words(idxGrey, 4, 0, 3), "DIR/train-images-idx3-ubyte: the height at byte 8 is 0, want 1 to 16384"},
		{"wide images", trainImages, words(idxGrey, 4, 2, 1<<20), "DIR/train-images-idx3-ubyte: the width at byte 12 is 1048576, want 1 to 16384"},
		{"too much promised", trainImages, words(idxGrey, 1<<30, 16384, 16384), "DIR/train-images-idx3-ubyte: the header promises 1073741824 images of 16384x16384x1, which is more than the 4294967296 bytes that one file may hold"},
		{"truncated", trainImages, idxImageFile(4, 2, 3)[:30], "DIR/train-images-idx3-ubyte: ends at byte 30, inside 4 images of 2x3x1, which should reach from byte 16 to byte 40"},
		{"too long", trainImages, append(idxImageFile(4, 2, 3), 7), "DIR/train-images-idx3-ubyte: goes on after byte 40, where the data should end"},
		{"more images than labels", trainImages, idxImageFile(5, 2, 3), "DIR/train-labels-idx1-ubyte: has 4 labels, but train-images-idx3-ubyte has 5 images"},
		{"test images of another size", testImages, idxImageFile(2, 3, 2), "DIR/t10k-images-idx3-ubyte: holds images of 3x2x1, but the training images are 2x3x1"},
		{"images in place of labels", trainLabels, idxImageFile(1, 1, 1), "DIR/train-labels-idx1-ubyte: the magic number at byte 0 is 0x00000803, want 0x00000801 (labels): this is a file of images"},
		{"no labels", trainLabels, words(idxLabels, 0), "DIR/train-labels-idx1-ubyte: the number of labels at byte 4 is 0, want 1 to 2147483647"},
		{"ends in the header of labels", trainLabels, words(idxLabels), "DIR/train-labels-idx1-ubyte: ends at byte 4, inside the header, which should reach from byte 0 to byte 8"},
		{"truncated labels", trainLabels, idxLabelFile(0, 1, 2, 1)[:10], "DIR/train-labels-idx1-ubyte: ends at byte 10, inside 4 labels, which should reach from byte 8 to byte 12"},
		{"a test label that training does not know", testLabels, idxLabelFile(2, 3), "DIR/t10k-labels-idx1-ubyte: label 1 (byte 9) is 3, want 0 to 2"},
		{"all of one class", trainLabels, idxLabelFile(0, 0, 0, 0), "DIR/t10k-labels-idx1-ubyte: label 0 (byte 8) is 2, want 0 to 0"},
		{"missing images", trainImages, nil, "DIR: has train-labels-idx1-ubyte but no train-images-idx3-ubyte[.gz]"},
		{"missing labels", testLabels, nil, "DIR: has t10k-images-idx3-ubyte but no t10k-labels-idx1-ubyte[.gz]"},
		{"not compressed although named so", trainImages + ".gz", idxImageFile(4, 2, 3), "DIR/train-images-idx3-ubyte.gz: is not a gzip file, which its name promises"},
		{"truncated while compressed", trainImages + ".gz", zipped(idxImageFile(4, 2, 3))[:10], "DIR/train-images-idx3-ubyte.gz: ends at byte 0, inside the magic number, which should reach from byte 0 to byte 4"},
		{"two datasets", "emnist-train-images-idx3-ubyte", idxImageFile(4, 2, 3), "DIR: holds several files of train images (emnist-train-images-idx3-ubyte and train-images-idx3-ubyte): keep one dataset in a folder"},
		{"fewer names than classes", "classes.txt", []byte("a\nb\n"), "DIR/train-labels-idx1-ubyte: label 2 (byte 10) is 2, want 0 to 1"},
		{"a blank name", "classes.txt", []byte("a\n\nb\n"), "DIR/classes.txt: line 2 is blank, want the name of a class"},
		{"a name twice", "classes.txt", []byte("a\nb\na\n"), `DIR/classes.txt: line 3 repeats the class "a" of line 1`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := mnistLike()
			if c.content == nil {
				delete(files, c.file)
			} else {
				files[c.file] = c.content
			}
			if c.file == trainImages+".gz" {
				delete(files, trainImages)
			}
			refused(t, files, Options{}, c.want)
		})
	}
}

func TestAFolderWithOnlyTestFilesSaysWhatIsMissing(t *testing.T) {
	refused(t, map[string][]byte{testImages: idxImageFile(1, 1, 1), testLabels: idxLabelFile(0)}, Options{}, "DIR: has no train-images-idx3-ubyte[.gz]")
}

func TestADamagedGzipFileIsNotReadAsIfItWereSound(t *testing.T) {
	files := mnistLike()
	content := zipped(files[trainImages])
	content[len(content)-8] ^= 0xff // the checksum
	delete(files, trainImages)
	files[trainImages+".gz"] = content
	refused(t, files, Options{}, "DIR/train-images-idx3-ubyte.gz: cannot be read on from byte 40: gzip: invalid checksum")
}

func TestAHeaderThatLiesCostsNoMemory(t *testing.T) {
	before := allocated()
	in := &input{name: "liar", r: io.MultiReader(&reader{words(idxGrey, 1<<20, 64, 63)}, &reader{make([]byte, 100)})}
	_, err := readIDXImages(in)
	if want := "liar: ends at byte 116, inside 1048576 images of 64x63x1, which should reach from byte 16 to byte 4227858448"; err == nil || err.Error() != want {
		t.Errorf("the error is %v; want %s", err, want)
	}
	if used := allocated() - before; used > 8<<20 {
		t.Errorf("a file of 116 bytes made the reader allocate %d bytes", used)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// reader hands out its bytes and nothing more.
type reader struct{ left []byte }

func (r *reader) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}
