package model

import (
	"fmt"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/network"
)

// Inference runs a network forward only, one sample at a time, as a device does. Its output may have any shape, so that parts of networks
// can be run too. It belongs to one goroutine at a time.
type Inference struct {
	model *Model
	run   *program
}

// Infer makes the network of g ready to be run, with weights that follow from seed, on so many threads (0 reads as 1). Close ends them.
func Infer(g *network.Graph, seed uint64, threads int) (*Inference, error) {
	m, err := assemble(g, seed, Options{Threads: threads, EvalBatch: 1})
	if err != nil {
		return nil, err
	}
	return &Inference{m, m.program(autograd.Eval, 1)}, nil
}

// Feed copies a sample (HWC) to the input, where it stays; it panics if that has another size.
func (i *Inference) Feed(x []float32) {
	if len(x) != i.model.InputSize() {
		panic(fmt.Sprintf("model: %d numbers are no sample of shape %v", len(x), i.model.graph.Input()))
	}
	i.run.input.Feed(x)
}

// Forward computes the output of the sample that was fed. It allocates nothing.
func (i *Inference) Forward() { i.run.Forward(0) }

// Output returns the output, live: the next Forward changes it.
func (i *Inference) Output() []float32 { return i.run.logits.Value() }

// Close ends the threads and gives the memory back.
func (i *Inference) Close() { i.model.Close() }
