package tensor

import "syscall"

// hugePage is the size of a large page of the common 64-bit machines.
const hugePage = 2 << 20

// adviseHuge asks for large pages, which spare a step that streams through a hundred megabytes most of its address
// translations. It is advice: where the kernel has none to give, nothing changes.
func adviseHuge(b []byte) {
	const advice = 14 // MADV_HUGEPAGE, which package syscall does not name on every architecture
	_ = syscall.Madvise(b, advice)
}
