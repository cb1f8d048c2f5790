package main

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/space"
)

// climber changes one decision of the best network so far. Its basis remembers what is told and proposes nothing twice.
type climber struct{ *trellis.Basis }

func (c climber) Ask(n int) ([]trellis.Proposal, trellis.State) {
	return c.Propose(n, func(r *rand.Rand) space.Arch {
		best, _ := c.Best()
		return c.Mutate(best.Arch, r) // before there is a best one: a random network
	})
}

func main() {
	own, err := space.Mobile(space.MobileOptions{Act: []string{"relu"}, Stages: []space.MobileStage{{Width: []int{8, 16}}, {Width: []int{16, 24, 32}, Stride: 2}}})
	if err != nil {
		log.Fatal(err)
	}
	history, err := trellis.Study{
		Space: own, Limits: []trellis.Limit{trellis.AtMost("macs", 4_000_000)}, Trials: 50, Seed: 1, Objectives: trellis.Objectives{trellis.Maximise("reuse")},
		Evaluate: func(_ context.Context, c trellis.Candidate) (trellis.Metrics, error) { // train the network here instead
			return trellis.Metrics{"reuse": float64(c.Graph.MACs()) / float64(c.Graph.Params())}, nil
		},
		NewStrategy: func(p trellis.Problem) (trellis.Strategy, error) { return climber{trellis.NewBasis(p)}, nil },
	}.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(history)
}
