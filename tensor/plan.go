package tensor

import (
	"cmp"
	"slices"
)

// Lifetime says that Size numbers are needed from step First to step Last of a program, both included. A value
// written at a step that reads another overlaps it: kernels never work in place unless they say so.
type Lifetime struct{ Size, First, Last int }

// Align is the granule of a plan in numbers: 16 float32 are one cache line and one AVX-512 register.
const Align = 16

// Pack places the lifetimes in one slab and returns the offset of each and the total length, both in numbers and
// multiples of Align. It is the greedy-by-size rule of Pisarchyk & Lee (2020, "Efficient Memory Management for Deep
// Neural Net Inference"): largest first, each into the tightest gap left by those placed that overlap it in time.
// The cost is quadratic in the number of lifetimes, paid once for a program.
func Pack(lives []Lifetime) (offsets []int, total int) {
	order := make([]int, len(lives))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lives[b].Size, lives[a].Size) })
	offsets = make([]int, len(lives))
	var placed []int // sorted by offset
	for _, i := range order {
		size := (lives[i].Size + Align - 1) / Align * Align
		if size == 0 {
			continue
		}
		at := gap(lives, offsets, placed, i, size)
		offsets[i] = at
		total = max(total, at+size)
		k, _ := slices.BinarySearchFunc(placed, at, func(p, at int) int { return cmp.Compare(offsets[p], at) })
		placed = slices.Insert(placed, k, i)
	}
	return offsets, total
}

// gap returns the start of the smallest hole that fits size numbers during the lifetime of i.
func gap(lives []Lifetime, offsets, placed []int, i, size int) int {
	end, best, bestHole := 0, -1, 0
	for _, p := range placed {
		if lives[p].Last < lives[i].First || lives[i].Last < lives[p].First {
			continue
		}
		if hole := offsets[p] - end; hole >= size && (best < 0 || hole < bestHole) {
			best, bestHole = end, hole
		}
		end = max(end, offsets[p]+(lives[p].Size+Align-1)/Align*Align)
	}
	if best < 0 {
		return end
	}
	return best
}
