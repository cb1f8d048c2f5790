package predict

import (
	"testing"

	"github.com/trellis-nas/trellis/space"
)

// BenchmarkEncode is the time to encode an architecture of NAS-Bench-201, whose networks have some 170 nodes.
func BenchmarkEncode(b *testing.B) {
	s, err := space.NB201(space.NB201Options{})
	if err != nil {
		b.Fatal(err)
	}
	var archs []space.Arch
	for a := range s.Each() {
		if len(archs) == 4000 {
			break
		}
		archs = append(archs, a)
	}
	e := NewEncoder(s)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		e.Encode(archs[(i*997)%len(archs)])
	}
}
