package tensor

import "unsafe"

// Arena owns the slab in which programs run. Programs that share an arena must not run at the same time, and each
// overwrites what the others left; that is how training and evaluation of one model share their memory. An Arena
// belongs to one trial and is not safe for concurrent use. The zero value is an empty arena.
type Arena struct {
	slab       []float32
	generation int
}

// Reserve makes the slab at least n numbers long. Growing replaces the slab, which loses its contents and advances
// Generation; slices taken earlier keep the old slab alive and must be taken again.
func (a *Arena) Reserve(n int) {
	if n <= len(a.slab) {
		return
	}
	const line = 4 * Align
	align := line
	if 4*n >= 2*hugePage {
		align = hugePage
	}
	raw := make([]float32, n+align/4)
	skip := 0
	if r := uintptr(unsafe.Pointer(&raw[0])) % uintptr(align); r != 0 {
		skip = (align - int(r)) / 4
	}
	a.slab = raw[skip : skip+n : skip+n]
	if align > line {
		adviseHuge(unsafe.Slice((*byte)(unsafe.Pointer(&a.slab[0])), 4*n/hugePage*hugePage))
	}
	a.generation++
}

// Slice returns n numbers from the given offset, with undefined contents.
func (a *Arena) Slice(offset, n int) []float32 { return a.slab[offset : offset+n : offset+n] }

// Generation counts the slabs the arena has had; a program binds its values anew when it has changed.
func (a *Arena) Generation() int { return a.generation }

// Bytes returns the size of the slab.
func (a *Arena) Bytes() int64 { return 4 * int64(len(a.slab)) }

// Reset gives the slab back to the garbage collector; the next Reserve starts anew.
func (a *Arena) Reset() { a.slab = nil }
