package lattice

// DefaultMemoryLimit is how many bytes an answer may hold by default: 512 MiB.
const DefaultMemoryLimit = 1 << 29

// WithMemoryLimit returns the lattice with a limit on the bytes that each region, histogram and front may hold: one that needs more is a
// [*TooLargeError], with the limit that would do. States, sums and points count; while they are computed, up to as much again may be in
// use. It panics unless bytes is positive.
func (l *Lattice) WithMemoryLimit(bytes int) *Lattice {
	if bytes < 1 {
		panic("lattice: a memory limit must be positive")
	}
	out := l.copy()
	out.memoryLimit = bytes
	return out
}

// MemoryLimit returns how many bytes an answer may hold.
func (l *Lattice) MemoryLimit() int { return l.memoryLimit }

// roundedLimit returns a memory limit of at least need bytes, rounded up as people write it.
func roundedLimit(need int64) int64 {
	unit := int64(1 << 20)
	for need > 64*unit {
		unit *= 2
	}
	return (need + unit - 1) / unit * unit
}
