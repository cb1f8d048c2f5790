package data

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/internal/stream"
)

// BatchOptions says how a View is cut into minibatches.
type BatchOptions struct {
	Size          int           // images in a batch, 1 or more
	Seed          uint64        // with the epoch it decides order and augmentation
	Shuffle       bool          // a new order every epoch; otherwise the order of the view
	DropLast      bool          // leave out a last batch with fewer than Size images; otherwise it comes, smaller
	Normalisation Normalisation // usually Training.Normalisation; the zero value maps pixels to 0…1
	Augment       []Augment     // applied in this order; none for validation and test
}

// Batch is some images ready for a network. Its slices are overwritten by the next batch of the same Batches.
type Batch struct {
	Shape  Shape
	Images []float32 // len(Labels)*H*W*C values, image after image in HWC order
	Labels []int32
	Index  []int // the position of each image in its Set
}

// Len returns the number of images.
func (b Batch) Len() int { return len(b.Labels) }

// Batches cuts a View into batches. What an image looks like in an epoch depends on (Seed, epoch, the image) alone: not on
// the batch size, nor on the images before it. It reuses its buffers, and so is for one goroutine at a time.
type Batches struct {
	view    View
	o       BatchOptions
	tables  [][256]float32
	canvas  Canvas
	images  []float32
	spare   []float32
	labels  []int32
	index   []int
	order   []int32
	source  *rand.PCG
	augment *rand.Rand
}

// NewBatches checks the options and sets buffers aside.
func NewBatches(v View, o BatchOptions) (*Batches, error) {
	if o.Size < 1 {
		return nil, fmt.Errorf("a batch of %d images is impossible: want 1 or more", o.Size)
	}
	if v.Len() == 0 {
		return nil, fmt.Errorf("an empty view cannot be cut into batches")
	}
	if o.DropLast && o.Size > v.Len() {
		return nil, fmt.Errorf("batches of %d images from %d with the last one dropped would be none at all", o.Size, v.Len())
	}
	s := v.Shape()
	for _, values := range [][]float64{o.Normalisation.Mean, o.Normalisation.Std} {
		if len(values) != 0 && len(values) != s.C {
			return nil, fmt.Errorf("a normalisation of %d channels does not fit images of %v", len(values), s)
		}
	}
	size := min(o.Size, v.Len())
	b := &Batches{
		view:   v,
		o:      o,
		tables: o.Normalisation.table(s.C),
		canvas: Canvas{Shape: s},
		images: make([]float32, size*s.Len()),
		spare:  make([]float32, s.Len()),
		labels: make([]int32, size),
		index:  make([]int, size),
		order:  make([]int32, v.Len()),
		source: new(rand.PCG),
	}
	b.augment = rand.New(b.source)
	for _, table := range b.tables {
		b.canvas.Black = append(b.canvas.Black, table[0])
	}
	return b, nil
}

// Len returns the number of batches of an epoch.
func (b *Batches) Len() int {
	if b.o.DropLast {
		return b.view.Len() / b.o.Size
	}
	return (b.view.Len() + b.o.Size - 1) / b.o.Size
}

// Images returns the number of images of an epoch, less those that are dropped.
func (b *Batches) Images() int {
	if b.o.DropLast {
		return b.Len() * b.o.Size
	}
	return b.view.Len()
}

// Epoch returns the batches of an epoch; the same ones each time it is asked for the same epoch.
func (b *Batches) Epoch(epoch int) iter.Seq[Batch] {
	return func(yield func(Batch) bool) {
		for i := range b.order {
			b.order[i] = int32(i)
		}
		if b.o.Shuffle {
			r := stream.New(b.o.Seed, "batch order", uint64(epoch))
			r.Shuffle(len(b.order), func(i, j int) { b.order[i], b.order[j] = b.order[j], b.order[i] })
		}
		key := stream.Seed(b.o.Seed, "augment", uint64(epoch))
		for from := 0; from < b.Images(); from += b.o.Size {
			if !yield(b.fill(b.order[from:min(from+b.o.Size, len(b.order))], key)) {
				return
			}
		}
	}
}

func (b *Batches) fill(order []int32, key uint64) Batch {
	n := b.canvas.Shape.Len()
	for at, i := range order {
		b.labels[at], b.index[at] = int32(b.view.Label(int(i))), b.view.Index(int(i))
		b.write(b.images[at*n:(at+1)*n], b.view.Image(int(i)), key, uint64(b.index[at]))
	}
	return Batch{Shape: b.canvas.Shape, Images: b.images[:len(order)*n], Labels: b.labels[:len(order)], Index: b.index[:len(order)]}
}

// write normalises and augments one image. Normalisation lands in whichever buffer lets the last step land in dst.
func (b *Batches) write(dst []float32, image []uint8, key, index uint64) {
	src, out := dst, b.spare
	if len(b.o.Augment)%2 == 1 {
		src, out = out, src
	}
	b.normalise(src, image)
	if len(b.o.Augment) == 0 {
		return
	}
	b.source.Seed(key, scramble(key^scramble(index)))
	for _, a := range b.o.Augment {
		a.Apply(out, src, b.canvas, b.augment)
		src, out = out, src
	}
}

func (b *Batches) normalise(dst []float32, image []uint8) {
	if len(b.tables) == 1 {
		table := &b.tables[0]
		for i, p := range image {
			dst[i] = table[p]
		}
		return
	}
	for c := range b.tables {
		table := &b.tables[c]
		for i := c; i < len(image); i += len(b.tables) {
			dst[i] = table[image[i]]
		}
	}
}

// scramble is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014): neighbouring indices get unrelated numbers.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
