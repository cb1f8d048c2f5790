package peer

import (
	"encoding/binary"
	"encoding/json"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/model"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/optim"
)

const (
	lossBatch = 32
	lossSteps = 50
	liveSteps = 3 // made anew wherever PyTorch is installed; all of them would take minutes in double precision
	lossFile  = "testdata/torch_losses.json"
)

// lossNets are the networks whose losses are compared: those of the comparison, and some with the operators that these lack.
func lossNets(t testing.TB) map[string]*network.Graph {
	gated := network.NewBuilder(network.Shape{H: 12, W: 12, C: 3})
	x := gated.Add(network.Conv{Out: 8, Kernel: 3}, gated.Input())
	for i, f := range []network.ActFunc{network.HSwish, network.SiLU, network.Tanh} {
		y := gated.Add(network.Activation{Func: f}, gated.Add(network.BatchNorm{}, x))
		y = gated.Add(network.Depthwise{Kernel: 5, Dilation: 1 + i%2, Bias: true}, y)
		y = gated.SqueezeExcite(gated.Add(network.BatchNorm{}, y), 4, network.HSigmoid)
		p := gated.Add(network.MaxPool{Kernel: 3}, x)
		x = gated.Add(network.Concat{}, gated.Add(network.Conv{Out: 8, Kernel: 3, Groups: 2}, y), gated.Add(network.AvgPool{Kernel: 3}, p))
	}
	x = gated.Add(network.Flatten{}, gated.Add(network.MaxPool{Kernel: 2, Stride: 2, Valid: true}, x))
	nets := map[string]*network.Graph{}
	add := func(name string, g *network.Graph, err error) {
		if err != nil {
			t.Fatal(err)
		}
		nets[name] = g
	}
	g, err := gated.Build(gated.Add(network.Dense{Out: 10}, x))
	add("gated", g, err)
	g, err = network.LeNet5(network.Shape{H: 28, W: 28, C: 1}, 10)
	add("lenet", g, err)
	sequence := network.NewBuilder(network.Shape{H: 1, W: 12, C: 7})
	states := sequence.Add(network.LSTM{Hidden: 20}, sequence.Add(network.GRU{Hidden: 24}, sequence.Input()))
	ends := sequence.Add(network.Concat{}, sequence.Add(network.LSTM{Hidden: 9, Last: true}, states), sequence.Add(network.GRU{Hidden: 17, Last: true}, states))
	g, err = sequence.Build(sequence.Add(network.Dense{Out: 10}, ends))
	add("recurrent", g, err)
	for name, g := range sequenceNets(t) {
		add(name, g, nil)
	}
	for _, n := range Networks() {
		training, err := n.Start(1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := training.(*graphTraining); ok {
			add(n.Name, c.m.Graph(), nil)
		}
		training.Close()
	}
	return nets
}

// ownLosses trains with this engine and, if folder is not empty, first writes there what the peer needs to do the same
// for so many steps. The rate is one at which mistakes in gradients, statistics or updates show in the losses
// while the rounding that decides a ReLU near zero does not: with twice the rate, PyTorch in single precision strays further from
// PyTorch in double precision on mbv2-28 than the bound of this test.
func ownLosses(t *testing.T, g *network.Graph, steps int, folder string) []float64 {
	const rate, momentum, decay, smoothing = 0.0001, 0.9, 5e-3, 0.1
	m, err := model.Build(g, 1, model.Options{Smoothing: smoothing})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	var images [][]float32
	var labels [][]int
	for step := range steps {
		x, l := samples(g, lossBatch, stream.New(7, "losses", uint64(step)))
		images, labels = append(images, x), append(labels, l)
	}
	if folder != "" {
		writePeer(t, m, folder, images, labels, map[string]any{
			"rate": rate, "momentum": momentum, "nesterov": true, "decay": decay, "smoothing": smoothing})
	}
	o := m.Optimizer(optim.SGD(optim.Constant(rate), momentum, true, decay))
	var losses []float64
	for step := range steps {
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
	spec["shape"] = []int{lossBatch, in.H, in.W, in.C}
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

// follows fails the test unless the losses agree within 1e-3.
func follows(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) == 0 || len(got) > len(want) {
		t.Fatalf("%s: %d losses; PyTorch has %d", what, len(got), len(want))
	}
	worst := 0.0
	for i := range got {
		d := math.Abs(got[i]-want[i]) / math.Abs(want[i])
		if worst = max(worst, d); !(d <= 1e-3) {
			t.Errorf("%s: loss of step %d is %.6f; PyTorch's is %.6f", what, i, got[i], want[i])
		}
	}
	t.Logf("%s: loss %.4f to %.4f in %d steps, largest relative difference %.1e", what, want[0], want[len(got)-1], len(got), worst)
}

// torchLosses trains the network of a folder with the peer.
func torchLosses(t *testing.T, python, folder string) []float64 {
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
	return losses
}

// The fixture holds the losses of PyTorch in double precision for the same weights and batches; it is remade by running this
// package's tests with TRELLIS_REMAKE=1 where a python3 on the path has torch and numpy. Where one has, the first steps are
// made anew in every run.
func TestLossesFollowThoseOfPyTorch(t *testing.T) {
	if kernel.Name() == "go" {
		t.Skip("skipped: the portable loops would take minutes; another test shows that they give the same bits")
	}
	python := ""
	if p, err := NewPyTorch(t.Context(), "", "testdata/torch_losses.py"); err == nil {
		python = p.Python
	} else {
		t.Logf("the fixture is compared with, PyTorch is not run: %v", err)
	}
	remake := os.Getenv("TRELLIS_REMAKE") != ""
	if remake && python == "" {
		t.Fatal("the fixture cannot be remade without PyTorch")
	}
	fixture := map[string][]float64{}
	if text, err := os.ReadFile(lossFile); err == nil {
		if err := json.Unmarshal(text, &fixture); err != nil {
			t.Fatal(err)
		}
	} else if !remake {
		t.Fatal(err)
	}
	nets := lossNets(t)
	for _, name := range slices.Sorted(maps.Keys(nets)) {
		t.Run(name, func(t *testing.T) {
			g := nets[name]
			if remake {
				folder := t.TempDir()
				ownLosses(t, g, lossSteps, folder)
				fixture[name] = torchLosses(t, python, folder)
			} else if python != "" {
				folder := t.TempDir()
				follows(t, name+" made anew", ownLosses(t, g, liveSteps, folder), torchLosses(t, python, folder))
			}
			follows(t, name, ownLosses(t, g, lossSteps, ""), fixture[name])
		})
	}
	if remake {
		text, err := json.MarshalIndent(fixture, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(lossFile, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
