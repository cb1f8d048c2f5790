package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
)

// sequenceNets are two encoders of tokens.
func sequenceNets(t testing.TB) map[string]*network.Graph {
	t.Helper()
	nets := map[string]*network.Graph{}
	finish := func(name string, g *network.Graph, err error) {
		if err != nil {
			t.Fatal(err)
		}
		nets[name] = g
	}
	g, err := network.TransformerClassifier(20, 4, network.Transformer{Vocab: 50, Width: 24, Heads: 3})
	finish("transformer", g, err)
	g, err = network.TransformerClassifier(13, 10, network.Transformer{Vocab: 30, Width: 20, Heads: 2, Layers: 1, Act: network.GELU, Before: true, Padded: true})
	finish("padded", g, err)
	return nets
}

// trainTokens makes steps on token sequences and returns the state.
func trainTokens(t testing.TB, m *model.Model, steps int) []float32 {
	t.Helper()
	o := m.Optimizer(optim.SGD(optim.Constant(0.05), 0.9, true, 5e-4))
	for step := range steps {
		x, labels := samples(m.Graph(), 9+step)
		if _, err := m.Step(x, labels); err != nil {
			t.Fatal(err)
		}
		o.Step()
	}
	var all []float32
	for _, s := range m.State() {
		all = append(all, s.Data()...)
	}
	return all
}

func TestThreadsDoNotChangeTheWeightsOfATransformer(t *testing.T) {
	for name, g := range sequenceNets(t) {
		one := trainTokens(t, build(t, g, model.Options{Threads: 1}), 8)
		for _, threads := range []int{2, 4} {
			if many := trainTokens(t, build(t, g, model.Options{Threads: threads}), 8); !slices.Equal(one, many) {
				t.Errorf("%s: %d threads gave other weights than one", name, threads)
			}
		}
	}
}

func TestATokenOutsideTheVocabularyIsAnError(t *testing.T) {
	m := build(t, sequenceNets(t)["transformer"], model.Options{})
	x, labels := samples(m.Graph(), 3)
	x[27] = 50
	const want = "token 7 of sample 1 is 50; ids are whole numbers from 0 to 49"
	if _, err := m.Step(x, labels); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a step gave %v; want %s", err, want)
	}
	if _, err := m.Predict(x); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a prediction gave %v; want %s", err, want)
	}
	x[27] = 49
	if _, err := m.Step(x, labels); err != nil {
		t.Errorf("the last token gave %v", err)
	}
}

// What follows the last token must not matter, whatever stands there, and causal attention must not look ahead.
func TestPaddingAndTheFutureDoNotReachAnOutput(t *testing.T) {
	m := build(t, sequenceNets(t)["padded"], model.Options{})
	long := make([]float32, 13)
	copy(long, []float32{5, 9, 0, 2})
	a, err := m.Predict(long)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.State() {
		if strings.HasSuffix(s.Name, "positions.weight") {
			for i := 4 * 20; i < len(s.Data()); i++ {
				s.Data()[i] = 100
			}
		}
	}
	b, _ := m.Predict(long)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("logits are %v, and %v with other padding", a, b)
		}
	}

	builder := network.NewBuilder(network.Shape{H: 1, W: 9, C: 4})
	x := builder.Add(network.Conv1d{Out: 4, Kernel: 2, Dilation: 2, Causal: true}, builder.Input())
	x = builder.Add(network.Attention{Heads: 2, Causal: true}, x)
	g, err := builder.Build(builder.Add(network.Flatten{}, x))
	if err != nil {
		t.Fatal(err)
	}
	m = build(t, g, model.Options{})
	in, _ := samples(g, 1)
	a, _ = m.Predict(in)
	for i := 5 * 4; i < len(in); i++ {
		in[i] += 3
	}
	b, _ = m.Predict(in)
	for i := range a {
		if same := a[i] == b[i]; same != (i < 5*4) {
			t.Errorf("after a change of the steps from 5 on, number %d is %v and was %v", i, b[i], a[i])
		}
	}
}

func TestASteadyStepOfATransformerAllocatesNothing(t *testing.T) {
	for _, threads := range []int{1, 2} {
		m := build(t, sequenceNets(t)["padded"], model.Options{Threads: threads})
		o := m.Optimizer(optim.SGD(optim.Constant(0.01), 0.9, true, 5e-4))
		x, labels := samples(m.Graph(), 16)
		if n := testing.AllocsPerRun(5, func() {
			if _, err := m.Step(x, labels); err != nil {
				t.Fatal(err)
			}
			o.Step()
		}); n > 0 {
			t.Errorf("with %d threads a step allocates %v times", threads, n)
		}
	}
}
