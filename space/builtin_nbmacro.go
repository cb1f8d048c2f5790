package space

import (
	"fmt"
	"strings"

	"github.com/trellis-nas/trellis/network"
)

// NBMacroOptions are the options of [NBMacro]. The zero value is the benchmark itself, on CIFAR-10.
type NBMacroOptions struct {
	Name     string        // default "nb-macro"
	Input    network.Shape // default 32x32x3
	Classes  int           // default 10
	Channels int           // of the stem, 1 to 4096; every stage doubles them; default 32
	Layers   []int         // in each stage, 1 to 100; default 2, 3, 3
	Width    int           // of the last convolution, 1 to 65536; default 1280
}

// NBMacro returns the space of NAS-Bench-Macro (Su et al. 2021): eight layers, each an identity (0) or the inverted residual with kernel 3
// and expansion 3 (1) or with kernel 5 and expansion 6 (2); 3⁸ = 6,561 architectures. The first layer of each stage has stride 2 and
// doubles the channels; there the identity is a pointwise convolution. The text form is the benchmark's own, as "22212220".
func NBMacro(o NBMacroOptions) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	nodes := []Node{&Scope{"stem", LeafOf(&Conv{Out: Of(o.Channels)})}}
	layer := 0
	for _, layers := range o.Layers {
		for i := range layers {
			layer++
			out, stride := In(), 1
			if i == 0 {
				out, stride = In().Times(2), 2
			}
			name := fmt.Sprintf("layer%d", layer)
			nodes = append(nodes, &Scope{name, &Choice{Name: "op", Options: []Option{
				{"0", LeafOf(&Shortcut{Out: out, Stride: Of(stride)})},
				{"1", LeafOf(&MBConv{Out: out, Stride: Of(stride), Kernel: Of(3), Expand: Of(3)})},
				{"2", LeafOf(&MBConv{Out: out, Stride: Of(stride), Kernel: Of(5), Expand: Of(6)})},
			}}})
		}
	}
	nodes = append(nodes, &Scope{"head", LeafOf(&Head{Width: Of(o.Width)})})
	return New(o.Name, o.Input, &Seq{nodes}, Classes(o.Classes), Template(strings.Repeat("{}", layer)))
}

func (o *NBMacroOptions) schema() schema {
	layers := wholesOption("layers", &o.Layers, []int{2, 3, 3}, "layers in each stage").within("1 to 4 stages of 1 to 100 layers")
	s := common(&o.Name, "nb-macro", &o.Input, &o.Classes,
		wholeOption("channels", &o.Channels, 1, 4096, 32, "channels of the stem; every stage doubles them"),
		layers,
		wholeOption("width", &o.Width, 1, maxWidth, 1280, "channels of the last convolution"),
	)
	s.check = func(c *optionChecks) {
		if len(o.Layers) < 1 || len(o.Layers) > 4 {
			c.fail("layers", "there are %d stages; there must be 1 to 4", len(o.Layers))
		}
		for i, layers := range o.Layers {
			c.between(indexed("layers", i), layers, 1, 100)
		}
	}
	return s
}
