package lattice

import "github.com/trellis-nas/trellis/space"

// Options returns what an architecture decides, one number for each of [Lattice.Decisions]: one more than the index of the option taken, 0 where
// its derivation does not meet the decision. It says what [space.Space.Decisions] does, by a walk through the lattice: about a
// microsecond. It is an error if a is not of the space.
func (l *Lattice) Options(a space.Arch) ([]int, error) {
	out := make([]int, len(l.decisions))
	err := l.follow(a, func(item int32, at int) { out[l.decisionOf[item]] = int(l.steps[at].choice) + 1 })
	return out, err
}
