package peer

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/autograd"
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/nn"
	"github.com/trellis-nas/trellis/tensor"
)

const controllersFile = "testdata/torch_controllers.json"

// dartsRate is one at which rounding does not decide the losses, as for the other networks.
const dartsRate = 0.0001

// dartsLosses trains the supernet for so many steps on batches of its own. With a folder it writes there what the peer needs.
func dartsLosses(t *testing.T, steps int, folder string) []float64 {
	const batch = 4
	d := newDarts(batch, 1, dartsRate)
	defer d.Close()
	if folder != "" {
		writeState(t, folder, batch, steps, d.Params())
	}
	var numbers []byte
	var losses []float64
	for step := range steps {
		for _, p := range []*dartsPass{d.search, d.train} {
			name := "validation"
			if p == d.train {
				name = "training"
			}
			x := d.feed(p, stream.New(7, name, uint64(step)))
			numbers, _ = binary.Append(numbers, binary.LittleEndian, x)
			numbers, _ = binary.Append(numbers, binary.LittleEndian, p.labels.Class)
		}
		if _, err := d.pass(d.search, d.alphaStep); err != nil {
			t.Fatal(err)
		}
		loss, err := d.pass(d.train, d.weightStep)
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, loss)
	}
	writeNumbers(t, folder, numbers)
	return losses
}

// controllerLosses trains the controller with decisions from a stream.
func controllerLosses(t *testing.T, steps int, folder string) []float64 {
	const batch = 10
	c := newController(batch, 1)
	defer c.Close()
	if folder != "" {
		writeState(t, folder, batch, steps, c.Params())
	}
	var numbers []byte
	var losses []float64
	for step := range steps {
		r := stream.New(7, "decisions", uint64(step))
		decisions := make([][]int32, controllerDecisions)
		for k := range decisions {
			for range batch {
				decisions[k] = append(decisions[k], int32(r.IntN(controllerOps)))
			}
			numbers, _ = binary.Append(numbers, binary.LittleEndian, decisions[k])
		}
		losses = append(losses, c.replay(decisions))
	}
	writeNumbers(t, folder, numbers)
	return losses
}

func writeState(t *testing.T, folder string, batch, steps int, params []autograd.Param) {
	var state []tensor.Named
	for _, p := range params {
		state = append(state, tensor.Named{Name: p.Name, Tensor: p.Value})
	}
	weights, err := os.Create(filepath.Join(folder, "weights.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	defer weights.Close()
	if err := nn.WriteSafetensors(weights, state, nil); err != nil {
		t.Fatal(err)
	}
	spec, err := json.Marshal(map[string]any{"batch": batch, "steps": steps, "rate": dartsRate})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "spec.json"), spec, 0o600); err != nil {
		t.Fatal(err)
	}
}

func writeNumbers(t *testing.T, folder string, numbers []byte) {
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, "batches.bin"), numbers, 0o600); err != nil {
		t.Fatal(err)
	}
}

// The fixture is made as that of TestLossesFollowThoseOfPyTorch, by TRELLIS_REMAKE=1, and the first steps anew wherever
// PyTorch is installed.
func TestSupernetAndControllerFollowPyTorch(t *testing.T) {
	if kernel.Name() == "go" {
		t.Skip("skipped: the portable loops would take minutes; another test shows that they give the same bits")
	}
	python := ""
	if p, err := NewPyTorch(t.Context(), "", "testdata/torch_controllers.py"); err == nil {
		python = p.Python
	} else {
		t.Logf("the fixture is compared with, PyTorch is not run: %v", err)
	}
	remake := os.Getenv("TRELLIS_REMAKE") != ""
	fixture := map[string][]float64{}
	if text, err := os.ReadFile(controllersFile); err == nil {
		if err := json.Unmarshal(text, &fixture); err != nil {
			t.Fatal(err)
		}
	} else if !remake {
		t.Fatal(err)
	}
	for net, own := range map[string]func(*testing.T, int, string) []float64{"darts": dartsLosses, "lstm-ctrl": controllerLosses} {
		t.Run(net, func(t *testing.T) {
			made := func(steps int) (ours, theirs []float64) {
				folder := t.TempDir()
				ours = own(t, steps, folder)
				cmd := exec.Command(python, "testdata/torch_controllers.py", net, folder)
				cmd.Stderr = os.Stderr
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("running PyTorch: %v", err)
				}
				if err := json.Unmarshal(out, &theirs); err != nil {
					t.Fatal(err)
				}
				return ours, theirs
			}
			switch {
			case remake:
				_, fixture[net] = made(lossSteps)
			case python != "":
				ours, theirs := made(liveSteps)
				follows(t, net+" made anew", ours, theirs)
			}
			follows(t, net, own(t, lossSteps, ""), fixture[net])
		})
	}
	if remake {
		text, err := json.MarshalIndent(fixture, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(controllersFile, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
