package data

import (
	"image/color"
	"slices"
	"testing"
)

var (
	red  = color.NRGBA{255, 0, 0, 255}
	blue = color.NRGBA{0, 0, 255, 255}
	grey = color.Gray{128}
)

// pictures is a sound folder without parts: two classes of 3 by 2 pixels.
func pictures(t *testing.T) map[string][]byte {
	return map[string][]byte{
		"cat/1.png": picture(t, "1.png", 3, 2, red),
		"cat/2.png": picture(t, "2.png", 3, 2, grey),
		"dog/1.png": picture(t, "1.png", 3, 2, blue),
	}
}

func TestAFolderOfClassFoldersIsADataset(t *testing.T) {
	files := pictures(t)
	files["cat/.DS_Store"], files["dog/Thumbs.db"], files["readme.txt"] = []byte("x"), []byte("x"), []byte("x")
	d, err := Open(folderOf(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Kind() != Folder || d.Shape() != (Shape{3, 2, 3}) || !slices.Equal(d.Classes(), []string{"cat", "dog"}) || d.test != nil {
		t.Errorf("it is %s of %v with classes %v", d.Kind(), d.Shape(), d.Classes())
	}
	for i, want := range []struct {
		label int
		pixel []byte
	}{{0, []byte{255, 0, 0}}, {0, []byte{128, 128, 128}}, {1, []byte{0, 0, 255}}} {
		if d.train.Label(i) != want.label || !slices.Equal(d.train.Image(i)[15:], want.pixel) {
			t.Errorf("image %d has label %d and ends in %v; want %d and %v", i, d.train.Label(i), d.train.Image(i)[15:], want.label, want.pixel)
		}
	}
}

func TestPartsOfAnImageFolderAreKeptApart(t *testing.T) {
	files := map[string][]byte{}
	for _, part := range []string{"train", "val", "test"} {
		for name, content := range pictures(t) {
			files[part+"/"+name] = content
		}
	}
	delete(files, "test/dog/1.png")
	delete(files, "val/cat/1.png")
	d, err := Open(folderOf(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.train.Len() != 3 || d.validation.Len() != 2 || d.test.Len() != 2 || !slices.Equal(d.test.View().Counts(), []int{2, 0}) {
		t.Errorf("the parts have %d, %d and %d images", d.train.Len(), d.validation.Len(), d.test.Len())
	}
}

func TestAClassMayBeCalledTrain(t *testing.T) {
	files := pictures(t)
	files["train/1.png"] = files["cat/1.png"]
	d, err := Open(folderOf(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"cat", "dog", "train"}; !slices.Equal(d.Classes(), want) {
		t.Errorf("the classes are %v; want %v", d.Classes(), want)
	}
}

func TestGreyFilesMakeGreyImages(t *testing.T) {
	d, err := Open(folderOf(t, map[string][]byte{"a/1.png": picture(t, "1.png", 2, 2, grey), "b/1.png": picture(t, "1.png", 2, 2, color.Gray{3})}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Shape() != (Shape{2, 2, 1}) || !slices.Equal(d.train.Image(1), []byte{3, 3, 3, 3}) {
		t.Errorf("the shape is %v and image 1 is %v", d.Shape(), d.train.Image(1))
	}
}

func TestImagesAreResizedOnRequest(t *testing.T) {
	files := pictures(t)
	files["dog/2.jpg"] = picture(t, "2.jpg", 40, 30, color.NRGBA{250, 250, 250, 255})
	d, err := Open(folderOf(t, files), Options{Resize: Shape{8, 8, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if d.Shape() != (Shape{8, 8, 1}) {
		t.Fatalf("the shape is %v", d.Shape())
	}
	for i, want := range []int{76, 128, 29, 250} { // the luma of red, grey, blue and nearly white
		for _, p := range d.train.Image(i) {
			if diff := int(p) - want; diff < -2 || diff > 2 {
				t.Fatalf("image %d has a pixel of %d; want about %d", i, p, want)
			}
		}
	}
	if d, err = Open(folderOf(t, pictures(t)), Options{Resize: Shape{C: 1}}); err != nil || d.Shape() != (Shape{3, 2, 1}) {
		t.Errorf("turning images grey gave %v, %v", d, err)
	}
}

func TestABrokenImageFolderIsRefusedWithTheFile(t *testing.T) {
	png := picture(t, "x.png", 3, 2, red)
	huge := slices.Clone(png)
	copy(huge[16:], words(1<<30, 1<<30, 0)[:8]) // width and height of the header
	for _, c := range []struct {
		name, file string
		content    []byte
		resize     Shape
		want       string
	}{
		{"another size", "dog/2.png", picture(t, "2.png", 4, 2, red), Shape{}, "DIR/dog/2.png: is 4x2 pixels, but DIR/cat/1.png is 3x2: all images must have one size, or be resized to one"},
		{"empty", "dog/2.png", []byte{}, Shape{}, "DIR/dog/2.png: is not a readable image: image: unknown format"},
		{"no image", "dog/2.jpg", []byte("hello"), Shape{}, "DIR/dog/2.jpg: is not a readable image: image: unknown format"},
		{"truncated", "dog/2.png", png[:len(png)-20], Shape{}, "DIR/dog/2.png: is not a readable image: png: invalid format: unexpected EOF"},
		{"no image by its name", "dog/notes.txt", []byte("hello"), Shape{}, "DIR/dog/notes.txt: is not a .png, .jpg or .jpeg file"},
		{"deeper folder", "dog/more/1.png", png, Shape{}, "DIR/dog/more: is a folder inside a class folder, where only image files may be"},
		{"no class folder", "1.png", png, Shape{}, "DIR/1.png: is not in a class folder: every image belongs into DIR/CLASS"},
		{"class without images", "elk/.keep", []byte{}, Shape{}, "DIR/elk: is a class folder without images"},
		{"half a size", "dog/2.png", png, Shape{H: 8}, "images cannot be resized to 8 by 0 pixels: want 1 to 16384, or both 0 to keep them"},
		{"two channels", "dog/2.png", png, Shape{8, 8, 2}, "images cannot be resized to 2 channels: want 1 (grey), 3 (colour) or 0 to keep them"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := pictures(t)
			files[c.file] = c.content
			refused(t, files, Options{Resize: c.resize}, c.want)
		})
	}
}

func TestAnImageFolderNeedsTwoClassesInTraining(t *testing.T) {
	png := picture(t, "x.png", 3, 2, red)
	refused(t, map[string][]byte{"cat/1.png": png}, Options{}, "DIR: has 1 class folders, want 2 or more")
	refused(t, map[string][]byte{"train/a/1.png": png, "train/b/1.png": png, "test/c/1.png": png}, Options{}, "DIR/test/c: is a class that the training part does not have: want one of a, b")
	refused(t, map[string][]byte{"train/a/1.png": png, "train/b/1.png": png, "val/a/1.png": png, "validation/a/1.png": png}, Options{}, "DIR: has both val and validation, which mean the same part")
	refused(t, map[string][]byte{"train/a/1.png": png, "train/b/1.png": png, "test/1.png": png}, Options{}, "DIR/test/1.png: is not in a class folder: every image belongs into DIR/test/CLASS")
	refused(t, map[string][]byte{"train/a/1.png": png, "train/b/1.png": png, "test/.keep": {}}, Options{}, "DIR/test: has no class folders with images")
}
