package model_test

import (
	"fmt"

	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
)

// A network is built as a graph, made trainable, and trained with an optimizer composed of small transforms.
func Example() {
	b := network.NewBuilder(network.Shape{H: 8, W: 8, C: 1})
	x := b.Add(network.Conv{Out: 8, Kernel: 3}, b.Input())
	x = b.Add(network.Activation{Func: network.ReLU}, b.Add(network.BatchNorm{}, x))
	x = b.Add(network.Dense{Out: 2}, b.Add(network.GlobalAvgPool{}, x))
	g, err := b.Build(x)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := model.Build(g, 1, model.Options{Threads: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()

	// Class 0 is dark and class 1 bright.
	const n = 16
	images, labels := make([]float32, n*64), make([]int, n)
	for i := range n {
		labels[i] = i % 2
		for j := range 64 {
			images[i*64+j] = float32(i%2) + 0.1*float32(j%7)
		}
	}
	const steps = 30
	sgd := m.Optimizer(optim.SGD(optim.Warmup(5, optim.Cosine(0.1, 0, steps-5)), 0.9, true, 5e-4))
	for range steps {
		if _, err := m.Step(images, labels); err != nil {
			fmt.Println(err)
			return
		}
		sgd.Step()
	}
	r, err := m.Evaluate(images, labels)
	fmt.Println(g.Params(), "params,", r.Correct, "of", n, "correct,", err)
	// Output: 106 params, 16 of 16 correct, <nil>
}
