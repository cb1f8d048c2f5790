package model

import (
	"fmt"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/optim"
	"github.com/trellis-nas/trellis/tensor"
)

// Options are the settings of a model that its weights do not depend on, label smoothing aside. The zero value is useful.
type Options struct {
	Threads   int     // threads within one step; 0 reads as 1. Results do not depend on it.
	Smoothing float32 // label smoothing of the training loss, in [0, 1); 0.1 is usual where it is used
	EvalBatch int     // samples evaluated together; 0 reads as 64. Results do not depend on it, memory does.
}

// Model is a network that can be trained. It belongs to one goroutine at a time; models share nothing.
type Model struct {
	graph    *network.Graph
	options  Options
	seed     uint64
	pool     *kernel.Pool
	arena    tensor.Arena
	store    *nn.Store
	names    []string // of the nodes
	layers   []layer  // by node
	code     []instruction
	output   int        // node whose value is the logits
	programs []*program // most recently used last
	step     int
}

// layer holds what one node owns of the store; operators without parameters have the zero layer.
type layer struct {
	weight, bias autograd.Param // of a norm: scale and shift
	running      autograd.Running
	recurrent    recurrent
	projections  []projection // of attention: of queries, keys and values, and the last one
}

// projection is a dense layer inside an operator.
type projection struct{ weight, bias autograd.Param }

// Build makes the trainable network of g, with initial weights that follow from seed. Close ends its threads.
func Build(g *network.Graph, seed uint64, o Options) (*Model, error) {
	m, err := assemble(g, seed, o)
	if err != nil {
		return nil, err
	}
	if out := g.OutputShape(); !out.IsVector() {
		m.Close()
		return nil, fmt.Errorf("model: the output has shape %v; a classifier's is a vector 1x1xC", out)
	}
	return m, nil
}

// assemble makes a network whose output may have any shape.
func assemble(g *network.Graph, seed uint64, o Options) (*Model, error) {
	if err := g.Validate(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if o.Smoothing < 0 || o.Smoothing >= 1 {
		return nil, fmt.Errorf("model: label smoothing is %v; it must be at least 0 and less than 1", o.Smoothing)
	}
	if o.Threads < 0 || o.EvalBatch < 0 {
		return nil, fmt.Errorf("model: %d threads and evaluation batches of %d; neither can be negative", o.Threads, o.EvalBatch)
	}
	if o.Threads == 0 {
		o.Threads = 1
	}
	if o.EvalBatch == 0 {
		o.EvalBatch = 64
	}
	m := &Model{graph: g, options: o, seed: seed, pool: kernel.NewPool(o.Threads), store: nn.NewStore(seed), names: nodeNames(g)}
	m.layers = makeLayers(m.store, g, m.names)
	m.code, m.output = analyse(g)
	return m, nil
}

// Close ends the threads of the model and gives its working memory back; its weights can still be read, but no batch
// can be run.
func (m *Model) Close() {
	m.pool.Close()
	m.programs = nil
	m.arena.Reset()
}

// Graph returns the network that the model was built from.
func (m *Model) Graph() *network.Graph { return m.graph }

// Classes returns the number of logits of a sample.
func (m *Model) Classes() int { return m.graph.OutputShape().C }

// InputSize returns how many numbers a sample has, H·W·C.
func (m *Model) InputSize() int { return m.graph.Input().Elements() }

// Params returns the parameters, live: an optimizer changes the model through them.
func (m *Model) Params() []autograd.Param { return m.store.Params() }

// Optimizer returns an optimizer of all parameters that runs on the threads of the model.
func (m *Model) Optimizer(t optim.Transform) *optim.Optimizer {
	return optim.NewOn(m.pool, m.Params(), t)
}

// Bytes returns the memory that activations, gradients of activations and scratch take, for the largest program run so far.
func (m *Model) Bytes() int64 { return m.arena.Bytes() }

// NodeName returns the name of node id, under which its parameters are stored: its scope and kind, and from the second
// of a kind in a scope on its number there, as "stage1.block0.conv2".
func (m *Model) NodeName(id int) string { return m.names[id] }
