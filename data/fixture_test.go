package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// made returns a set of n images whose pixels are chance and whose classes come in turn.
func made(t testing.TB, shape Shape, classes, n int) *Set {
	t.Helper()
	r := rand.New(rand.NewPCG(1, uint64(n)))
	pixels, labels := make([]uint8, n*shape.Len()), make([]uint16, n)
	for i := range pixels {
		pixels[i] = uint8(r.Uint32())
	}
	for i := range labels {
		labels[i] = uint16(i % classes)
	}
	s, err := NewSet(shape, numbered(classes), pixels, labels)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// folderOf writes files, by path, into a new folder.
func folderOf(t testing.TB, files map[string][]byte) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// refused opens a folder and checks the whole message, DIR standing for the folder.
func refused(t *testing.T, files map[string][]byte, o Options, want string) {
	t.Helper()
	folder := folderOf(t, files)
	_, err := Open(folder, o)
	if err == nil {
		t.Fatalf("the folder was opened; want the error %q", want)
	}
	if got := strings.ReplaceAll(err.Error(), folder, "DIR"); filepath.ToSlash(got) != want {
		t.Errorf("the error is\n%q; want\n%q", got, want)
	}
}

func zipped(content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(content)
	w.Close()
	return b.Bytes()
}

func joined(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// words returns 32-bit big-endian numbers.
func words(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// ramp returns n bytes that count up.
func ramp(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// picture returns the bytes of a PNG, or a JPEG, of one colour.
func picture(t testing.TB, name string, h, w int, c color.Color) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	grey := image.NewGray(img.Bounds())
	for y := range h {
		for x := range w {
			img.Set(x, y, c)
			grey.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	var err error
	_, isGrey := c.(color.Gray)
	switch {
	case strings.HasSuffix(name, ".jpg"):
		err = jpeg.Encode(&b, img, nil)
	case isGrey:
		err = png.Encode(&b, grey)
	default:
		err = png.Encode(&b, img)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
