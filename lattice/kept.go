package lattice

import (
	"math/bits"

	"github.com/trellis-nas/trellis/network"
)

// value is the tensor that comes in at a place of a derivation. Where memory is limited it says whether it is one of those that wait for what
// is behind the place, and what the past demands of them; otherwise both are 0.
type value struct {
	shape    network.Shape
	number   int8  // among the tensors that are kept; 0 if it is none of them
	provisos int32 // the number of a list of provisos
}

// set is a set of the tensors that are kept, by their numbers, which are from 1 to 63. A number is free again once its tensor is not kept.
type set uint64

func only(number int8) set {
	if number == 0 {
		return 0
	}
	return 1 << number
}

func (s set) has(number int8) bool { return s&only(number) != 0 }

// each returns the smallest number of a set and the rest.
func (s set) first() (int8, set) { return int8(bits.TrailingZeros64(uint64(s))), s & (s - 1) }

// kept are the tensors that wait while a part of a network runs, because something behind the part reads them.
type kept struct {
	nameless int64   // the bytes of tensors that wait for one join only, and have no numbers
	sure     set     // will be read
	perhaps  set     // may be read; that depends on decisions to come
	sizes    []int64 // in bytes, by number; not changed once shared
}

// bytes returns the size of all tensors of a set.
func (k *kept) bytes(of set) int64 {
	sum := int64(0)
	for of != 0 {
		var n int8
		n, of = of.first()
		sum += k.sizes[n]
	}
	return sum
}

// held returns the bytes that are surely alive.
func (k *kept) held() int64 { return k.nameless + k.bytes(k.sure) }

// sized returns sizes with that of one more tensor.
func (k *kept) sized(number int8, x network.Shape) {
	sizes := make([]int64, max(len(k.sizes), int(number)+1))
	copy(sizes, k.sizes)
	sizes[number] = x.Bytes()
	k.sizes = sizes
}

// with returns k and a tensor more, that will surely be read or may be.
func (k kept) with(number int8, x network.Shape, surely bool) kept {
	if number == 0 {
		return k
	}
	if int(number) >= len(k.sizes) || k.sizes[number] != x.Bytes() {
		k.sized(number, x)
	}
	if surely {
		k.sure |= only(number)
	} else {
		k.perhaps |= only(number)
	}
	k.perhaps &^= k.sure
	return k
}

// maxKept is the most tensors that can be kept at once.
const maxKept = 63

// named gives a tensor a number, if it has none, that neither tensors kept nor others have.
func (c *compiler) named(x value, k *kept, others set) value {
	if c.memory > 0 && x.number == 0 {
		free := ^(k.sure | k.perhaps | others | 1)
		if free == 0 {
			panic(&TooLargeError{Space: c.space.Name(), What: "tensors kept at once", Need: maxKept, Bound: maxKept, More: true})
		}
		x.number, _ = free.first()
	}
	return x
}

// settled returns x as it is where only the tensors kept can still be read: it loses a number that is none of theirs, and what the past
// demands is settled as far as what is read is known by now. It reports false if that cannot be met.
func (c *compiler) settled(x value, k *kept) (value, bool) {
	if c.memory == 0 {
		return x, true
	}
	surely := k.sure | only(x.number) // x itself is read in any case
	if !(k.sure | k.perhaps).has(x.number) {
		x.number = 0
	}
	var fits bool
	x.provisos, fits = c.demand(x.provisos, surely, k.perhaps, k)
	return x, fits
}
