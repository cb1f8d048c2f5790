package lattice

import "github.com/trellis-nas/trellis/space"

// Repair returns the architecture within the limits that is nearest to a, an architecture of the space that need not be, and how many
// of its decisions are changed: decisions that a does not meet or takes another option of. Of several nearest ones it returns
// always the same. It is an error if a is not of the space, and a [*TooLargeError] where Best ends with one.
func (o *FeasibleSet) Repair(a space.Arch) (nearest space.Arch, changed int, err error) {
	keep, err := o.keeping(a)
	if err != nil || o.Contains(a) {
		return a, 0, err
	}
	for best, err := range o.Best(keep) {
		return best.Arch, int(-best.Score), err
	}
	panic("lattice: a feasible set without architectures")
}

// Repair returns what [FeasibleSet.Repair] does.
func (r *CountedRegion) Repair(a space.Arch) (nearest space.Arch, changed int, err error) {
	keep, err := r.keeping(a)
	if err != nil || r.Contains(a) {
		return a, 0, err
	}
	for best := range r.Best(keep) {
		return best.Arch, int(-best.Score), nil
	}
	panic("lattice: a region without architectures")
}

// keeping returns the weights under which the score of an architecture is the number of its decisions that differ from a, negative.
func (o *FeasibleSet) keeping(a space.Arch) (func(Step) float64, error) {
	if err := o.Space().Check(a); err != nil { // the lattice may be smaller, by a limit on memory
		return nil, err
	}
	type decided struct{ decision, option string }
	kept := map[decided]bool{}
	for _, d := range o.Space().Decisions(a) {
		kept[decided{d.Name, d.Options[d.Chosen]}] = true
	}
	return func(s Step) float64 {
		if s.Fixed || kept[decided{s.Decision, s.Option}] {
			return 0
		}
		return -1
	}, nil
}
