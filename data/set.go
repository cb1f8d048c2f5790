package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
)

// Set is a list of labelled images of one shape. It never changes.
type Set struct {
	shape   Shape
	classes []string
	pixels  []uint8
	labels  []uint16
}

// MaxClasses is the largest number of classes a Set can tell apart.
const MaxClasses = 1 << 16

// NewSet makes a Set of len(labels) images. pixels holds them one after another, each row by row with channels last
// (NHWC); labels[i] is the index into classes of image i. The slices belong to the Set from then on. It is an error when
// the lengths do not fit together, a label has no class, or there is no image at all.
func NewSet(shape Shape, classes []string, pixels []uint8, labels []uint16) (*Set, error) {
	if err := shape.check(); err != nil {
		return nil, err
	}
	if len(classes) < 1 || len(classes) > MaxClasses {
		return nil, fmt.Errorf("a set of %d classes is impossible: want 1 to %d", len(classes), MaxClasses)
	}
	if len(labels) == 0 {
		return nil, fmt.Errorf("a set without images is of no use")
	}
	if len(pixels) != len(labels)*shape.Len() {
		return nil, fmt.Errorf("%d labels and images of %v need %d pixel values, got %d", len(labels), shape, len(labels)*shape.Len(), len(pixels))
	}
	for i, label := range labels {
		if int(label) >= len(classes) {
			return nil, fmt.Errorf("image %d has label %d, but there are only %d classes (0 to %d)", i, label, len(classes), len(classes)-1)
		}
	}
	return &Set{shape: shape, classes: classes, pixels: pixels, labels: labels}, nil
}

// Len returns the number of images.
func (s *Set) Len() int { return len(s.labels) }

// Shape returns the size of every image.
func (s *Set) Shape() Shape { return s.shape }

// Classes returns the names of the classes, in the order of their labels. The slice is the caller's own.
func (s *Set) Classes() []string { return slices.Clone(s.classes) }

// Image returns the pixels of image i, H*W*C bytes, which must not be written to.
func (s *Set) Image(i int) []uint8 {
	n := s.shape.Len()
	return s.pixels[i*n : (i+1)*n : (i+1)*n]
}

// Label returns the class of image i.
func (s *Set) Label(i int) int { return int(s.labels[i]) }

// View returns the view of all images, in order.
func (s *Set) View() View {
	index := make([]int32, s.Len())
	for i := range index {
		index[i] = int32(i)
	}
	return View{set: s, index: index}
}

// Hash returns the SHA-256 of the content in hexadecimal: shape, class names, labels and pixels. Two sets with the same
// hash train the same networks.
func (s *Set) Hash() string {
	h := sha256.New()
	word := func(v int) {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(v))
		h.Write(b[:])
	}
	for _, v := range []int{s.shape.H, s.shape.W, s.shape.C, len(s.classes), len(s.labels)} {
		word(v)
	}
	for _, name := range s.classes {
		word(len(name))
		h.Write([]byte(name))
	}
	labels := make([]byte, 0, 2*len(s.labels))
	for _, label := range s.labels {
		labels = binary.LittleEndian.AppendUint16(labels, label)
	}
	h.Write(labels)
	h.Write(s.pixels)
	return hex.EncodeToString(h.Sum(nil))
}
