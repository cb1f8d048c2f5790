package model_test

import (
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
)

// bars makes n noisy 8×8 images of four classes: a bright bar across, down, along one diagonal or along the other,
// anywhere. Position alone tells nothing, so a network must learn the orientation.
func bars(seed uint64, n int) (x []float32, labels []int) {
	r := stream.New(seed, "bars")
	x, labels = make([]float32, n*64), make([]int, n)
	for i := range n {
		img, class, at := x[i*64:][:64], r.IntN(4), r.IntN(8)
		labels[i] = class
		for j := range img {
			img[j] = float32(r.NormFloat64()) * 0.3
		}
		for k := range 8 {
			row, col := [4]int{at, k, k, k}[class], [4]int{k, at, (k + at) % 8, (7 - k + at) % 8}[class]
			img[row*8+col] += 1.5
		}
	}
	return x, labels
}

func smallNet(t testing.TB) *network.Graph {
	b := network.NewBuilder(network.Shape{H: 8, W: 8, C: 1})
	x := b.Input()
	for i, c := range []int{8, 16, 16} {
		y := b.Add(network.Conv{Out: c, Kernel: 3, Stride: 1 + i%2}, x)
		y = b.Add(network.BatchNorm{}, y)
		if b.Shape(y) == b.Shape(x) {
			y = b.Add(network.Add{}, x, y)
		}
		x = b.Add(network.Activation{Func: network.ReLU}, y)
	}
	x = b.Add(network.GlobalAvgPool{}, x)
	g, err := b.Build(b.Add(network.Dense{Out: 4}, x))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestASmallNetworkLearnsTheOrientationOfBars(t *testing.T) {
	for _, c := range []struct {
		name      string
		transform optim.Transform
	}{
		{"SGD", optim.SGD(optim.OneCycle(0.1, 80, 0.3), 0.9, true, 5e-4)},
		{"AdamW", optim.AdamW(optim.Cosine(0.01, 0, 80), 1e-2)},
	} {
		m, err := model.Build(smallNet(t), 1, model.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		o := optim.New(m.Params(), c.transform)
		for step := range 80 {
			x, labels := bars(uint64(step), 32)
			if _, err := m.Step(x, labels); err != nil {
				t.Fatal(err)
			}
			o.Step()
		}
		x, labels := bars(1<<40, 500)
		r, err := m.Evaluate(x, labels)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d of 500 correct, loss %.4f", c.name, r.Correct, r.Loss)
		if r.Correct < 475 {
			t.Errorf("%s: %d of 500 unseen images correct; want at least 475", c.name, r.Correct)
		}
	}
}
