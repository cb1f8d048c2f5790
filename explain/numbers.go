package explain

import (
	"maps"
	"slices"

	"github.com/trellis-nas/trellis/lattice"
)

// Number is what a number of a counter does on average.
type Number struct {
	Number      int64
	Probability float64
	Mean        float64 // the mean score of the architectures that have it, less the mean of all
}

// Numbers returns the main effect of every number of a counter, [lattice.Depth] or one made by [lattice.OptionCount], over the architectures of a region,
// all with the same probability: E[score | number] − E[score], exactly, by ascending number. The score is the sum of weight along paths. It
// is computed in a lattice whose items carry the number (see [lattice.Lattice.TrackCounters]), whose errors it has, as those of a region of it; and it is
// a [*lattice.TooLargeError] if the sums for all of its states would not fit into the memory limit of the lattice.
func Numbers(r *lattice.CountedRegion, counter lattice.Metric, weight func(lattice.Step) float64) ([]Number, error) {
	l, err := r.Lattice().TrackCounters(lattice.TrackedCounter{Metric: counter})
	if err != nil {
		return nil, err
	}
	if err := checkMemory(r, l, counter); err != nil {
		return nil, err
	}
	if r, err = l.Within(r.Limits()...); err != nil {
		return nil, err
	}
	taken, slopes := map[int64]float64{}, map[int64]float64{}
	r.GibbsOf(make([]float64, len(l.Parameters()))).EachStepGrad(weight, func(s lattice.Step, p, slope float64) {
		if s.Next == 0 && p > 0 { // the last of a path
			_, n := s.Counter(counter)
			taken[n] += p
			slopes[n] += slope
		}
	})
	var out []Number
	for _, n := range slices.Sorted(maps.Keys(taken)) {
		out = append(out, Number{n, taken[n], slopes[n] / taken[n]})
	}
	return out, nil
}

// bytesOfState is what the sums of a state take: masses and means, from both ends.
const bytesOfState = 40

// checkMemory returns an error if sums over a region would take more than the memory limit of its lattice once items carry the number of a counter.
func checkMemory(r *lattice.CountedRegion, tracking *lattice.Lattice, counter lattice.Metric) error {
	items, _ := r.Lattice().Size()
	more, _ := tracking.Size()
	need, limit := int64(r.States())*int64(more)/int64(items), int64(r.Lattice().MemoryLimit())
	if need*bytesOfState <= limit {
		return nil
	}
	const round = 1 << 26
	return &lattice.TooLargeError{
		Space: r.Space().Name(), What: "states (decisions taken, what the limits leave, numbers of " + string(counter) + ")",
		Need: need, Bound: limit / bytesOfState, MemoryLimit: (need*bytesOfState/round + 1) * round,
	}
}
