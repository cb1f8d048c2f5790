package train_test

import (
	"context"
	"fmt"

	"github.com/trellis-nas/trellis/data"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

func ExampleEvaluator() {
	set, err := data.Open("glyphs", data.Options{Glyphs: data.GlyphOptions{Classes: data.Digits, Size: 16, Train: 600, Clutter: data.None}})
	if err != nil {
		fmt.Println(err)
		return
	}
	splits, err := set.Split(data.SplitOptions{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	evaluator, err := train.New(train.Config{
		Data:     splits.Training, // the test set stays sealed
		Settings: train.Settings{Epochs: 8, Batch: 32, LearningRate: 0.05},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	lenet, err := network.LeNet5(network.Shape(set.Shape()), len(set.Classes()))
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := evaluator.Evaluate(context.Background(), trial.Trial{Keep: true, Name: "lenet5", Network: lenet, Seed: 1}, trial.Silent)
	if err != nil {
		fmt.Println(err)
		return
	}
	accuracy, _ := result.Metrics.Get(train.Accuracy)
	fmt.Println(result.Status, result.Spent.Amount, "epochs, better than chance:", accuracy > 0.3)
	// Output: ok 8 epochs, better than chance: true
}
