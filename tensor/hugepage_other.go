//go:build !linux

package tensor

// hugePage is the alignment of slabs where large pages cannot be asked for: that of a cache line.
const hugePage = 4 * Align

// adviseHuge does nothing: only Linux takes the advice.
func adviseHuge([]byte) {}
