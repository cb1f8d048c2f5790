package space_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

var imageNet = network.Shape{H: 224, W: 224, C: 3}

// only returns the one architecture of a space in which nothing is left to decide.
func only(t *testing.T, s *space.Space) *network.Graph {
	t.Helper()
	g, err := s.Network(space.NewArch())
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Validate(); err != nil {
		t.Fatal(err)
	}
	return g
}

// resNet returns the options of the space whose only architecture is a network of He et al. 2016.
func resNet(block string, widths, depths [4]int) space.ResNetOptions {
	o := space.ResNetOptions{Input: imageNet, Classes: 1000, Stem: 64, StemKernel: 7, StemStride: 2, Pool: true, Block: []string{block}}
	for i, w := range widths {
		o.Stages = append(o.Stages, space.ResNetStage{Width: []int{w}, Depth: []int{depths[i]}, Stride: 1 + min(i, 1)})
	}
	return o
}

// The params and multiply-accumulates are those that other libraries count for the same networks.
func TestResNetsHaveTheirPublishedSizes(t *testing.T) {
	for _, c := range []struct {
		name   string
		o      space.ResNetOptions
		params int64
		macs   int64
	}{
		{"ResNet-18", resNet("basic", [4]int{64, 128, 256, 512}, [4]int{2, 2, 2, 2}), 11_689_512, 1_814_073_344},
		{"ResNet-50", resNet("bottleneck", [4]int{256, 512, 1024, 2048}, [4]int{3, 4, 6, 3}), 25_557_032, 4_089_184_256},
		{"ResNet-20 for CIFAR-10", space.ResNetOptions{Block: []string{"basic"}, Stages: []space.ResNetStage{
			{Width: []int{16}, Depth: []int{3}}, {Width: []int{32}, Depth: []int{3}, Stride: 2}, {Width: []int{64}, Depth: []int{3}, Stride: 2},
		}}, 272_474, 0},
	} {
		g := only(t, made(t)(space.ResNet(c.o)))
		if g.Params() != c.params || c.macs != 0 && g.MACs() != c.macs {
			t.Errorf("%s costs %v, published are %d params and %d MACs", c.name, g.Cost(), c.params, c.macs)
		}
	}
}

func TestEfficientNetB0AndMnasNetA1HaveTheirPublishedSizes(t *testing.T) {
	stage := func(op string, kernel int, expand, se float64, width, depth, stride int) space.EfficientNetStage {
		return space.EfficientNetStage{
			Op: []string{op}, Kernel: []int{kernel}, Expand: []float64{expand}, SE: []float64{se}, Width: []int{width}, Depth: []int{depth}, Stride: stride,
		}
	}
	o := space.EfficientNetOptions{Input: imageNet, Classes: 1000, StemStride: 2, Width: 1280}
	o.Stages = []space.EfficientNetStage{
		stage("sepconv", 3, 6, 0.25, 16, 1, 1), stage("mbconv", 3, 6, 0.25, 24, 2, 2), stage("mbconv", 5, 6, 0.25, 40, 2, 2),
		stage("mbconv", 3, 6, 0.25, 80, 3, 2), stage("mbconv", 5, 6, 0.25, 112, 3, 1), stage("mbconv", 5, 6, 0.25, 192, 4, 2),
		stage("mbconv", 3, 6, 0.25, 320, 1, 1),
	}
	if n := only(t, made(t)(space.EfficientNetStages(o))).Params(); n != 5_288_548 {
		t.Errorf("EfficientNet-B0 has %d params, published are 5,288,548", n)
	}
	o.Act = "relu"
	o.Stages = []space.EfficientNetStage{
		stage("sepconv", 3, 6, 0, 16, 1, 1), stage("mbconv", 3, 6, 0, 24, 2, 2), stage("mbconv", 5, 3, 0.25, 40, 3, 2),
		stage("mbconv", 3, 6, 0, 80, 4, 2), stage("mbconv", 3, 6, 0.25, 112, 2, 1), stage("mbconv", 5, 6, 0.25, 160, 3, 2),
		stage("mbconv", 3, 6, 0, 320, 1, 1),
	}
	g := only(t, made(t)(space.EfficientNetStages(o)))
	if params, macs := fmt.Sprintf("%.1fM", float64(g.Params())/1e6), fmt.Sprintf("%.0fM", float64(g.MACs())/1e6); params != "3.9M" || macs != "312M" {
		t.Errorf("MnasNet-A1 costs %v, published are 3.9M params and 312M multiply-accumulates", g.Cost())
	}
}

func TestTheStagesOfEfficientNetMultiplyAsTheFormulaSays(t *testing.T) {
	s := made(t)(space.EfficientNetStages(space.EfficientNetOptions{Input: network.Shape{H: 8, W: 8, C: 1}, Stem: 4, Stages: []space.EfficientNetStage{
		{Width: []int{4, 8}, Depth: []int{1, 2, 3}}, {Width: []int{8}, Depth: []int{2}, Stride: 2, Op: []string{"mbconv"}},
	}}))
	// widths · depths · kernels · (conv + sepconv with gates + mbconv with expansions and gates)
	if n, want := count(s), (2*3*2*(1+2+2*2))*(1*1*2*2*2); n != want {
		t.Errorf("%d architectures, want %d", n, want)
	}
}

func TestTheMacroSpaceOfENASHasTheCountOfThePaper(t *testing.T) {
	s := made(t)(space.ENASMacro(space.ENASOptions{}))
	want := new(big.Int).Exp(big.NewInt(6), big.NewInt(12), nil)
	want.Lsh(want, 66)
	for range 5 {
		a := randomArch(t, s, stream.New(14, "enas"))
		if got := combinations(s, a); got.Cmp(want) != 0 {
			t.Errorf("%v architectures, want 6^12 · 2^66 = %v", got, want)
		}
		g, err := s.Network(a)
		if err != nil || g.Validate() != nil {
			t.Errorf("%v: %v", a, err)
		}
	}
}
