package search

import "github.com/trellis-nas/trellis/space"

// Recent is the number of proposals that a look at variety takes into account.
const Recent = 20

// Variety says how different the latest proposals of a search are. The zero value is that of proposals that are all the same.
type Variety struct {
	// Distance is the mean Hamming distance between pairs of the Recent latest proposals, as a share of the decisions that at
	// least one of the two meets: 0 for equal ones, 1 for those that agree in nothing.
	Distance float64 `json:"distance"`
	// New is the share of the options taken by the Recent latest proposals that none of the Recent before them took.
	New float64 `json:"new"`
}

// VarietyOf looks at the end of a list of proposals, the latest last. It costs the derivation of at most 2·Recent architectures.
func VarietyOf(s *space.Space, proposed []space.Arch) Variety {
	places := newEncoding(s)
	learn := func(archs []space.Arch) [][]uint16 {
		out := make([][]uint16, len(archs))
		for i, a := range archs {
			out[i] = places.learn(a)
		}
		return out
	}
	recent := max(0, len(proposed)-Recent)
	before := learn(proposed[max(0, recent-Recent):recent])
	latest := learn(proposed[recent:])
	return Variety{Distance: spread(latest), New: turnover(before, latest)}
}

// spread is the mean distance between pairs of vectors.
func spread(vectors [][]uint16) float64 {
	var sum float64
	pairs := 0
	for i, a := range vectors {
		for _, b := range vectors[:i] {
			pairs++
			if met := meets(a, b); met > 0 {
				sum += float64(hamming(a, b)) / float64(met)
			}
		}
	}
	if pairs == 0 {
		return 0
	}
	return sum / float64(pairs)
}

// meets counts the places at which a vector or another meets a decision.
func meets(a, b []uint16) (n int) {
	if len(a) < len(b) {
		a, b = b, a
	}
	for i, x := range a {
		if x != 0 || i < len(b) && b[i] != 0 {
			n++
		}
	}
	return n
}

// turnover is the share of the options in latest that do not occur in before.
func turnover(before, latest [][]uint16) float64 {
	type option struct {
		place int
		of    uint16
	}
	old, all := map[option]bool{}, map[option]bool{}
	for _, v := range before {
		for i, x := range v {
			old[option{i, x}] = x != 0
		}
	}
	fresh := 0
	for _, v := range latest {
		for i, x := range v {
			o := option{i, x}
			if x == 0 || all[o] {
				continue
			}
			all[o] = true
			if !old[o] {
				fresh++
			}
		}
	}
	if len(all) == 0 {
		return 0
	}
	return float64(fresh) / float64(len(all))
}
