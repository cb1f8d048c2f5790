package data

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// The binary version of CIFAR (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009) is a row of
// records: one label byte (CIFAR-100: the coarse one, then the fine one), then 1024 red, 1024 green, 1024 blue bytes.
const (
	cifarSide   = 32
	cifarPlane  = cifarSide * cifarSide
	cifarPixels = 3 * cifarPlane
)

// cifarFormat tells the two apart: the number of classes that each label byte may name, and which byte counts.
type cifarFormat struct {
	labels []int
	use    int
}

// records is the content of some CIFAR files.
type records struct {
	pixels []uint8
	labels []uint16
}

// readCIFAR appends the records of a file, pixels turned from planes to channels last.
func readCIFAR(in *input, format cifarFormat, to records) (records, error) {
	record := make([]byte, len(format.labels)+cifarPixels)
	for number := 0; ; number++ {
		n, err := io.ReadFull(in.r, record)
		start := in.at
		in.at += int64(n)
		if err == io.EOF && number > 0 {
			return to, nil
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			return to, fmt.Errorf("%s: ends inside record %d (byte %d), after %d of its %d bytes", in.name, number, start, n, len(record))
		}
		if err != nil {
			return to, in.broken(err)
		}
		for i, classes := range format.labels {
			if int(record[i]) >= classes {
				return to, fmt.Errorf("%s: record %d (byte %d) has label %d, want 0 to %d", in.name, number, start+int64(i), record[i], classes-1)
			}
		}
		if int64(len(to.pixels))+cifarPixels > maxBytes {
			return to, fmt.Errorf("%s: holds more than the %d bytes of images that one dataset may have", in.name, int64(maxBytes))
		}
		to.labels = append(to.labels, uint16(record[format.use]))
		at := len(to.pixels)
		to.pixels = slices.Grow(to.pixels, cifarPixels)[:at+cifarPixels]
		interleave(to.pixels[at:], record[len(format.labels):])
	}
}

// interleave turns three planes of one channel each into pixels of three channels.
func interleave(dst, planes []uint8) {
	red, green, blue := planes[:cifarPlane], planes[cifarPlane:2*cifarPlane], planes[2*cifarPlane:cifarPixels]
	for i, r := range red {
		dst[3*i], dst[3*i+1], dst[3*i+2] = r, green[i], blue[i]
	}
}
