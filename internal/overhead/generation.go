package overhead

import (
	"fmt"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// chain returns the whole of a space of 20 layers with a choice of 8 each.
func chain() (search.Region, error) {
	var nodes []space.Node
	for i := range 20 {
		c := &space.Choice{Name: fmt.Sprintf("layer%d", i+1)}
		for k := range 8 {
			c.Options = append(c.Options, space.Option{Label: fmt.Sprint(k), Node: space.LeafOf(&space.Conv{Out: space.Of(4 + k), Kernel: space.Of(1)})})
		}
		nodes = append(nodes, c)
	}
	nodes = append(nodes, space.LeafOf(&space.Head{Classes: space.Of(2)}))
	s, err := space.New("chain-20x8", network.Shape{H: 4, W: 4, C: 1}, space.SeqOf(nodes...))
	if err != nil {
		return nil, err
	}
	l, err := lattice.Compile(s)
	if err != nil {
		return nil, err
	}
	return l.Within()
}

// Generation measures a generation of NSGA-II with a population of 1,000 for two objectives: 1,000 children bred, none of them a
// repetition, and the selection among 2,000. Evaluations are not counted. The space is a chain of 20 layers with 8 options each.
func Generation() (Figure, error) {
	const population = 1000
	region, err := chain()
	if err != nil {
		return Figure{}, err
	}
	problem := search.Problem{
		Region: region, Objectives: trial.Objectives{{Metric: "accuracy", Maximise: true}, {Metric: "cost"}}, Seed: 1,
	}
	s, err := search.NewNSGA2(problem, search.BreedingConfig{Population: population, Brood: population})
	if err != nil {
		return Figure{}, err
	}
	next := trial.ID(0)
	results := make([]trial.Result, population)
	var proposals []trial.Proposal
	judge := func() {
		for i, p := range proposals {
			results[i] = judged(next, p.Arch)
			results[i].Key = p.Key
			next++
		}
	}
	ask := func() { proposals, _ = s.Ask(population) }
	ask()
	judge()
	best := 0.0
	for generation := range 12 {
		ms := milliseconds(1, func() {
			s.Tell(results)
			ask()
		})
		judge()
		if generation == 0 || ms < best {
			best = ms
		}
	}
	return Figure{Name: "NSGA-II generation of 1,000, 2 objectives", Unit: "ms", Value: best}, nil
}
