// Package stream gives every random decision of a study its own named source of random numbers.
//
// A stream is fixed by (seed, name, index…): the same three always give the same numbers, and drawing from one
// stream never moves another. So a result does not depend on which worker drew first, and a resumed study
// continues as if it had never stopped. Both towers, search and engine, stand on this package and neither needs the other for it.
package stream

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
)

// New returns the stream (seed, name, index…). Streams of different names or indices are independent for all
// practical purposes: their ChaCha8 keys differ in a 256-bit hash. A stream is not safe for concurrent use.
func New(seed uint64, name string, index ...uint64) *rand.Rand {
	var key [32]byte
	for lane := range 2 {
		h := fnv.New128a()
		write := func(v uint64) {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], v)
			h.Write(b[:])
		}
		write(uint64(lane))
		write(seed)
		write(uint64(len(name)))
		h.Write([]byte(name))
		for _, i := range index {
			write(i)
		}
		h.Sum(key[:lane*16])
	}
	return rand.New(rand.NewChaCha8(key))
}

// Seed derives a 64-bit seed from (seed, name, index…), for handing to a process that opens streams of its own.
func Seed(seed uint64, name string, index ...uint64) uint64 {
	return New(seed, name, index...).Uint64()
}
