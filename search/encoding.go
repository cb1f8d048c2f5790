package search

import "github.com/trellis-nas/trellis/space"

// encoding writes architectures of one space as vectors, so that they can be compared place by place: a place is a decision
// by its name, 0 where an architecture does not meet it and the option counted from 1 where it does. Places are given out as
// decisions are first met, so a vector may be shorter than a later one; what is not there is 0. Not safe for concurrent use.
type encoding struct {
	space  *space.Space
	places map[string]int
}

func newEncoding(s *space.Space) *encoding { return &encoding{s, map[string]int{}} }

func (e *encoding) vector(a space.Arch) []uint16 {
	v := make([]uint16, len(e.places))
	for _, d := range e.space.Decisions(a) {
		at, known := e.places[d.Name]
		if !known {
			at = len(e.places)
			e.places[d.Name] = at
			v = append(v, 0)
		}
		v[at] = uint16(d.Chosen + 1)
	}
	return v
}

// hamming counts the places in which two vectors differ.
func hamming(a, b []uint16) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for i, x := range b {
		if i < len(a) {
			if a[i] != x {
				n++
			}
		} else if x != 0 {
			n++
		}
	}
	return n
}
