package lattice

// DefaultRoom is how many bytes an answer may hold where nothing else is said: 512 MiB.
const DefaultRoom = 1 << 29

// WithRoom returns the lattice with so many bytes for each region, histogram and front: what needs more is a [*TooLargeError], which says
// how much that is. The bytes are those of states, sums and points; while they are found, up to as much again may be in use. It
// panics unless bytes is positive.
func (l *Lattice) WithRoom(bytes int) *Lattice {
	if bytes < 1 {
		panic("lattice: a room of no bytes holds nothing")
	}
	out := l.copy()
	out.room = bytes
	return out
}

// Room returns how many bytes an answer may hold.
func (l *Lattice) Room() int { return l.room }

// roomFor returns the bytes of a room that holds so many, as people write it: a round number of the greatest unit.
func roomFor(need int64) int64 {
	unit := int64(1 << 20)
	for need > 64*unit {
		unit *= 2
	}
	return (need + unit - 1) / unit * unit
}
