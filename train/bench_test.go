package train_test

import (
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/train"
	"github.com/trellis-nas/trellis/trial"
)

// BenchmarkEpoch trains one epoch of digits and validates it, on one thread: go test -bench Epoch ./train
func BenchmarkEpoch(b *testing.B) {
	lenet, err := network.LeNet5(network.Shape{H: 16, W: 16, C: 1}, 10)
	if err != nil {
		b.Fatal(err)
	}
	mobile, err := network.MobileNetV2Small(network.Shape{H: 16, W: 16, C: 1}, 10, 0.5)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		g    *network.Graph
	}{{"lenet5", lenet}, {"mobilenetv2-small half width", mobile}} {
		b.Run(c.name, func(b *testing.B) {
			e, _ := evaluator(b, train.Settings{Epochs: 1, LearningRate: 0.01}, 1)
			var images int64
			for b.Loop() {
				r := evaluate(b, e, trial.Trial{Network: c.g, Seed: 1})
				images += r.Spent.MACs / 3 / c.g.MACs()
			}
			b.ReportMetric(float64(images)/b.Elapsed().Seconds(), "images/s")
		})
	}
}
