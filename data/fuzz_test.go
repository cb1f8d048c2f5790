package data

import (
	"bytes"
	"testing"
)

// What a reader accepts must be exactly what the file says; everything else must be an error that names the file.
func FuzzIDX(f *testing.F) {
	for _, content := range mnistLike() {
		f.Add(content, false)
		f.Add(zipped(content), true)
		f.Add(content[:len(content)-1], false)
	}
	f.Add(joined(words(idxColour, 2, 1, 2, 3), ramp(12)), false)
	f.Add(words(idxGrey, 1<<31-1, 16384, 16384), false)
	f.Add(words(idxLabels, 1<<32-1), false)
	f.Fuzz(func(t *testing.T, content []byte, compressed bool) {
		if in, err := newInput("FILE", bytes.NewReader(content), compressed); err == nil {
			images, err := readIDXImages(in)
			named(t, err)
			if err == nil && (len(images.pixels) != images.count*images.shape.Len() || images.shape.check() != nil || in.at > 20+int64(len(images.pixels))) {
				t.Errorf("%d images of %v came with %d pixels", images.count, images.shape, len(images.pixels))
			}
		} else {
			named(t, err)
		}
		if in, err := newInput("FILE", bytes.NewReader(content), compressed); err == nil {
			labels, err := readIDXLabels(in)
			named(t, err)
			if err == nil && !compressed && !bytes.Equal(content, idxLabelFile(labels...)) {
				t.Errorf("%d labels were read from other bytes: %x", len(labels), content)
			}
		}
	})
}

func FuzzCIFAR(f *testing.F) {
	f.Add(cifarRecord(9), false, false)
	f.Add(cifarRecord(19, 99), true, false)
	f.Add(joined(cifarRecord(1), cifarRecord(10)), false, false)
	f.Add(zipped(joined(cifarRecord(1), cifarRecord(2))), false, true)
	f.Add(cifarRecord(1)[:100], false, false)
	f.Fuzz(func(t *testing.T, content []byte, hundred, compressed bool) {
		format := cifarFormat{labels: []int{10}}
		if hundred {
			format = cifarFormat{labels: []int{20, 100}, use: 1}
		}
		in, err := newInput("FILE", bytes.NewReader(content), compressed)
		named(t, err)
		if err != nil {
			return
		}
		all, err := readCIFAR(in, format, records{})
		named(t, err)
		if err != nil {
			return
		}
		if len(all.labels) == 0 || len(all.pixels) != len(all.labels)*cifarPixels {
			t.Fatalf("%d labels came with %d pixels", len(all.labels), len(all.pixels))
		}
		for i, label := range all.labels {
			if int(label) >= format.labels[format.use] {
				t.Errorf("record %d has label %d", i, label)
			}
		}
		if size := len(format.labels) + cifarPixels; !compressed && len(content) != len(all.labels)*size {
			t.Errorf("%d records of %d bytes were read from %d bytes", len(all.labels), size, len(content))
		}
	})
}

func named(t *testing.T, err error) {
	t.Helper()
	if err != nil && !bytes.HasPrefix([]byte(err.Error()), []byte("FILE: ")) {
		t.Errorf("the error does not name the file: %v", err)
	}
}
