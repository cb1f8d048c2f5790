package kernel

import "unsafe"

// ahead names memory that what comes after a call of a kernel will read. The kernel asks for it line by line while it computes,
// so that it is in the second-level cache by then: a convolution works out a band of its input next to the processor and then
// multiplies it, and would otherwise pay memory and arithmetic one after the other. It has no bearing on results. The
// zero value asks for nothing.
//
// The assembly reads and writes the fields by offset; internal/kernel/asm/ahead.go repeats them. Addresses are numbers, for
// they are hints that keep no memory alive.
type ahead struct {
	stretch     // what is left of the present one
	pace    int // bytes that a step asks for
	left    int // stretches after it, taken from the last
	next    [aheadMost]stretch
}

// stretch is memory from … to.
type stretch struct{ from, to uintptr }

const aheadMost = 3

// aheadPace is what a step of a kernel asks for: two cache lines.
const aheadPace = 128

// then adds x to what is asked for; what comes first is asked for last. More than aheadMost beside the present are not remembered.
func (a *ahead) then(x []float32) {
	if len(x) == 0 || a.left == aheadMost {
		return
	}
	if a.pace > 0 {
		a.next[a.left] = a.stretch
		a.left++
	}
	from := uintptr(unsafe.Pointer(&x[0]))
	a.stretch, a.pace = stretch{from, from + uintptr(4*len(x))}, aheadPace
}
