package data

import (
	"encoding/binary"
	"fmt"
)

// The IDX format (LeCun, Cortes and Burges, "The MNIST database"): two zero bytes, a type byte (8 is unsigned bytes), the
// number of dimensions, one big-endian uint32 a dimension, then the values, last dimension fastest.
const (
	idxLabels = 0x00000801
	idxGrey   = 0x00000803
	idxColour = 0x00000804 // an extension that some converters write: count, height, width, channels
	maxSide   = 1 << 14
)

// idxImages is the content of one image file.
type idxImages struct {
	shape  Shape
	count  int
	pixels []uint8
}

func readIDXImages(in *input) (idxImages, error) {
	var header [16]byte
	if err := in.fill(header[:4], "the magic number"); err != nil {
		return idxImages{}, err
	}
	magic := binary.BigEndian.Uint32(header[:])
	if magic != idxGrey && magic != idxColour {
		return idxImages{}, fmt.Errorf("%s: the magic number at byte 0 is 0x%08x, want 0x%08x (images) or 0x%08x (images with channels)%s", in.name, magic, idxGrey, idxColour, idxHint(magic))
	}
	names := []string{"number of images", "height", "width", "number of channels"}[:magic&0xff]
	limits := [...]uint32{1<<31 - 1, maxSide, maxSide, 4}
	sizes := [4]int64{0, 0, 0, 1}
	for d, name := range names {
		if err := in.fill(header[:4], "the "+name); err != nil {
			return idxImages{}, err
		}
		size := binary.BigEndian.Uint32(header[:])
		if size < 1 || size > limits[d] {
			return idxImages{}, fmt.Errorf("%s: the %s at byte %d is %d, want 1 to %d", in.name, name, in.at-4, size, limits[d])
		}
		sizes[d] = int64(size)
	}
	shape := Shape{int(sizes[1]), int(sizes[2]), int(sizes[3])}
	if each := sizes[1] * sizes[2] * sizes[3]; sizes[0] > maxBytes/each {
		return idxImages{}, fmt.Errorf("%s: the header promises %d images of %v, which is more than the %d bytes that one file may hold", in.name, sizes[0], shape, int64(maxBytes))
	}
	pixels, err := in.take(sizes[0]*int64(shape.Len()), fmt.Sprintf("%d images of %v", sizes[0], shape))
	if err != nil {
		return idxImages{}, err
	}
	return idxImages{shape, int(sizes[0]), pixels}, in.end()
}

func readIDXLabels(in *input) ([]uint8, error) {
	var header [8]byte
	if err := in.fill(header[:], "the header"); err != nil {
		return nil, err
	}
	if magic := binary.BigEndian.Uint32(header[:]); magic != idxLabels {
		return nil, fmt.Errorf("%s: the magic number at byte 0 is 0x%08x, want 0x%08x (labels)%s", in.name, magic, idxLabels, idxHint(magic))
	}
	count := binary.BigEndian.Uint32(header[4:])
	if count < 1 || count > 1<<31-1 {
		return nil, fmt.Errorf("%s: the number of labels at byte 4 is %d, want 1 to %d", in.name, count, 1<<31-1)
	}
	labels, err := in.take(int64(count), fmt.Sprintf("%d labels", count))
	if err != nil {
		return nil, err
	}
	return labels, in.end()
}

func idxHint(magic uint32) string {
	switch {
	case magic>>16 == 0x1f8b:
		return ": this is a gzip file, whose name should end in .gz"
	case magic == idxLabels:
		return ": this is a file of labels"
	case magic == idxGrey || magic == idxColour:
		return ": this is a file of images"
	}
	return ""
}
