package search

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/pareto"
)

// NSGA3 is NSGA-III (Deb & Jain, "An evolutionary many-objective optimization algorithm using reference-point-based
// nondominated sorting", 2014, and Jain & Deb for constraints): fronts survive whole as long as there is room; of the front that does
// not fit those survive that are close to the least crowded of evenly spread reference lines. For more than three objectives, where
// crowding distances say little.
//
// Objectives are measured from the best seen towards the hyperplane through the extreme points, or the worst of the first front
// where there is no such plane. There are as many reference lines as the population takes.
type NSGA3 struct {
	*breeding
	lines    [][]float64 // directions of length 1
	ideal    []float64   // least of every objective among all that were feasible
	selected uint64      // selections so far
	violated []float64   // violations of the population
}

// NewNSGA3 returns an NSGA-III. It is an error if there is no objective or a setting is out of range.
func NewNSGA3(p Problem, c BreedingConfig) (*NSGA3, error) {
	b, err := newBreeding("nsga3", p, c)
	if err != nil {
		return nil, err
	}
	s := &NSGA3{breeding: b, ideal: slices.Repeat([]float64{math.Inf(1)}, len(p.Objectives))}
	for _, point := range references(len(p.Objectives), b.Population) {
		norm := math.Sqrt(dot(point, point))
		for i := range point {
			point[i] /= norm
		}
		s.lines = append(s.lines, point)
	}
	b.survivors, b.compete = s.survivors, s.compete
	return s, nil
}

// compete prefers the smaller violation and else the first, which is drawn uniformly.
func (s *NSGA3) compete(i, j int) int {
	if s.violated[j] < s.violated[i] {
		return j
	}
	return i
}

func (s *NSGA3) survivors(pool []observation, n int) []int {
	var feasible, others []int
	for i, m := range pool {
		if m.violation > 0 {
			others = append(others, i)
			continue
		}
		feasible = append(feasible, i)
		for c, x := range m.objectives {
			s.ideal[c] = min(s.ideal[c], x)
		}
	}
	keep := feasible
	if len(feasible) > n {
		keep = s.niched(pool, feasible, n)
	} else {
		slices.SortStableFunc(others, func(i, j int) int { return cmp.Compare(pool[i].violation, pool[j].violation) })
		keep = append(keep, others[:n-len(keep)]...)
	}
	s.selected++
	s.violated = s.violated[:0]
	for _, i := range keep {
		s.violated = append(s.violated, pool[i].violation)
	}
	return keep
}

// niched chooses n of the feasible members.
func (s *NSGA3) niched(pool []observation, feasible []int, n int) []int {
	points := make([][]float64, len(feasible))
	for i, at := range feasible {
		points[i] = pool[at].objectives
	}
	var keep, last []int // places in points
	var first []int
	for rank, front := range pareto.Sort(points) {
		if rank == 0 {
			first = front
		}
		if len(keep)+len(front) > n {
			last = front
			break
		}
		keep = append(keep, front...)
	}
	if len(keep) < n {
		scale := s.scale(points, first)
		crowd := make([]int, len(s.lines))
		for _, p := range keep {
			line, _ := s.nearest(points[p], scale)
			crowd[line]++
		}
		keep = append(keep, s.fill(points, last, scale, crowd, n-len(keep))...)
	}
	for i, p := range keep {
		keep[i] = feasible[p]
	}
	return keep
}

// candidate is a member of the front that does not fit, with its distance from its reference line.
type candidate struct {
	place    int
	distance float64
}

// fill chooses n of the last front: again and again one of the least crowded lines, of its members the nearest if nobody is there yet
// and else any.
func (s *NSGA3) fill(points [][]float64, last []int, scale []float64, crowd []int, n int) (chosen []int) {
	r := stream.New(s.problem.Seed, "nsga3-niche", s.selected)
	members := make([][]candidate, len(s.lines))
	for _, p := range last {
		line, distance := s.nearest(points[p], scale)
		members[line] = append(members[line], candidate{p, distance})
	}
	for len(chosen) < n {
		line := leastCrowded(members, crowd, r)
		at := r.IntN(len(members[line]))
		if crowd[line] == 0 {
			at = 0
			for i, m := range members[line] {
				if m.distance < members[line][at].distance {
					at = i
				}
			}
		}
		chosen = append(chosen, members[line][at].place)
		members[line] = slices.Delete(members[line], at, at+1)
		crowd[line]++
	}
	return chosen
}

// leastCrowded draws one of the least crowded lines that have members left.
func leastCrowded(members [][]candidate, crowd []int, r *rand.Rand) int {
	var least []int
	for line, m := range members {
		switch {
		case len(m) == 0:
		case len(least) == 0 || crowd[line] < crowd[least[0]]:
			least = append(least[:0], line)
		case crowd[line] == crowd[least[0]]:
			least = append(least, line)
		}
	}
	return least[r.IntN(len(least))]
}

// nearest returns the reference line next to a point and the square of the distance.
func (s *NSGA3) nearest(point, scale []float64) (line int, distance float64) {
	x := make([]float64, len(point))
	for c := range x {
		x[c] = (point[c] - s.ideal[c]) / scale[c]
	}
	whole, along := dot(x, x), math.Inf(-1)
	for i, l := range s.lines {
		if d := dot(x, l); d > along {
			line, along = i, d
		}
	}
	return line, max(0, whole-along*along)
}

// scale returns the intercepts of the hyperplane through the extreme points of the first front, seen from the ideal.
func (s *NSGA3) scale(points [][]float64, first []int) []float64 {
	d := len(s.ideal)
	span := make([]float64, d)
	for _, p := range first {
		for c, x := range points[p] {
			span[c] = max(span[c], x-s.ideal[c])
		}
	}
	extremes := mat.NewDense(d, d, nil)
	for axis := range d {
		extreme := slices.MinFunc(first, func(a, b int) int {
			return cmp.Compare(s.achievement(points[a], axis, span), s.achievement(points[b], axis, span))
		})
		for c, x := range points[extreme] {
			extremes.Set(axis, c, x-s.ideal[c])
		}
	}
	var plane mat.VecDense
	ones := mat.NewVecDense(d, slices.Repeat([]float64{1}, d))
	solved := plane.SolveVec(extremes, ones) == nil
	for c := range span {
		if solved {
			if cut := 1 / plane.AtVec(c); cut > 1e-9*span[c] && cut <= 2*span[c] {
				span[c] = cut
			}
		}
		if span[c] == 0 {
			span[c] = 1
		}
	}
	return span
}

// achievement is the scalarizing function whose least point is the extreme one of an axis.
func (s *NSGA3) achievement(point []float64, axis int, span []float64) float64 {
	worst := math.Inf(-1)
	for c, x := range point {
		weight := 1e-6
		if c == axis {
			weight = 1
		}
		if span[c] > 0 {
			worst = max(worst, (x-s.ideal[c])/span[c]/weight)
		}
	}
	return worst
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// references returns reference points that are spread evenly over the unit simplex of so many objectives (Das & Dennis,
// "Normal-boundary intersection", 1998): all vectors of multiples of 1/divisions that add up to 1, with as many divisions as
// give at most so many points, and one division at least.
func references(objectives, most int) [][]float64 {
	divisions := 1
	for lattices(objectives, divisions+1) <= most && objectives > 1 {
		divisions++
	}
	var all [][]float64
	point := make([]int, objectives)
	var fill func(at, left int)
	fill = func(at, left int) {
		if at == objectives-1 {
			point[at] = left
			v := make([]float64, objectives)
			for i, k := range point {
				v[i] = float64(k) / float64(divisions)
			}
			all = append(all, v)
			return
		}
		for k := 0; k <= left; k++ {
			point[at] = k
			fill(at+1, left-k)
		}
	}
	fill(0, divisions)
	return all
}

// lattices returns the number of vectors of so many whole numbers that add up to sum: sum+n−1 over n−1.
func lattices(n, sum int) int {
	count := 1
	for i := 1; i < n; i++ {
		count = count * (sum + i) / i
	}
	return count
}
