package lattice

import (
	"math/bits"

	"github.com/trellis-nas/trellis/network"
)

// value is the tensor that comes in at a place of a derivation. Where memory is limited it says whether it is one of those that wait for what
// is behind the place, and the constraints that the past puts on them; otherwise both are 0.
type value struct {
	shape       network.Shape
	number      int8  // among the live tensors; 0 if it is none of them
	constraints int32 // the number of a list of deferred constraints
}

// set is a set of live tensors, by their numbers, which are from 1 to 63. The number of a tensor that is dead may be given to another.
type set uint64

func only(number int8) set {
	if number == 0 {
		return 0
	}
	return 1 << number
}

func (s set) has(number int8) bool { return s&only(number) != 0 }

// first returns the smallest number of a set and the rest.
func (s set) first() (int8, set) { return int8(bits.TrailingZeros64(uint64(s))), s & (s - 1) }

// liveTensors are the tensors that wait while a part of a network runs, because something behind the part reads them.
type liveTensors struct {
	unnumbered int64   // the bytes of tensors that wait for one join only, and have no numbers
	sure       set     // will be read
	perhaps    set     // may be read; that depends on decisions to come
	sizes      []int64 // in bytes, by number; not changed once shared
}

// bytes returns the size of all tensors of a set.
func (k *liveTensors) bytes(of set) int64 {
	sum := int64(0)
	for of != 0 {
		var n int8
		n, of = of.first()
		sum += k.sizes[n]
	}
	return sum
}

// held returns the bytes that are surely alive.
func (k *liveTensors) held() int64 { return k.unnumbered + k.bytes(k.sure) }

// sized returns sizes with that of one more tensor.
func (k *liveTensors) sized(number int8, x network.Shape) {
	sizes := make([]int64, max(len(k.sizes), int(number)+1))
	copy(sizes, k.sizes)
	sizes[number] = x.Bytes()
	k.sizes = sizes
}

// with returns k and a tensor more, that will surely be read or may be.
func (k liveTensors) with(number int8, x network.Shape, surely bool) liveTensors {
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

// maxLive is the most tensors that can be alive at once.
const maxLive = 63

// numbered gives a tensor a number, if it has none, that neither live tensors nor others have.
func (c *compiler) numbered(x value, k *liveTensors, others set) value {
	if c.peakLimit > 0 && x.number == 0 {
		free := ^(k.sure | k.perhaps | others | 1)
		if free == 0 {
			panic(&TooLargeError{Space: c.space.Name(), What: "tensors alive at once", Need: maxLive, Bound: maxLive, More: true})
		}
		x.number, _ = free.first()
	}
	return x
}

// settled returns x as it is where only the live tensors can still be read: it loses a number that is none of theirs, and its constraints are
// settled as far as it is decided what is read. It reports false if one is broken.
func (c *compiler) settled(x value, k *liveTensors) (value, bool) {
	if c.peakLimit == 0 {
		return x, true
	}
	surely := k.sure | only(x.number) // x itself is read in any case
	if !(k.sure | k.perhaps).has(x.number) {
		x.number = 0
	}
	var fits bool
	x.constraints, fits = c.settle(x.constraints, surely, k.perhaps, k)
	return x, fits
}
