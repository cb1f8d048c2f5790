package space_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// sampleSpaces are the spaces that every property is tested on besides random ones: the built-in ones at a small scale and the example
// files.
func sampleSpaces(t testing.TB) map[string]*space.Space {
	t.Helper()
	grey := network.Shape{H: 16, W: 16, C: 1}
	small := []space.ChainStage{{Layers: 2, Width: 4}, {Layers: 2, Width: 8, Stride: 2}}
	coupled := &space.Parallel{Branches: []space.Node{
		&space.Choice{Name: "left", Options: convs(2, 3, 4)},
		&space.Choice{Name: "right", Options: convs(2, 3, 5)},
	}}
	made := map[string]func() (*space.Space, error){
		"nb201": func() (*space.Space, error) {
			return space.NB201(space.NB201Options{Input: grey, Channels: 2, Cells: 1})
		},
		"nb-macro": func() (*space.Space, error) { return space.NBMacro(space.NBMacroOptions{}) },
		"chain": func() (*space.Space, error) {
			return space.Chain(space.ChainOptions{Input: grey, Stages: small})
		},
		"chain with skips": func() (*space.Space, error) {
			return space.Chain(space.ChainOptions{Input: grey, Stages: small, Connect: space.SkipConnected})
		},
		"dense chain": func() (*space.Space, error) {
			return space.Chain(space.ChainOptions{Input: grey, Stages: small, Connect: space.DenseConnected})
		},
		"mobile": func() (*space.Space, error) {
			return space.Mobile(space.MobileOptions{Input: grey, Stem: 4, Stages: []space.MobileStage{
				{Width: []int{4, 6}, Depth: []int{1, 2}}, {Width: []int{8}, Depth: []int{2, 1}, Stride: 2},
			}})
		},
		"mobile decided per stage": func() (*space.Space, error) {
			return space.Mobile(space.MobileOptions{
				Input: grey, Stem: 4, Act: []string{"relu"}, Width: 12, Dropout: 0.1,
				Stages: []space.MobileStage{{Width: []int{4}, Depth: []int{1, 2, 3}}, {Width: []int{8, 10}, Stride: 2, SE: []float64{0.25}}},
				Decide: space.MobileLevels{Kernel: space.PerStage, Expand: space.PerNetwork, SE: space.PerStage},
			})
		},
		"ofa-mbv3": func() (*space.Space, error) {
			return space.OFA(space.OFAOptions{Input: network.Shape{H: 32, W: 32, C: 1}, Classes: 3, Multiplier: 0.2, Depth: []int{1, 2}, Kernel: []int{3, 5}, Expand: []float64{3}})
		},
		"darts": func() (*space.Space, error) {
			return space.DARTS(space.DARTSOptions{Input: network.Shape{H: 9, W: 12, C: 1}, Channels: 2, Cells: 5, Nodes: 3})
		},
		"enas-macro": func() (*space.Space, error) {
			return space.ENASMacro(space.ENASOptions{Input: grey, Channels: 2, Layers: 4})
		},
		"resnet": func() (*space.Space, error) {
			return space.ResNet(space.ResNetOptions{Input: grey, Stem: 4, Pool: true, Stages: []space.ResNetStage{
				{Width: []int{4, 8}, Depth: []int{1, 2}}, {Width: []int{8}, Depth: []int{2}, Stride: 2, Block: []string{"bottleneck"}},
			}})
		},
		"efficientnet-stages": func() (*space.Space, error) {
			return space.EfficientNetStages(space.EfficientNetOptions{Input: grey, Stem: 4, Width: 12, Stages: []space.EfficientNetStage{
				{Width: []int{4, 6}, Depth: []int{1, 2}}, {Width: []int{8}, Depth: []int{2, 1}, Stride: 2, Op: []string{"mbconv", "conv"}},
			}})
		},
		"coupled": func() (*space.Space, error) { return space.New("coupled", grey, coupled) },
	}
	out := map[string]*space.Space{}
	for name, make := range made {
		s, err := make()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = s
	}
	files, err := filepath.Glob("../examples/spaces/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no example spaces: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if out[file], err = space.ParseFile(file, content); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// convs returns one convolution for each width, labelled with it.
func convs(widths ...int) []space.Option {
	var out []space.Option
	for _, w := range widths {
		out = append(out, space.Option{Label: space.ValueOf(w).String(), Node: space.LeafOf(&space.Conv{Out: space.Of(w)})})
	}
	return out
}

// randomArch draws an architecture by drawing every option; draws that do not fit are repeated.
func randomArch(t testing.TB, s *space.Space, r *rand.Rand) space.Arch {
	t.Helper()
	for range 10_000 {
		a, err := s.Derive(func(d space.Decision) int { return r.IntN(len(d.Options)) })
		if err == nil {
			return a
		}
	}
	for a := range s.Each() {
		return a
	}
	t.Fatalf("space %s is empty", s.Name())
	return space.Arch{}
}
