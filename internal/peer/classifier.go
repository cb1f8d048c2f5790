package peer

import (
	"math/rand/v2"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
)

// classifier is the training of a graph by SGD with momentum 0.9, weight decay 5e-4 and rate 0.01.
func classifier(build func() (*network.Graph, error)) func(batch, threads int) (Training, error) {
	return func(batch, threads int) (Training, error) {
		g, err := build()
		if err != nil {
			return nil, err
		}
		m, err := model.Build(g, 1, model.Options{Threads: threads})
		if err != nil {
			return nil, err
		}
		t := &graphTraining{m: m, o: m.Optimizer(optim.SGD(optim.Constant(0.01), 0.9, false, 5e-4)), work: 2 * float64(batch) * stepMACs(g)}
		t.x, t.labels = samples(g, batch, stream.New(5, "batch"))
		return t, nil
	}
}

// samples draws n samples of g with labels: standard normal numbers, or token ids where g begins with an embedding,
// some sequences of which end in zeros.
func samples(g *network.Graph, n int, r *rand.Rand) (x []float32, labels []int) {
	x, labels = make([]float32, n*g.Input().Elements()), make([]int, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for _, n := range g.Nodes {
		if e, ok := n.Op.(network.Embedding); ok && n.Inputs[0] == 0 {
			tokens(x, g.Input().Elements(), e.Vocab, r)
		}
	}
	for i := range labels {
		labels[i] = r.IntN(g.OutputShape().C)
	}
	return x, labels
}

// tokens fills sequences of so many steps with ids below vocab; every fourth ends early.
func tokens(x []float32, steps, vocab int, r *rand.Rand) {
	for i := range x {
		x[i] = float32(r.IntN(vocab))
		if sample := i / steps; sample%4 == 3 && i%steps > sample%steps {
			x[i] = 0
		}
	}
}

// stepMACs returns the multiply-accumulates of a training step for one sample.
func stepMACs(g *network.Graph) float64 {
	var all, first int64
	for _, n := range g.Nodes[1:] {
		in := make([]network.Shape, len(n.Inputs))
		raw := false
		for i, j := range n.Inputs {
			in[i] = g.Nodes[j].Shape
			raw = raw || j == 0
		}
		macs := n.Op.Cost(in).MACs
		all += macs
		if raw {
			first += macs
		}
	}
	return float64(3*all - first)
}

type graphTraining struct {
	m      *model.Model
	o      *optim.Optimizer
	x      []float32
	labels []int
	work   float64
}

func (t *graphTraining) Step() error {
	if _, err := t.m.Step(t.x, t.labels); err != nil {
		return err
	}
	t.o.Step()
	return nil
}

func (t *graphTraining) Work() float64            { return t.work }
func (t *graphTraining) Params() []autograd.Param { return t.m.Params() }
func (t *graphTraining) Close()                   { t.m.Close() }
