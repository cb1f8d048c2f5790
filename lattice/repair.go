package lattice

import "github.com/trellis-nas/trellis/space"

// Repair returns the architecture of the region nearest to a, an architecture of the space that need not be in the region, and how many
// of its decisions are changed: decisions that a does not meet or takes another option of. Of several nearest ones it returns
// always the same. It is an error if a is not of the space.
func (r *Region) Repair(a space.Arch) (nearest space.Arch, changed int, err error) {
	if err := r.Space().Check(a); err != nil { // the lattice of a region may be smaller, by a limit on memory
		return space.Arch{}, 0, err
	}
	if r.Contains(a) {
		return a, 0, nil
	}
	type decided struct{ decision, option string }
	kept := map[decided]bool{}
	for _, d := range r.Space().Decisions(a) {
		kept[decided{d.Name, d.Options[d.Chosen]}] = true
	}
	for best := range r.Best(func(s Step) float64 {
		if s.Fixed || kept[decided{s.Decision, s.Option}] {
			return 0
		}
		return -1
	}) {
		return best.Arch, int(-best.Score), nil
	}
	panic("lattice: a region without architectures")
}
