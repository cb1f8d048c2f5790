package model_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
)

const (
	peerBatch = 8
	peerSteps = 12
	peerFile  = "testdata/torch_losses.json"
)

// peerNets are trained at a rate at which mistakes in gradients, statistics or updates show in the losses at once,
// while the rounding that decides a ReLU near zero does not.
func peerNets(t testing.TB) map[string]*network.Graph {
	gated := network.NewBuilder(network.Shape{H: 12, W: 12, C: 3})
	x := gated.Add(network.Conv{Out: 8, Kernel: 3}, gated.Input())
	for i, f := range []network.ActFunc{network.HSwish, network.SiLU, network.Tanh} {
		y := gated.Add(network.Activation{Func: f}, gated.Add(network.BatchNorm{}, x))
		y = gated.Add(network.Depthwise{Kernel: 5, Dilation: 1 + i%2, Bias: true}, y)
		y = gated.SqueezeExcite(gated.Add(network.BatchNorm{}, y), 4, network.HSigmoid)
		p := gated.Add(network.MaxPool{Kernel: 3}, x)
		x = gated.Add(network.Concat{}, gated.Add(network.Conv{Out: 8, Kernel: 3, Groups: 2}, y), gated.Add(network.AvgPool{Kernel: 3}, p))
	}
	g, err := gated.Build(gated.Add(network.Dense{Out: 10}, gated.Add(network.Flatten{}, gated.Add(network.MaxPool{Kernel: 2, Stride: 2, Valid: true}, x))))
	if err != nil {
		t.Fatal(err)
	}
	lenet, err := network.LeNet5(network.Shape{H: 28, W: 28, C: 1}, 10)
	if err != nil {
		t.Fatal(err)
	}
	sequence := network.NewBuilder(network.Shape{H: 1, W: 12, C: 7})
	states := sequence.Add(network.LSTM{Hidden: 20}, sequence.Add(network.GRU{Hidden: 24}, sequence.Input()))
	ends := sequence.Add(network.Concat{}, sequence.Add(network.LSTM{Hidden: 9, Last: true}, states), sequence.Add(network.GRU{Hidden: 17, Last: true}, states))
	recurrent, err := sequence.Build(sequence.Add(network.Dense{Out: 10}, ends))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*network.Graph{
		"recurrent":   recurrent,
		"nb201-cell":  nb201(t, [6]string{"conv3x3", "conv3x3", "conv3x3", "conv3x3", "conv3x3", "conv3x3"}),
		"nb201-mixed": nb201(t, [6]string{"skip", "conv1x1", "avgpool3x3", "conv3x3", "none", "conv3x3"}),
		"mbv2-tiny":   mobile(t, network.Shape{H: 32, W: 32, C: 3}),
		"plain-cnn":   plain(t),
		"lenet":       lenet,
		"gated":       g,
	}
}

// ownLosses trains with this engine and, if folder is not empty, first writes there what the peer needs to do the same.
func ownLosses(t *testing.T, g *network.Graph, folder string) []float64 {
	const rate, momentum, decay, smoothing = 0.004, 0.9, 5e-3, 0.1
	m := build(t, g, model.Options{Smoothing: smoothing})
	var images [][]float32
	var labels [][]int
	for step := range peerSteps {
		x, l := samples(g, peerBatch+step) // the count seeds the numbers
		images, labels = append(images, x[:peerBatch*m.InputSize()]), append(labels, l[:peerBatch])
	}
	if folder != "" {
		writePeer(t, m, folder, images, labels, map[string]any{
			"rate": rate, "momentum": momentum, "nesterov": true, "decay": decay, "smoothing": smoothing})
	}
	o := optim.New(m.Params(), optim.SGD(optim.Constant(rate), momentum, true, decay))
	var losses []float64
	for step := range peerSteps {
		r, err := m.Step(images[step], labels[step])
		if err != nil {
			t.Fatal(err)
		}
		o.Step()
		losses = append(losses, r.Loss)
	}
	return losses
}

func writePeer(t *testing.T, m *model.Model, folder string, images [][]float32, labels [][]int, spec map[string]any) {
	type node struct {
		Kind   string     `json:"kind"`
		Name   string     `json:"name"`
		Text   string     `json:"text"`
		Op     network.Op `json:"op"`
		Inputs []int      `json:"inputs"`
	}
	var nodes []node
	for i, n := range m.Graph().Nodes {
		nodes = append(nodes, node{n.Op.Kind(), m.NodeName(i), n.Op.String(), n.Op, n.Inputs})
	}
	var decayed []string
	for _, p := range m.Params() {
		if p.Decay {
			decayed = append(decayed, p.Name)
		}
	}
	in := m.Graph().Input()
	spec["nodes"], spec["output"], spec["decayed"], spec["steps"] = nodes, m.Graph().Output, decayed, len(images)
	spec["shape"] = []int{peerBatch, in.H, in.W, in.C}
	text, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	var batches []byte
	for i := range images {
		batches, _ = binary.Append(batches, binary.LittleEndian, images[i])
		for _, l := range labels[i] {
			batches = binary.LittleEndian.AppendUint32(batches, uint32(l))
		}
	}
	weights, err := os.Create(filepath.Join(folder, "weights.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	defer weights.Close()
	for _, err := range []error{
		os.WriteFile(filepath.Join(folder, "spec.json"), text, 0o600),
		os.WriteFile(filepath.Join(folder, "batches.bin"), batches, 0o600),
		m.Save(weights, nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// follows fails the test unless the losses agree within 2e-4.
func follows(t *testing.T, net string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d losses; PyTorch has %d", net, len(got), len(want))
	}
	worst := 0.0
	for i := range want {
		d := math.Abs(got[i]-want[i]) / want[i]
		if worst = max(worst, d); !(d <= 2e-4) {
			t.Errorf("%s: loss of step %d is %.6f; PyTorch's is %.6f", net, i, got[i], want[i])
		}
	}
	t.Logf("%s: loss %.4f to %.4f, largest relative difference %.1e", net, want[0], want[len(want)-1], worst)
}

// The fixture holds the losses of PyTorch in double precision for the same weights and batches; it is remade by running this package's
// tests with TRELLIS_PEER_PYTHON naming a Python interpreter that has torch and numpy.
func TestLossesFollowThoseOfPyTorch(t *testing.T) {
	python := os.Getenv("TRELLIS_PEER_PYTHON")
	update := python != ""
	if kernel.Name() == "go" {
		t.Skip("the portable loops would take minutes; another test shows that they give the same bits")
	}
	fixture := map[string][]float64{}
	if text, err := os.ReadFile(peerFile); err == nil {
		if err := json.Unmarshal(text, &fixture); err != nil {
			t.Fatal(err)
		}
	} else if !update {
		t.Fatal(err)
	}
	for name, g := range peerNets(t) {
		t.Run(name, func(t *testing.T) {
			folder := ""
			if update {
				folder = t.TempDir()
			}
			got := ownLosses(t, g, folder)
			if update {
				cmd := exec.Command(python, "testdata/torch_losses.py", folder)
				cmd.Stderr = os.Stderr
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("running PyTorch: %v", err)
				}
				var losses []float64
				if err := json.Unmarshal(out, &losses); err != nil {
					t.Fatal(err)
				}
				fixture[name] = losses
			}
			follows(t, name, got, fixture[name])
		})
	}
	if update {
		text, err := json.MarshalIndent(fixture, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(peerFile, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
