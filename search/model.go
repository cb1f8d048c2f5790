package search

import (
	"math"
	"slices"

	"github.com/trellis-nas/trellis/predict"
)

// model is what the guesses of several quantities share: the observations that their processes are of, and the candidates that they are
// about. With more than 300 observations, processes are of the best of them and an even choice of the others.
type model struct {
	root *predict.GP // asked nothing itself; guesses are beside it
	pool *predict.Pool
	at   []int // the observations that are points
	seen int   // observations that are points or were dropped
}

// newModel returns a model without points and candidates, whose kernel is scaled by a sample of the region.
func newModel(sample []*predict.Point) *model {
	root := predict.NewGP(predict.Mixture(sample))
	return &model{root: root, pool: root.Over(nil)}
}

// learn takes in the observations that are new. It drops some if there are too many when it is time to tune.
func (m *model) learn(observed []observation, tune bool) {
	for ; m.seen < len(observed); m.seen++ {
		m.at = append(m.at, m.seen)
		m.root.Add(observed[m.seen].point)
	}
	if !tune || len(m.at) <= modelPoints {
		return
	}
	places := telling(m.worth(observed), modelPoints)
	m.root.Keep(places)
	for i, at := range places {
		m.at[i] = m.at[at]
	}
	m.at = m.at[:len(places)]
}

// worth returns a value for every point, greater being better, NaN for what is under way: its place in the order by constraints, fronts and
// loneliness, failed trials behind all others.
func (m *model) worth(observed []observation) []float64 {
	var members []member
	var of []int
	out := make([]float64, len(m.at))
	for i, at := range m.at {
		switch o := &observed[at]; {
		case o.pending:
			out[i] = math.NaN()
		case o.failed:
			out[i] = -float64(len(m.at))
		default:
			members, of = append(members, o.member), append(of, i)
		}
	}
	standing := standings(members)
	order := make([]int, len(members))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return standing[i].compare(standing[j]) })
	for place, i := range order {
		out[of[i]] = -float64(place)
	}
	return out
}
