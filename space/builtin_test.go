package space_test

import (
	"compress/gzip"
	"encoding/csv"
	"math/big"
	"os"
	"strconv"
	"testing"

	"github.com/trellis-nas/trellis/internal/published"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

func made(t *testing.T) func(*space.Space, error) *space.Space {
	return func(s *space.Space, err error) *space.Space {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func count(s *space.Space) int {
	n := 0
	for range s.Each() {
		n++
	}
	return n
}

func TestKnownCountsByEnumeration(t *testing.T) {
	if n := count(made(t)(space.NB201(space.NB201Options{Cells: 1}))); n != 15_625 {
		t.Errorf("nb201 has %d architectures, published are 15,625", n)
	}
	if n := count(made(t)(space.NBMacro(space.NBMacroOptions{}))); n != 6_561 {
		t.Errorf("nb-macro has %d architectures, published are 6,561", n)
	}
}

func TestTwentyLayersWithSixOperationsAndFreeSkips(t *testing.T) {
	s, err := space.Open("../examples/spaces/chain20.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := new(big.Int).Exp(big.NewInt(6), big.NewInt(20), nil)
	want.Lsh(want, 190)
	for range 5 {
		a := randomArch(t, s, stream.New(8, "chain20"))
		if got := combinations(s, a); got.Cmp(want) != 0 {
			t.Errorf("%v architectures, want 6^20 · 2^190 = %v", got, want)
		}
	}
}

func TestTheDepthOfMobileMultipliesAsTheFormulaSays(t *testing.T) {
	s := made(t)(space.Mobile(space.MobileOptions{
		Input: network.Shape{H: 8, W: 8, C: 1}, Kernel: []int{3, 5}, Expand: []float64{3}, SE: []float64{0}, Act: []string{"relu"},
		Stages: []space.MobileStage{{Width: []int{4, 8}, Depth: []int{1, 2, 3}}, {Width: []int{8}, Depth: []int{2}, Stride: 2}},
	}))
	if n, want := count(s), 2*(2+4+8)*4; n != want {
		t.Errorf("%d architectures, want %d", n, want)
	}
}

// The published numbers of two networks of each benchmark; the others follow in the test with the benchmark's own table.
func TestTheNetworksOfTheBenchmarksHaveTheirPublishedSizes(t *testing.T) {
	nb201 := made(t)(space.NB201(space.NB201Options{}))
	nbMacro := made(t)(space.NBMacro(space.NBMacroOptions{}))
	for _, c := range []struct {
		s            *space.Space
		text         string
		params, macs int64
	}{
		// params = 73306 + 243040 for each 3x3 convolution of the cell + 28000 for each 1x1
		{nb201, "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|", 73_306, 7_783_040},
		{nb201, "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|", 73_306 + 6*243_040, 220_119_680},
		{nbMacro, "00000000", 387_882, 7_713_280},
		{nbMacro, "22222222", 2_932_586, 105_660_928},
	} {
		a, err := c.s.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		g, err := c.s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		if got := (network.Cost{Params: c.params, MACs: c.macs}); g.Cost() != got {
			t.Errorf("%s costs %v, want %v", c.text, g.Cost(), got)
		}
	}
}

// table reads a gzipped table of the published benchmarks beside the project, or skips.
func table(t *testing.T, name string) (columns map[string]int, rows [][]string) {
	t.Helper()
	f, err := os.Open(published.Data(t, "nas", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns = map[string]int{}
	for i, c := range all[0] {
		columns[c] = i
	}
	return columns, all[1:]
}

func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryNetworkOfNASBenchMacroHasTheParamsAndMACsOfTheTable(t *testing.T) {
	columns, rows := table(t, "nas_bench_macro_cifar10.csv.gz")
	s := made(t)(space.NBMacro(space.NBMacroOptions{}))
	for _, row := range rows {
		a, err := s.Parse(row[columns["arch"]])
		if err != nil {
			t.Fatal(err)
		}
		choices := a.Choices()
		_, cost, err := follow(s.Root(), space.Env{}, s.Input(), &choices)
		want := network.Cost{Params: number(t, row[columns["params"]]), MACs: number(t, row[columns["flops"]])}
		if err != nil || cost != want {
			t.Fatalf("%s costs %v, the table says %v; %v", row[columns["arch"]], cost, want, err)
		}
	}
	if len(rows) != count(s) {
		t.Errorf("the table has %d rows, the space %d architectures", len(rows), count(s))
	}
}

func TestEveryTwentiethNetworkOfNASBench201HasTheParamsOfTheTable(t *testing.T) {
	columns, rows := table(t, "nb201_cifar10.csv.gz")
	s := made(t)(space.NB201(space.NB201Options{}))
	for i := 0; i < len(rows); i += 20 {
		text := rows[i][columns["arch"]]
		a, err := s.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		if want := number(t, rows[i][columns["params"]]); g.Params() != want {
			t.Fatalf("%s has %d params, the table says %d", text, g.Params(), want)
		}
		if s.Format(a) != text {
			t.Fatalf("%s is written %s", text, s.Format(a))
		}
	}
	if len(rows) != 15_625 {
		t.Errorf("the table has %d rows", len(rows))
	}
}

func TestMobileStaysSmallOnSmallImages(t *testing.T) {
	s, err := space.Open("../examples/spaces/mobile28.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	largest, err := s.Derive(func(d space.Decision) int { return len(d.Options) - 1 })
	if err != nil {
		t.Fatal(err)
	}
	g, err := s.Network(largest)
	if err != nil {
		t.Fatal(err)
	}
	if g.Params() > 150_000 {
		t.Errorf("the largest network has %d params", g.Params())
	}
	t.Logf("the largest network: %v", g.Cost())
}

func TestOptionsOutOfRangeAreNamed(t *testing.T) {
	for want, make := range map[string]func() (*space.Space, error){
		"channels: -1 is out of range; it must be from 1 to 4096": func() (*space.Space, error) { return space.NB201(space.NB201Options{Channels: -1}) },
		"input: height and width of 30x30x3 must be divisible by 4": func() (*space.Space, error) {
			return space.NB201(space.NB201Options{Input: network.Shape{H: 30, W: 30, C: 3}})
		},
		"layers[1]: 0 is out of range; it must be from 1 to 100": func() (*space.Space, error) { return space.NBMacro(space.NBMacroOptions{Layers: []int{1, 0}}) },
		"stages: there must be at least one stage":               func() (*space.Space, error) { return space.Chain(space.ChainOptions{Stages: []space.ChainStage{}}) },
		"stages[0].width: 0 is out of range; it must be from 1 to 65536": func() (*space.Space, error) {
			return space.Chain(space.ChainOptions{Stem: 4, Stages: []space.ChainStage{{Layers: 1}}})
		},
		`connect: "ring" is unknown; there are sequential, skip and dense`: func() (*space.Space, error) { return space.Chain(space.ChainOptions{Connect: "ring"}) },
		"kernel[1]: kernel is 4; it must be an odd number from 1 to 31":    func() (*space.Space, error) { return space.Mobile(space.MobileOptions{Kernel: []int{3, 4}}) },
		"act[0]: act \"rely\" is unknown; the nearest is \"relu\" (of none, relu, relu6, hswish, silu, sigmoid, hsigmoid, tanh, gelu)": func() (*space.Space, error) {
			return space.Mobile(space.MobileOptions{Act: []string{"rely"}})
		},
		"dropout: 1 is out of range; it must be from 0 to 0.95": func() (*space.Space, error) { return space.Mobile(space.MobileOptions{Dropout: 1}) },
		"stages[1].act: act is decided for the whole network, so every stage must have the same list": func() (*space.Space, error) {
			return space.Mobile(space.MobileOptions{Stages: []space.MobileStage{{Width: []int{4}}, {Width: []int{4}, Act: []string{"silu"}}}})
		},
		"depth[1]: 0 is out of range; it must be from 1 to 1000":       func() (*space.Space, error) { return space.OFA(space.OFAOptions{Depth: []int{2, 0}}) },
		"multiplier: 9 is out of range; it must be from 0.1 to 8":      func() (*space.Space, error) { return space.OFA(space.OFAOptions{Multiplier: 9}) },
		"expand[1]: expand is 20; it must be a number from 0.25 to 16": func() (*space.Space, error) { return space.OFA(space.OFAOptions{Expand: []float64{3, 20}}) },
		"stem: 17 is out of range; it must be from 1 to 16":            func() (*space.Space, error) { return space.DARTS(space.DARTSOptions{Stem: 17}) },
		"ratio: 2 is out of range; it must be from 0.015625 to 1":      func() (*space.Space, error) { return space.ResNet(space.ResNetOptions{Ratio: 2}) },
		"channels: 5000 is out of range; it must be from 1 to 4096":    func() (*space.Space, error) { return space.ENASMacro(space.ENASOptions{Channels: 5000}) },
		`op[0]: "convs" is unknown; the nearest is "conv" (of conv, sepconv, mbconv)`: func() (*space.Space, error) {
			return space.EfficientNetStages(space.EfficientNetOptions{Op: []string{"convs"}})
		},
		`decide.se: "layer" is unknown; there are block, stage and network`: func() (*space.Space, error) {
			return space.Mobile(space.MobileOptions{Decide: space.MobileLevels{SE: "layer"}})
		},
	} {
		if _, err := make(); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
