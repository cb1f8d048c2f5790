package trellis_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/trellis-nas/trellis"
	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"github.com/trellis-nas/trellis/study"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// entropy says how expressive a network is: the sum over its layers of the logarithm of the inputs of a neuron. Train the network here instead.
func entropy(_ context.Context, c trellis.Candidate) (trellis.Metrics, error) {
	sum := 0.0
	for i, node := range c.Graph.Nodes {
		sum += math.Log(max(1, float64(c.Graph.NodeCost(i).MACs)/float64(node.Shape.Elements())))
	}
	return trellis.Metrics{"entropy": sum}, nil // params, macs and memory are added
}

func Example_ownEvaluator() {
	body := space.SeqOf(
		&space.Let{Var: "width", Values: space.Values(8, 16, 24, 32), Body: space.LeafOf(&space.Conv{Out: space.Var("width"), Stride: space.Of(2)})},
		&space.Let{Var: "kernel", Values: space.Values(3, 5, 7), Body: &space.Let{Var: "expand", Values: space.Values(1, 2, 3, 6), Body: &space.Repeat{
			Counts: []int{1, 2, 3, 4, 5, 6}, Body: space.LeafOf(&space.MBConv{Kernel: space.Var("kernel"), Expand: space.Var("expand")})}}},
		space.LeafOf(&space.Head{}))
	own, err := space.New("own", trellis.Shape{H: 32, W: 32, C: 3}, body, space.Classes(10))
	if err != nil {
		log.Fatal(err)
	}
	history, err := trellis.Study{
		Space: own, Limits: []trellis.Limit{trellis.AtMost("macs", 4_000_000)}, Evaluate: entropy, Trials: 50, Seed: 1,
		Objectives: trellis.Objectives{trellis.Maximise("entropy"), trellis.Minimise("params")},
	}.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(history)
	// Output:
	// entropy 62.81  params 12.5k  16 5 2 6
	// entropy 60.27  params 10.4k  8 7 3 6
	// entropy 57.84  params 7.04k  8 7 2 6
	// entropy 56.23  params 6.9k   8 5 3 6
	// entropy 53.8   params 4.74k  8 5 2 6
	// entropy 50.1   params 4.59k  8 3 3 6
	// entropy 47.67  params 3.2k   8 3 2 6
	// entropy 40.62  params 2.72k  8 3 2 5
	// entropy 37.17  params 2.1k   8 5 1 6
	// entropy 31.87  params 1.8k   8 5 1 5
	// entropy 31.04  params 1.33k  8 3 1 6
	// entropy 26.76  params 1.16k  8 3 1 5
	// entropy 22.48  params 994    8 3 1 4
	// entropy 18.21  params 826    8 3 1 3
	// entropy 13.93  params 658    8 3 1 2
	// entropy 10.67  params 618    8 5 1 1
	// entropy 9.652  params 490    8 3 1 1
}

// climber changes one decision of the best network so far. Its basis remembers what is told and proposes nothing twice.
type climber struct{ *trellis.Basis }

func (c climber) Ask(n int) ([]trellis.Proposal, trellis.State) {
	return c.Propose(n, func(r *rand.Rand) space.Arch {
		best, _ := c.Best()
		return c.Mutate(best.Arch, r) // before there is a best one: a random network
	})
}

func Example_ownStrategy() {
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
	// Output:
	// reuse 763.8  w8 d3 k3 e3 se0 k3 e3 se0 k3 e3 se0 w16 d1 k3 e3 se0
}

// A study whose journal is a file can be interrupted at any moment, here by its context during trial 7. Run again, it goes on there, and
// finds what it would have found without the interruption.
func Example_resume() {
	folder, err := os.MkdirTemp("", "study")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	own, err := space.Mobile(space.MobileOptions{Act: []string{"relu"}, Stages: []space.MobileStage{{Width: []int{8, 16}}, {Width: []int{16, 24, 32}, Stride: 2}}})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	evaluated := 0
	small := func(_ context.Context, c trellis.Candidate) (trellis.Metrics, error) {
		if evaluated++; c.ID == 7 {
			cancel()
		}
		return trellis.Metrics{"depth per parameter": float64(len(c.Graph.Nodes)) / float64(c.Graph.Params())}, nil
	}
	s := trellis.Study{
		Space: own, Evaluate: small, Objectives: trellis.Objectives{trellis.Maximise("depth per parameter")}, Strategy: "evolution:population=5,sample=2",
		Trials: 20, Journal: filepath.Join(folder, "study.db"),
	}
	_, err = s.Run(ctx)
	fmt.Println("interrupted:", errors.Is(err, context.Canceled), "after", evaluated, "evaluations")
	resumed, err := s.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(resumed.Entries), "trials,", evaluated, "evaluations")
	s.Journal = "" // the same study in one go
	whole, err := s.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	same := len(whole.Entries) == len(resumed.Entries)
	for i := range whole.Entries {
		same = same && whole.Entries[i].Trial.Arch == resumed.Entries[i].Trial.Arch && whole.Entries[i].Trial.Seed == resumed.Entries[i].Trial.Seed
	}
	fmt.Println("the same history:", same)
	// Output:
	// interrupted: true after 8 evaluations
	// 20 trials, 21 evaluations
	// the same history: true
}

// Many networks at a low fidelity, then the best of them at the full one. What an amount is, is up to the evaluator; here it is so many quarters of
// a network's layers that are looked at.
func Example_stages() {
	own, err := space.Mobile(space.MobileOptions{Act: []string{"relu"}, Stages: []space.MobileStage{{Width: []int{8, 16}}, {Width: []int{16, 24, 32}, Stride: 2}}})
	if err != nil {
		log.Fatal(err)
	}
	history, err := trellis.Study{
		Space: own, Limits: []trellis.Limit{trellis.AtMost("macs", 4_000_000)}, Strategy: "evolution", Trials: 40, Seed: 1,
		Objectives: trellis.Objectives{trellis.Maximise("entropy")},
		Evaluate: func(ctx context.Context, c trellis.Candidate) (trellis.Metrics, error) {
			part := *c.Graph
			part.Nodes = part.Nodes[:len(part.Nodes)*c.Fidelity.Amount/4]
			c.Graph = &part
			return entropy(ctx, c)
		},
		Stages: []study.Stage{
			{Name: "coarse", Fidelity: trial.Full(1)},
			{Name: "fine", Fidelity: trial.Full(4), Source: study.BestOf{Stage: "coarse", Count: 5}},
		},
	}.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(history.Of("coarse")), "coarse trials,", len(history.Of("fine")), "fine ones")
	fmt.Print(history)
	// Output:
	// 40 coarse trials, 5 fine ones
	// entropy 62.33  w8 d2 k3 e3 se0.25 k5 e3 se0.25 w16 d2 k3 e3 se0.25 k3 e3 se0.25
}

// A stage may be judged by figures of its own. Here a score that costs nothing screens sixty networks, and the best three are trained on images of
// digits, with Trellis's own engine.
func Example_screening() {
	digits, err := data.Open("glyphs", data.Options{Glyphs: data.GlyphOptions{Classes: data.Digits, Size: 16, Train: 200, Validation: 200, Clutter: data.None}})
	if err != nil {
		log.Fatal(err)
	}
	splits, err := digits.Split(data.SplitOptions{Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	own, err := space.Mobile(space.MobileOptions{
		Input: trellis.Shape(digits.Shape()), Classes: len(digits.Classes()), Act: []string{"relu"}, SE: []float64{0}, Stem: 8,
		Stages: []space.MobileStage{{Width: []int{8, 16}, Stride: 2}, {Width: []int{16, 24, 32}, Stride: 2}},
	})
	if err != nil {
		log.Fatal(err)
	}
	trainer, err := train.New(train.Config{
		Data: splits.Training, Settings: train.Settings{Epochs: 6, Batch: 16}, Build: func(t trial.Trial) (*network.Graph, error) { return own.Network(t.Arch) },
	})
	if err != nil {
		log.Fatal(err)
	}
	history, err := trellis.Study{
		Space: own, Limits: []trellis.Limit{trellis.AtMost("macs", 300_000)}, Seed: 1,
		Objectives: trellis.Objectives{trellis.Maximise(train.Accuracy), trellis.Minimise("params")},
		Stages: []study.Stage{
			{
				Name: "screening", Objectives: trellis.Objectives{trellis.Maximise("entropy")}, Stop: study.StopConditions{Trials: 60},
				Evaluator: trellis.Function(own, entropy),
			},
			{Name: "training", Source: study.BestOf{Stage: "screening", Count: 3}, Evaluator: trainer},
		},
	}.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	best, _ := history.Best()
	fmt.Println(len(history.Of("screening")), "screened,", len(history.Of("training")), "trained")
	fmt.Println("the best reads digits better than chance:", best.Trial.Stage == "training" && best.Metric(train.Accuracy) > 0.2)
	// Output:
	// 60 screened, 3 trained
	// the best reads digits better than chance: true
}
