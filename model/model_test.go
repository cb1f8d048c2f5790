package model_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
	"pgregory.net/rapid"
)

func build(t testing.TB, g *network.Graph, o model.Options) *model.Model {
	t.Helper()
	m, err := model.Build(g, 1, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestTheParamsOfAModelAreThoseTheGraphCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		m, err := model.Build(g, 1, model.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var n int64
		for _, p := range m.Params() {
			n += int64(p.Value.Shape().Size())
		}
		if n != g.Params() {
			t.Fatalf("the model has %d params and the graph counts %d\n%s", n, g.Params(), g.Text())
		}
	})
}

// train makes steps and returns the state.
func train(t testing.TB, m *model.Model, steps int) []float32 {
	o := optim.New(m.Params(), optim.SGD(optim.Constant(0.05), 0.9, true, 5e-4))
	for step := range steps {
		x, labels := bars(uint64(step), 24)
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

func mixedNet(t testing.TB) *network.Graph {
	g, err := network.MobileNetV2Small(network.Shape{H: 8, W: 8, C: 1}, 4, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestThreadsDoNotChangeTheWeightsAfterTenSteps(t *testing.T) {
	for _, g := range []*network.Graph{smallNet(t), mixedNet(t)} {
		one := train(t, build(t, g, model.Options{Threads: 1}), 10)
		for _, threads := range []int{2, 3} {
			if many := train(t, build(t, g, model.Options{Threads: threads}), 10); !slices.Equal(one, many) {
				t.Errorf("%d threads gave other weights than one", threads)
			}
		}
	}
}

func TestASavedModelContinuesLikeTheOriginal(t *testing.T) {
	a, b := build(t, smallNet(t), model.Options{}), build(t, smallNet(t), model.Options{})
	train(t, a, 3)
	var file bytes.Buffer
	if err := a.Save(&file, map[string]string{"epoch": "3"}); err != nil {
		t.Fatal(err)
	}
	meta, err := b.Load(bytes.NewReader(file.Bytes()))
	if err != nil || meta["epoch"] != "3" {
		t.Fatalf("loading gave metadata %v and error %v", meta, err)
	}
	x, _ := bars(9, 7)
	p, _ := a.Predict(x)
	q, _ := b.Predict(x)
	if !slices.Equal(p, q) {
		t.Errorf("the loaded model predicts %v; the saved one %v", q, p)
	}
	other := build(t, mixedNet(t), model.Options{})
	if _, err := other.Load(bytes.NewReader(file.Bytes())); err == nil || !strings.Contains(err.Error(), "is missing") {
		t.Errorf("loading the weights of another network gave %v", err)
	}
}

func TestThePredictionOfASampleDoesNotDependOnItsBatch(t *testing.T) {
	for _, g := range []*network.Graph{smallNet(t), mixedNet(t)} {
		a, b := build(t, g, model.Options{EvalBatch: 1}), build(t, g, model.Options{EvalBatch: 5})
		x, _ := bars(1, 13)
		p, err := a.Predict(x)
		if err != nil {
			t.Fatal(err)
		}
		q, _ := b.Predict(x)
		if len(p) != 13*4 || !slices.Equal(p, q) {
			t.Errorf("13 predictions one by one are %v; by fives %v", p, q)
		}
	}
}

func TestAStepTooLargeEndsAsDivergedWithStepAndPlace(t *testing.T) {
	m := build(t, smallNet(t), model.Options{})
	x, labels := bars(1, 8)
	if _, err := m.Step(x, labels); err != nil {
		t.Fatal(err)
	}
	m.Params()[0].Value.Data()[0] = float32(math.NaN())
	_, err := m.Step(x, labels)
	var diverged *model.DivergedError
	if !errors.As(err, &diverged) || diverged.Step != 1 || diverged.Where != "conv.weight is not finite" {
		t.Errorf("a weight that is NaN gave %v", err)
	}

	m = build(t, smallNet(t), model.Options{})
	for _, p := range m.Params() {
		if p.Name == "dense.weight" {
			for i := range p.Value.Data() {
				p.Value.Data()[i] = math.MaxFloat32
			}
		}
	}
	_, err = m.Step(x, labels)
	if !errors.As(err, &diverged) || diverged.Step != 0 || diverged.Where != "the output of dense at dense is not finite" {
		t.Errorf("weights that overflow gave %v", err)
	}
}

func TestWrongBatchesAndOptionsAreErrors(t *testing.T) {
	m := build(t, smallNet(t), model.Options{})
	x, labels := bars(1, 2)
	for _, c := range []struct {
		x      []float32
		labels []int
		want   string
	}{
		{x, nil, "128 numbers are not 0 samples of shape 8x8x1"},
		{x[1:], labels, "127 numbers are not 2 samples of shape 8x8x1"},
		{x, []int{0, 4}, "sample 1 is of class 4; the network has classes 0 to 3"},
		{x, []int{-1, 0}, "sample 0 is of class -1; the network has classes 0 to 3"},
	} {
		if _, err := m.Step(c.x, c.labels); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("a wrong batch gave %v; want %s", err, c.want)
		}
	}
	if _, err := m.Predict(x[1:]); err == nil {
		t.Error("127 numbers were predicted")
	}
	for _, o := range []model.Options{{Smoothing: 1}, {Threads: -1}, {EvalBatch: -1}} {
		if _, err := model.Build(smallNet(t), 1, o); err == nil {
			t.Errorf("options %+v were accepted", o)
		}
	}
	b := network.NewBuilder(network.Shape{H: 4, W: 4, C: 1})
	g, err := b.Build(b.Add(network.Conv{Out: 2, Kernel: 3}, b.Input()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := model.Build(g, 1, model.Options{}); err == nil || !strings.Contains(err.Error(), "the output has shape 4x4x2") {
		t.Errorf("a network without a vector at its end gave %v", err)
	}
}

func TestReestimatedStatisticsAreTheMeanOverTheBatches(t *testing.T) {
	b := network.NewBuilder(network.Shape{H: 1, W: 1, C: 1})
	g, err := b.Build(b.Add(network.BatchNorm{}, b.Input()))
	if err != nil {
		t.Fatal(err)
	}
	m := build(t, g, model.Options{})
	batches := [][]float32{{1, 3}, {5, 9}, {-2, -2}}
	if err := m.Reestimate(slices.Values(batches)); err != nil {
		t.Fatal(err)
	}
	state := map[string]float32{}
	for _, s := range m.State() {
		state[s.Name] = s.Data()[0]
	}
	// Means 2, 7 and −2; unbiased variances 2, 8 and 0.
	if mean, v := state["batchnorm.mean"], state["batchnorm.variance"]; math.Abs(float64(mean)-7./3) > 1e-5 || math.Abs(float64(v)-10./3) > 1e-5 {
		t.Errorf("mean %v and variance %v; want %v and %v", mean, v, 7./3, 10./3)
	}
	if err := m.Reestimate(slices.Values([][]float32{{}})); err == nil {
		t.Error("an empty batch was accepted")
	}
}

func TestEvaluationNeedsLessMemoryThanTraining(t *testing.T) {
	m := build(t, mixedNet(t), model.Options{EvalBatch: 16})
	x, labels := bars(1, 16)
	if _, err := m.Predict(x); err != nil {
		t.Fatal(err)
	}
	eval := m.Bytes()
	if _, err := m.Step(x, labels); err != nil {
		t.Fatal(err)
	}
	if training := m.Bytes(); eval*3 > training {
		t.Errorf("evaluation takes %d bytes and training %d; want less than a third", eval, training)
	}
}

func TestASteadyStepAllocatesNothing(t *testing.T) {
	for _, threads := range []int{1, 2} {
		m := build(t, mixedNet(t), model.Options{Threads: threads})
		o := optim.New(m.Params(), optim.SGD(optim.Constant(0.01), 0.9, true, 5e-4))
		x, labels := bars(1, 16)
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
