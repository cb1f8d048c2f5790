package data

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// cifarRecord is a record whose red, green and blue planes count up from 0, 1 and 2.
func cifarRecord(labels ...byte) []byte {
	record := slices.Clone(labels)
	for plane := range 3 {
		for i := range cifarPlane {
			record = append(record, byte(plane+i))
		}
	}
	return record
}

func cifar10Like() map[string][]byte {
	return map[string][]byte{
		"data_batch_1.bin":  joined(cifarRecord(0), cifarRecord(9)),
		"data_batch_10.bin": cifarRecord(5),
		"data_batch_2.bin":  cifarRecord(3),
		"test_batch.bin":    cifarRecord(7),
	}
}

func TestCIFAR10IsReadInTheOrderOfItsBatches(t *testing.T) {
	files := cifar10Like()
	files["data_batch_2.bin.gz"] = zipped(files["data_batch_2.bin"])
	delete(files, "data_batch_2.bin")
	d, err := Open(folderOf(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var labels []int
	for i := range d.train.Len() {
		labels = append(labels, d.train.Label(i))
	}
	if want := []int{0, 9, 3, 5}; !slices.Equal(labels, want) {
		t.Errorf("the labels are %v; want %v", labels, want)
	}
	if d.Kind() != CIFAR10 || d.Shape() != (Shape{32, 32, 3}) || d.Classes()[9] != "truck" || d.test.Label(0) != 7 {
		t.Errorf("it is %s of %v with classes %v", d.Kind(), d.Shape(), d.Classes())
	}
	if got := d.train.Image(3)[:6]; !slices.Equal(got, []byte{0, 1, 2, 1, 2, 3}) {
		t.Errorf("the first two pixels are %v; want red, green, blue of each in turn", got)
	}
}

func TestCIFAR10TakesItsNamesFromTheMetaFile(t *testing.T) {
	files := cifar10Like()
	files["batches.meta.txt"] = []byte("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n")
	d, err := Open(folderOf(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Classes()[9] != "j" {
		t.Errorf("the classes are %v", d.Classes())
	}
}

func TestCIFAR100HasFineAndCoarseClasses(t *testing.T) {
	var names strings.Builder
	for i := range 100 {
		fmt.Fprintf(&names, "fine %d\n", i)
	}
	files := map[string][]byte{
		"train.bin":            joined(cifarRecord(19, 99), cifarRecord(0, 1)),
		"test.bin.gz":          zipped(cifarRecord(4, 50)),
		"fine_label_names.txt": []byte(names.String()),
	}
	folder := folderOf(t, files)
	for _, c := range []struct {
		coarse  bool
		classes int
		first   int
		name    string
	}{{false, 100, 99, "fine 99"}, {true, 20, 19, "19"}} {
		d, err := Open(folder, Options{Coarse: c.coarse})
		if err != nil {
			t.Fatal(err)
		}
		if d.Kind() != CIFAR100 || len(d.Classes()) != c.classes || d.train.Label(0) != c.first || d.Classes()[c.first] != c.name || d.test.Len() != 1 {
			t.Errorf("coarse %v: %d classes, the first label is %d (%s)", c.coarse, len(d.Classes()), d.train.Label(0), d.Classes()[c.first])
		}
	}
}

func TestABrokenCIFARFolderIsRefusedWithFileAndRecord(t *testing.T) {
	hundred := map[string][]byte{"train.bin": cifarRecord(0, 0), "test.bin": cifarRecord(0, 0)}
	for _, c := range []struct {
		name    string
		base    map[string][]byte
		file    string
		content []byte // nil removes the file
		want    string
	}{
		{"empty", cifar10Like(), "data_batch_1.bin", []byte{}, "DIR/data_batch_1.bin: the file is empty"},
		{"compressed nothing", cifar10Like(), "data_batch_3.bin.gz", zipped(nil), "DIR/data_batch_3.bin.gz: ends inside record 0 (byte 0), after 0 of its 3073 bytes"},
		{"truncated", cifar10Like(), "data_batch_1.bin", joined(cifarRecord(1), cifarRecord(2)[:70]), "DIR/data_batch_1.bin: ends inside record 1 (byte 3073), after 70 of its 3073 bytes"},
		{"one byte too many", cifar10Like(), "test_batch.bin", append(cifarRecord(1), 0), "DIR/test_batch.bin: ends inside record 1 (byte 3073), after 1 of its 3073 bytes"},
		{"mislabelled", cifar10Like(), "data_batch_2.bin", joined(cifarRecord(1), cifarRecord(10)), "DIR/data_batch_2.bin: record 1 (byte 3073) has label 10, want 0 to 9"},
		{"too few names", cifar10Like(), "batches.meta.txt", []byte("a\nb\n"), "DIR/batches.meta.txt: has 2 class names, want 10"},
		{"no names", cifar10Like(), "batches.meta.txt", []byte("\n"), "DIR/batches.meta.txt: line 1 is blank, want the name of a class"},
		{"truncated gzip", cifar10Like(), "data_batch_3.bin.gz", zipped(cifarRecord(1))[:10], "DIR/data_batch_3.bin.gz: ends inside record 0 (byte 0), after 0 of its 3073 bytes"},
		{"coarse label out of range", hundred, "train.bin", cifarRecord(20, 3), "DIR/train.bin: record 0 (byte 0) has label 20, want 0 to 19"},
		{"fine label out of range", hundred, "train.bin", joined(cifarRecord(1, 3), cifarRecord(1, 100)), "DIR/train.bin: record 1 (byte 3075) has label 100, want 0 to 99"},
		{"CIFAR-10 records under a CIFAR-100 name", hundred, "train.bin", cifarRecord(3), "DIR/train.bin: ends inside record 0 (byte 0), after 3073 of its 3074 bytes"},
		{"too few fine names", hundred, "fine_label_names.txt", []byte("a\n"), "DIR/fine_label_names.txt: has 1 class names, want 100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string][]byte{}
			for name, content := range c.base {
				files[name] = content
			}
			files[c.file] = c.content
			refused(t, files, Options{}, c.want)
		})
	}
}

func TestCIFAR10WithoutTrainingBatchesSaysSo(t *testing.T) {
	refused(t, map[string][]byte{"test_batch.bin": cifarRecord(1)}, Options{}, "DIR: has no data_batch_1.bin[.gz]")
	refused(t, map[string][]byte{"test_batch.bin": cifarRecord(1)}, Options{Kind: CIFAR100}, "DIR: has no train.bin[.gz]")
}
