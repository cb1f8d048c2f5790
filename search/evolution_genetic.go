package search

import (
	"fmt"
	"slices"
)

// Genetic is a genetic algorithm by generations (Holland, "Adaptation in Natural and Artificial Systems", 1975) with tournament
// selection (Goldberg & Deb, "A comparative analysis of selection schemes used in genetic algorithms", 1991) and elitism (De
// Jong, 1975). The first Population proposals are drawn uniformly. After that every proposal is a child: two winners of
// tournaments are crossed decision by decision, and the child is mutated in one decision; or one winner alone is mutated. When a
// generation of Population children has its results, the best Elite of the old generation and the best of the children are the next one.
//
// Where the books leave room:
//
//   - With several objectives members are compared by front and crowding, as in Evolution; a constraint that is broken comes before
//     both.
//   - Failed trials are no children: the generation waits for others in their place, and breeds on meanwhile.
//   - Nothing is proposed twice. A child that was proposed before is bred again a few times, then it is a neighbour of its
//     first parent that is new, or a uniform draw if there is none.
type Genetic struct {
	*breeding
	elite int
	ranks []rank // of the population
}

// GeneticConfig holds the settings of Genetic.
type GeneticConfig struct {
	Population int     // members of a generation; 0 means 16
	Elite      int     // members that stay without being bred again; 0 means 4, or half the population if that is smaller
	Sample     int     // members drawn for a tournament; 0 means 5, or the population if that is smaller
	Crossover  float64 // probability that a child has two parents, 0 to 1; 0 means 0.9
	Mutation   float64 // probability that a child of two parents is mutated too, 0 to 1; 0 means 0.5
}

// NewGenetic returns a genetic algorithm. It is an error if there is no objective or a setting is out of range.
func NewGenetic(p Problem, c GeneticConfig) (*Genetic, error) {
	if c.Population == 0 {
		c.Population = 16
	}
	if c.Elite == 0 {
		c.Elite = min(4, c.Population/2)
	}
	if c.Sample == 0 {
		c.Sample = min(5, c.Population)
	}
	b, err := newBreeding("genetic", p, BreedingConfig{Population: c.Population, Brood: c.Population, Crossover: c.Crossover, Mutation: c.Mutation})
	switch {
	case err != nil:
		return nil, err
	case c.Elite < 1 || c.Elite >= c.Population:
		return nil, fmt.Errorf("genetic: an elite of %d does not fit a population of %d; choose 1 to %d", c.Elite, c.Population, c.Population-1)
	case c.Sample < 1 || c.Sample > c.Population:
		return nil, fmt.Errorf("genetic: a sample of %d does not fit a population of %d; choose 1 to %d", c.Sample, c.Population, c.Population)
	}
	s := &Genetic{breeding: b, elite: c.Elite}
	b.sample = c.Sample
	b.survivors, b.compete = s.survivors, s.compete
	return s, nil
}

// survivors returns the elite of the old population, which stands at the beginning of the pool, and the best others that are
// children.
func (s *Genetic) survivors(pool []observation, n int) []int {
	all := ranksOf(pool)
	better := func(i, j int) int { return all[i].compare(all[j]) }
	old, young := upTo(0, len(s.population)), upTo(len(s.population), len(pool))
	slices.SortStableFunc(old, better)
	slices.SortStableFunc(young, better)
	elite := min(s.elite, len(old))
	keep := append(old[:elite:elite], young[:min(len(young), n-elite)]...)
	keep = append(keep, old[elite:elite+n-len(keep)]...)
	s.ranks = s.ranks[:0]
	for _, i := range keep {
		s.ranks = append(s.ranks, all[i])
	}
	return keep
}

func (s *Genetic) compete(i, j int) int {
	if s.ranks[j].before(s.ranks[i]) {
		return j
	}
	return i
}
