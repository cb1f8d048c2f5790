package search_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/trial"
)

// longRegion is a chain of 200 decisions of four options each.
func longRegion(b *testing.B) search.Region {
	b.Helper()
	var nodes []space.Node
	for i := range 200 {
		c := &space.Choice{Name: fmt.Sprintf("layer%d", i+1)}
		for k := range 4 {
			c.Options = append(c.Options, space.Option{Label: fmt.Sprint(k), Node: space.LeafOf(&space.Conv{Out: space.Of(4 + k), Kernel: space.Of(1)})})
		}
		nodes = append(nodes, c)
	}
	nodes = append(nodes, space.LeafOf(&space.Head{Classes: space.Of(2)}))
	s, err := space.New("chain-200x4", network.Shape{H: 4, W: 4, C: 1}, space.SeqOf(nodes...))
	if err != nil {
		b.Fatal(err)
	}
	l, err := lattice.Compile(s)
	if err != nil {
		b.Fatal(err)
	}
	r, err := l.Within()
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkModelled measures the last fifty of 500 proposals and results, one after another, of strategies with models: in a space of the size
// that is searched, and in one of 200 decisions. Names that end in 2 have two objectives.
func BenchmarkModelled(b *testing.B) {
	for name, region := range map[string]search.Region{"mobile": mobileRegion(b), "long": longRegion(b)} {
		for _, c := range []struct {
			name string
			open func(search.Problem) (search.Strategy, error)
		}{
			{"auto", search.NewAuto},
			{"gp", func(p search.Problem) (search.Strategy, error) { return search.NewGP(p, search.GPConfig{}) }},
			{"tpe", func(p search.Problem) (search.Strategy, error) { return search.NewTPE(p, search.TPEConfig{}) }},
			{"forest", func(p search.Problem) (search.Strategy, error) { return search.NewForest(p, search.ForestConfig{}) }},
			{"bananas", func(p search.Problem) (search.Strategy, error) { return search.NewBananas(p, search.BananasConfig{}) }},
			{"thompson", func(p search.Problem) (search.Strategy, error) {
				return search.NewLatticeThompson(p, search.LatticeThompsonConfig{})
			}},
			{"motpe2", func(p search.Problem) (search.Strategy, error) { return search.NewMOTPE(p, search.MOTPEConfig{}) }},
			{"parego2", func(p search.Problem) (search.Strategy, error) { return search.NewParEGO(p, search.GuidedConfig{}) }},
			{"ehvi2", func(p search.Problem) (search.Strategy, error) { return search.NewEHVI(p, search.GuidedConfig{}) }},
			{"auto2", search.NewAuto},
		} {
			problem := search.Problem{Region: region, Objectives: accuracy, Seed: 1}
			if c.name[len(c.name)-1] == '2' {
				problem.Objectives = tradeOff
			}
			b.Run(name+"/"+c.name, func(b *testing.B) {
				var spent time.Duration
				for b.Loop() {
					s, err := c.open(problem)
					if err != nil {
						b.Fatal(err)
					}
					spent += lastFifty(s)
				}
				b.ReportMetric(1e3*spent.Seconds()/float64(50*b.N), "ms/proposal")
			})
		}
	}
}

// lastFifty returns the time of the last fifty of 500 proposals.
func lastFifty(s search.Strategy) (spent time.Duration) {
	for id := range trial.ID(500) {
		start := time.Now()
		all, _ := s.Ask(1)
		asked := time.Since(start)
		result := resultOf(all[0].Key, all[0].Arch)
		start = time.Now()
		s.Tell([]trial.Result{result})
		if id >= 450 {
			spent += asked + time.Since(start)
		}
	}
	return spent
}
