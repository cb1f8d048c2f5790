package draw_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/network"
)

// gated is a network with a residual block of a squeeze-and-excite gate.
func gated(t testing.TB) *network.Graph {
	b := network.NewBuilder(network.Shape{H: 16, W: 16, C: 3})
	x := b.Add(network.Conv{Out: 16, Kernel: 3, Stride: 2}, b.Input())
	restore := b.Scope("stage1.block1")
	y := b.Add(network.Activation{Func: network.HSwish}, b.Add(network.BatchNorm{}, b.Add(network.Depthwise{Kernel: 5}, x)))
	y = b.Add(network.Add{}, x, b.SqueezeExcite(y, 4, network.HSigmoid))
	restore()
	g, err := b.Build(b.Add(network.Dense{Out: 10}, b.Add(network.GlobalAvgPool{}, y)))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func mobile(t testing.TB) *network.Graph {
	g, err := network.MobileNetV2Small(network.Shape{H: 28, W: 28, C: 1}, 10, 1)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// texts returns the character data of all <text> elements, and fails on XML that is not well formed or holds
// identifiers.
func texts(t *testing.T, svg []byte) []string {
	t.Helper()
	if !bytes.HasPrefix(svg, []byte("<svg")) {
		t.Fatalf("the SVG begins %.40q", svg)
	}
	var out []string
	inText := false
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
			for _, a := range token.Attr {
				if a.Name.Local == "id" {
					t.Errorf("element %s has the identifier %s", token.Name.Local, a.Value)
				}
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				out = append(out, string(token))
			}
		}
	}
}

func TestADrawingTellsEveryBoxItsShapesAndShares(t *testing.T) {
	svg, err := draw.SVG(context.Background(), gated(t), network.Drawing{Title: "A & B"})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(texts(t, svg), "|") + "|"
	for _, want := range []string{
		"A & B|", "input|", "16×16×3|", "3×3 conv 16, stride 2|", "8×8×16|", "stage1.block1|", "5×5 depthwise|", "BN, h-swish|",
		"squeeze-excite 4|", "h-sigmoid|", "+|", "global avg pool|", "dense 10|", "output|", "52 % of MACs|",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the drawing lacks %q; it says %s", want, got)
		}
	}
}

func TestTheSameNetworkGivesTheSameBytesEvenInParallel(t *testing.T) {
	ctx := context.Background()
	g := mobile(t)
	var pictures [6][]byte
	var wg sync.WaitGroup
	for i := range pictures {
		wg.Go(func() {
			render := draw.SVG
			if i%2 == 1 {
				render = draw.PNG
			}
			var err error
			if pictures[i], err = render(ctx, g, network.Drawing{Title: "same"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := 2; i < len(pictures); i++ {
		if !bytes.Equal(pictures[i], pictures[i-2]) {
			t.Errorf("pictures %d and %d differ", i-2, i)
		}
	}
}

func TestAPNGShowsBoxesInTheirColoursOnWhiteAndIsNoLongerThanTwoPages(t *testing.T) {
	data, err := draw.PNG(context.Background(), mobile(t), network.Drawing{})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds()
	if size.Dx() < 600 || size.Dx() > 1700 || size.Dy() < 1000 || size.Dy() > 2400 {
		t.Errorf("the picture measures %v", size)
	}
	// Fills of the kinds that MobileNet has, and white.
	count := map[[3]uint32]int{}
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			count[[3]uint32{r >> 8, g >> 8, b >> 8}]++
		}
	}
	for name, colour := range map[string][3]uint32{
		"white": {255, 255, 255}, "convolution": {0xd9, 0xe9, 0xf5}, "depthwise": {0xe4, 0xf4, 0xfc}, "pool": {0xfd, 0xf0, 0xd5},
		"dense": {0xfb, 0xe3, 0xd6}, "merge": {0xdc, 0xf1, 0xea},
	} {
		if count[colour] < 500 {
			t.Errorf("%d pixels have the colour of %s", count[colour], name)
		}
	}
	// Edges are dark lines: were they filled shapes, there would be several times as many dark pixels.
	if dark := count[[3]uint32{0x60, 0x60, 0x60}]; dark > size.Dx()*size.Dy()/50 {
		t.Errorf("%d pixels are as dark as edges", dark)
	}
}

func TestACancelledDrawingIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := draw.SVG(ctx, gated(t), network.Drawing{}); !errors.Is(err, context.Canceled) {
		t.Errorf("SVG says %v", err)
	}
	if _, err := draw.PNG(ctx, gated(t), network.Drawing{}); !errors.Is(err, context.Canceled) {
		t.Errorf("PNG says %v", err)
	}
}
