package search

// NSGA2 is NSGA-II (Deb, Pratap, Agarwal & Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002):
// those survive that are of the better non-dominated front, and of one front those that are less crowded; the same order
// decides tournaments of two. A member that breaks constraints comes after all that keep them, by the sum of its violations.
// Selection after every result (Durillo et al., "On the effect of the steady-state selection scheme in multi-objective genetic
// algorithms", 2009) is the default, because it is ahead of generations at the budgets of architecture search.
//
// Where the paper leaves room: architectures are crossed decision by decision and mutated in one, by the names of decisions;
// nothing is proposed twice; and of members with the same objectives all but the oldest count as crowded, since cells of
// different wiring often are the same network and would fill the population with one point of the front.
type NSGA2 struct {
	*breeding
	ranks []rank // of the population
}

// NewNSGA2 returns an NSGA-II. It is an error if there is no objective or a setting is out of range.
func NewNSGA2(p Problem, c BreedingConfig) (*NSGA2, error) {
	b, err := newBreeding("nsga2", p, c)
	if err != nil {
		return nil, err
	}
	s := &NSGA2{breeding: b}
	b.survivors, b.compete = s.survivors, s.compete
	return s, nil
}

func (s *NSGA2) survivors(pool []observation, n int) []int {
	all := ranksOf(pool)
	order := ranked(all)[:n]
	s.ranks = s.ranks[:0]
	for _, i := range order {
		s.ranks = append(s.ranks, all[i])
	}
	return order
}

func (s *NSGA2) compete(i, j int) int {
	if s.ranks[j].before(s.ranks[i]) {
		return j
	}
	return i
}
