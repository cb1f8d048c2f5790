package model_test

import (
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
)

func TestInferenceGivesWhatTheModelPredicts(t *testing.T) {
	b := network.NewBuilder(network.Shape{H: 8, W: 8, C: 3})
	x := b.Add(network.Conv{Out: 8, Kernel: 3, Stride: 2}, b.Input())
	x = b.Add(network.BatchNorm{}, x)
	x = b.Add(network.Activation{Func: network.ReLU}, x)
	half, err := b.Build(x)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := b.Build(b.Add(network.Dense{Out: 5}, b.Add(network.GlobalAvgPool{}, x)))
	if err != nil {
		t.Fatal(err)
	}
	sample := make([]float32, 8*8*3)
	random := stream.New(1, "sample")
	for i := range sample {
		sample[i] = float32(random.NormFloat64())
	}
	m, err := model.Build(whole, 3, model.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	want, err := m.Predict(sample)
	if err != nil {
		t.Fatal(err)
	}
	i, err := model.Infer(whole, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	i.Feed(sample)
	for range 2 {
		if i.Forward(); !slices.Equal(i.Output(), want) {
			t.Errorf("got %v, want %v", i.Output(), want)
		}
	}
	part, err := model.Infer(half, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	part.Feed(sample)
	part.Forward()
	if n := len(part.Output()); n != 4*4*8 {
		t.Errorf("an output of %d numbers, want %d", n, 4*4*8)
	}
	if _, err := model.Build(half, 3, model.Options{}); err == nil {
		t.Error("a classifier whose output is an image was built")
	}
}
