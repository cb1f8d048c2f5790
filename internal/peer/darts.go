package peer

import (
	"fmt"
	"math/rand/v2"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/optim"
	"github.com/trellis-nas/trellis/tensor"
)

// The sizes of the DARTS supernet: channels of the first cell, cells, nodes of a cell between its inputs and its output.
const (
	dartsWidth  = 8
	dartsStem   = 3 // times dartsWidth
	dartsCells  = 3
	dartsNodes  = 4
	dartsEdges  = 14
	dartsOps    = 8 // zero, max pooling, average pooling, skip, two separable and two dilated convolutions
	dartsSide   = 32
	dartsLabels = 10
)

// darts is the supernet of DARTS (Liu et al., 2019) with its first-order step: a step of the architecture parameters on a
// validation batch, then one of the weights on a training batch. Each has a tape of its own, on which the parameters of
// the other are constants. Operations of one state that have no parameters (ReLU, pooling) are computed once for all
// its edges, and the sums over the operations of all edges of a node are one mixture.
type darts struct {
	pool            *kernel.Pool
	arena           tensor.Arena
	weights, alphas *nn.Store
	search, train   *dartsPass
	alphaStep       *optim.Optimizer
	weightStep      *optim.Optimizer
	work            float64
	step            uint64
}

// dartsPass is forward and backward on one tape.
type dartsPass struct {
	program *autograd.Program
	input   *autograd.Var
	labels  autograd.Labels
}

func startDarts(batch, threads int) (Training, error) {
	d := newDarts(batch, threads, 0.01)
	r := stream.New(5, "darts")
	d.feed(d.search, r)
	d.feed(d.train, r)
	return d, nil
}

func newDarts(batch, threads int, rate float64) *darts {
	d := &darts{pool: kernel.NewPool(threads), weights: nn.NewStore(1), alphas: nn.NewStore(1)}
	d.train = d.record(batch, true)
	d.search = d.record(batch, false)
	clip := optim.Clip(5)
	d.weightStep = optim.NewOn(d.pool, d.weights.Params(), optim.Chain(clip, optim.SGD(optim.Constant(rate), 0.9, false, 5e-4)))
	d.alphaStep = optim.NewOn(d.pool, d.alphas.Params(), optim.Chain(optim.Decay(1e-3), optim.Adam{Beta1: 0.5}.Fused(optim.Constant(3e-4), 0)))
	return d
}

// feed gives a pass a batch of standard normal numbers with labels.
func (d *darts) feed(p *dartsPass, r *rand.Rand) []float32 {
	x := make([]float32, p.input.Shape().Size())
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for i := range p.labels.Class {
		p.labels.Class[i] = int32(r.IntN(dartsLabels))
	}
	p.input.Feed(x)
	return x
}

// Step makes a step of the architecture and one of the weights.
func (d *darts) Step() error {
	if _, err := d.pass(d.search, d.alphaStep); err != nil {
		return err
	}
	_, err := d.pass(d.train, d.weightStep)
	d.step++
	return err
}

// pass runs one of the two and returns its loss.
func (d *darts) pass(p *dartsPass, o *optim.Optimizer) (loss float64, err error) {
	p.program.Forward(d.step)
	if loss = p.labels.Mean; loss-loss != 0 {
		return loss, fmt.Errorf("darts diverged in step %d", d.step)
	}
	p.program.Backward()
	o.Step()
	return loss, nil
}

// Work is that of the other side, which computes all gradients in both passes.
func (d *darts) Work() float64 { return d.work }

// Params returns the weights and the architecture parameters.
func (d *darts) Params() []autograd.Param {
	return append(append([]autograd.Param(nil), d.weights.Params()...), d.alphas.Params()...)
}

func (d *darts) Close() { d.pool.Close() }

// record writes the supernet to a tape, for the gradient of the weights or that of the architecture.
func (d *darts) record(batch int, train bool) *dartsPass {
	b := &dartsBuilder{darts: d, tape: autograd.NewTape(autograd.Train, d.pool), train: train, known: map[string]autograd.Param{}}
	for _, p := range append(d.weights.Params(), d.alphas.Params()...) {
		b.known[p.Name] = p
	}
	t := b.tape
	p := &dartsPass{input: t.Input(tensor.Of(batch, dartsSide, dartsSide, 3)), labels: autograd.Labels{Class: make([]int32, batch)}}
	stem := b.conv("stem", p.input, 3, 1, dartsStem*dartsWidth, 1)
	c := stem.Shape().At(3)
	stem = t.BatchNorm(stem, b.weight("stem.scale", nn.Fill(1), c), b.weight("stem.shift", nn.Fill(0), c), nil, b.running(c), kernel.None)
	alphas := [2]*autograd.Var{}
	for i, name := range []string{"normal", "reduce"} {
		alphas[i] = t.Softmax(b.alpha(name, nn.Init(func(r *rand.Rand, v []float32) {
			for i := range v {
				v[i] = float32(1e-3 * r.NormFloat64())
			}
		})))
	}
	before, last, width, halved := stem, stem, dartsWidth, false
	for i := range dartsCells {
		reduce := i == dartsCells/3 || i == 2*dartsCells/3
		weights := alphas[0]
		if reduce {
			width, weights = 2*width, alphas[1]
		}
		before, last = last, b.cell(fmt.Sprintf("cell%d", i), before, last, weights, width, reduce, halved)
		halved = reduce
	}
	x := t.GlobalAvgPool(last)
	c = x.Shape().At(3)
	logits := t.Dense(x, b.weight("head.weight", nn.Glorot(c, dartsLabels), c, dartsLabels), b.weight("head.bias", nn.Fill(0), dartsLabels))
	p.program = t.Compile(&d.arena, t.CrossEntropy(logits, &p.labels, 0))
	if train {
		d.work = 2 * 2 * float64(batch) * (3*b.macs - float64(dartsSide*dartsSide*9*3*dartsStem*dartsWidth)) // two passes
	}
	return p
}

// dartsBuilder records one tape of the supernet.
type dartsBuilder struct {
	*darts
	tape  *autograd.Tape
	train bool // weights are trained, architecture parameters constant; or the other way round
	known map[string]autograd.Param
	macs  float64 // of a sample, forward
}

func (b *dartsBuilder) declare(s *nn.Store, name string, trained bool, init nn.Init, dims []int) *autograd.Var {
	p, ok := b.known[name]
	if !ok {
		p = s.Param(name, tensor.Of(dims...), init, true)
	}
	if trained {
		return b.tape.Param(p)
	}
	return b.tape.Constant(p)
}

func (b *dartsBuilder) weight(name string, init nn.Init, dims ...int) *autograd.Var {
	return b.declare(b.weights, name, b.train, init, dims)
}

func (b *dartsBuilder) alpha(name string, init nn.Init) *autograd.Var {
	return b.declare(b.alphas, name, !b.train, init, []int{dartsEdges, 1, 1, dartsOps})
}

// running returns statistics that only evaluation would read.
func (b *dartsBuilder) running(c int) autograd.Running {
	return autograd.Running{Mean: tensor.New(tensor.Of(c)), Variance: tensor.New(tensor.Of(c))}
}

func (b *dartsBuilder) count(y *autograd.Var, each int) {
	s := y.Shape()
	b.macs += float64(s.At(1) * s.At(2) * s.At(3) * each)
}

func (b *dartsBuilder) conv(name string, x *autograd.Var, k, stride, out, groups int) *autograd.Var {
	c := x.Shape().At(3) / groups
	y := b.tape.Conv(x, b.weight(name+".weight", nn.He(k*k*out/groups), k, k, c, out), nil, autograd.Window{Kernel: k, Stride: stride, Dilation: 1}, groups)
	b.count(y, k*k*c)
	return y
}

// separable is a depthwise convolution and a pointwise one.
func (b *dartsBuilder) separable(name string, x *autograd.Var, k, stride, dilation int) *autograd.Var {
	c := x.Shape().At(3)
	y := b.tape.Separable(x, b.weight(name+".depthwise", nn.He(k*k), k, k, c), b.weight(name+".pointwise.weight", nn.He(c), 1, 1, c, c),
		autograd.Window{Kernel: k, Stride: stride, Dilation: dilation})
	b.count(y, k*k+c)
	return y
}

// factorized halves an activated image and doubles its channels, by two pointwise convolutions of the pixels of even and of
// odd rows and columns.
func (b *dartsBuilder) factorized(name string, diagonal *autograd.Var, out int) *autograd.Var {
	return b.conv(name, diagonal, 1, 1, out, 2)
}

// cell appends a cell over the outputs of the two before it. halved says that the last one was a reduction, so that the
// one before is twice as large.
func (b *dartsBuilder) cell(name string, before, last, weights *autograd.Var, c int, reduce, halved bool) *autograd.Var {
	t := b.tape
	pre := t.Activate(before, kernel.ReLU)
	if halved {
		pre = b.factorized(name+".before", t.Diagonal(pre), c)
	} else {
		pre = b.conv(name+".before", pre, 1, 1, c, 1)
	}
	states := []*dartsState{
		{b: b, x: t.Standardize(pre, b.running(c), kernel.None), stride: 1},
		{b: b, x: t.Standardize(b.conv(name+".last", t.Activate(last, kernel.ReLU), 1, 1, c, 1), b.running(c), kernel.None), stride: 1},
	}
	if reduce {
		states[0].stride, states[1].stride = 2, 2
	}
	edge := 0
	for range dartsNodes {
		var branches []autograd.Branch
		for _, s := range states {
			branches = append(branches, b.edge(fmt.Sprintf("%s.edge%d", name, edge), s, edge*dartsOps)...)
			edge++
		}
		states = append(states, &dartsState{b: b, x: t.Mix(weights, branches...), stride: 1})
	}
	var out []*autograd.Var
	for _, s := range states[2:] {
		out = append(out, s.x)
	}
	return t.Concat(out...)
}

// dartsState is a node of a cell with what its edges share, made when it is first asked for.
type dartsState struct {
	b                    *dartsBuilder
	x                    *autograd.Var
	stride               int // of the edges that leave it
	relu, diagonal       *autograd.Var
	maximum, average     *autograd.Var
	ofMaximum, ofAverage *autograd.Moments
}

func (s *dartsState) prepare() {
	if s.relu != nil {
		return
	}
	t, c := s.b.tape, s.x.Shape().At(3)
	s.relu = t.Activate(s.x, kernel.ReLU)
	if s.stride > 1 {
		s.diagonal = t.Diagonal(s.relu)
	}
	w := autograd.Window{Kernel: 3, Stride: s.stride, Dilation: 1}
	s.maximum, s.average = t.MaxPool(s.x, w), t.AvgPool(s.x, w)
	s.ofMaximum, s.ofAverage = t.Moments(s.maximum, s.b.running(c)), t.Moments(s.average, s.b.running(c))
}

// edge returns the operations from one state but for the zero, which is the first.
func (b *dartsBuilder) edge(name string, s *dartsState, weight int) []autograd.Branch {
	s.prepare()
	t, c := b.tape, s.x.Shape().At(3)
	branches := []autograd.Branch{{Value: s.maximum, Norm: s.ofMaximum, Weight: weight + 1}, {Value: s.average, Norm: s.ofAverage, Weight: weight + 2}}
	add := func(y *autograd.Var) {
		branches = append(branches, autograd.Branch{Value: y, Norm: t.Moments(y, b.running(c)), Weight: weight + len(branches) + 1})
	}
	if s.stride == 1 {
		branches = append(branches, autograd.Branch{Value: s.x, Weight: weight + 3})
	} else {
		add(b.factorized(name+".skip", s.diagonal, c))
	}
	for _, k := range []int{3, 5} {
		at := fmt.Sprintf("%s.separable%d", name, k)
		half := b.separable(at+".first", s.relu, k, s.stride, 1)
		add(b.separable(at+".second", t.Standardize(half, b.running(c), kernel.ReLU), k, 1, 1))
	}
	for _, k := range []int{3, 5} {
		add(b.separable(fmt.Sprintf("%s.dilated%d", name, k), s.relu, k, s.stride, 2))
	}
	return branches
}
