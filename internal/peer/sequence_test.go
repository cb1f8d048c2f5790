package peer

import (
	"testing"

	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
)

// sequenceNets hold every operator of sequences that the networks of the comparison lack: an encoder of padded token
// sequences and a network of one-dimensional convolutions.
func sequenceNets(t testing.TB) map[string]*network.Graph {
	t.Helper()
	padded, err := network.TransformerClassifier(13, 10, network.Transformer{Vocab: 30, Width: 20, Heads: 2, Layers: 1, Act: network.SiLU, Before: true, Padded: true})
	if err != nil {
		t.Fatal(err)
	}
	b := network.NewBuilder(network.Shape{H: 1, W: 18, C: 6})
	x := b.Add(network.Conv1d{Out: 16, Kernel: 5, Bias: true}, b.Input())
	x = b.Add(network.GLU{Gate: network.Sigmoid}, b.Add(network.RMSNorm{}, x))
	y := b.Add(network.Depthwise1d{Kernel: 3, Dilation: 2, Causal: true}, x)
	parts := b.Split(b.Add(network.Add{}, x, y), 2)
	x = b.Add(network.Concat{}, parts[1], b.Add(network.Softmax{}, parts[0]))
	short := b.Add(network.Conv1d{Out: 8, Kernel: 4, Stride: 3, Groups: 2, Valid: true}, x)
	x = b.Add(network.LayerNorm{}, b.Add(network.Add{}, x, b.Add(network.Attention{Heads: 2, HeadDim: 5, Cross: true}, x, short)))
	x = b.Add(network.Add{}, x, b.Add(network.Attention{Heads: 4, Causal: true, NoBias: true}, x))
	x = b.Add(network.Multiply{}, b.Add(network.Mean{Width: true}, x), b.Add(network.GlobalAvgPool{}, x))
	mixed, err := b.Build(b.Add(network.Dense{Out: 10}, x))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*network.Graph{"tokens": padded, "sequence": mixed}
}

func TestAModelOfSequencesHasTheParamsItsGraphCounts(t *testing.T) {
	for name, g := range sequenceNets(t) {
		m, err := model.Build(g, 1, model.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		var n int64
		for _, p := range m.Params() {
			n += int64(p.Value.Shape().Size())
		}
		if n != g.Params() {
			t.Errorf("%s: the model has %d params and the graph counts %d", name, n, g.Params())
		}
	}
}
