package space

import "github.com/trellis-nas/trellis/network"

// ENASOptions are the options of [ENASMacro].
type ENASOptions struct {
	Name     string        // default "enas-macro"
	Input    network.Shape // default 32x32x3
	Classes  int           // default 10
	Channels int           // of the first third of the layers, 1 to 4096; each further third has twice as many; default 36
	Layers   int           // 1 to 100; default 12
	Dropout  float64       // before the classifier, 0 to 0.95; default 0
}

// enasOps are the six operations, in the order of the authors' program: each begins with a pointwise convolution to the channels.
func enasOps(channels int) []Option {
	after := func(nodes ...Node) Node {
		return SeqOf(append([]Node{LeafOf(&Conv{Out: Of(channels), Kernel: Of(1)})}, nodes...)...)
	}
	conv := func(kernel int) Node { return after(LeafOf(&Conv{Kernel: Of(kernel)})) }
	separable := func(kernel int) Node {
		return after(LeafOf(&Depthwise{Kernel: Of(kernel), Norm: Of(false), Act: Of("none")}), LeafOf(&Conv{Kernel: Of(1)}))
	}
	return []Option{
		{"conv_3x3", conv(3)},
		{"sep_conv_3x3", separable(3)},
		{"conv_5x5", conv(5)},
		{"sep_conv_5x5", separable(5)},
		{"avg_pool_3x3", after(LeafOf(&AvgPool{}))},
		{"max_pool_3x3", after(LeafOf(&MaxPool{}))},
	}
}

// ENASMacro returns the macro space of ENAS (Pham et al. 2018; before it, Zoph & Le 2017): a chain of layers, each with one of six
// operations and fed by any of the earlier ones besides the last (see [Skips]). With the 12 layers of the paper it has 6¹²·2⁶⁶
// architectures. After each third of the layers a factorised reduction (see [Reduction]) halves the image and doubles the channels. The
// text form is that of the authors with words for the operations: for each layer its operation and a 0 or 1 for every layer before it.
func ENASMacro(o ENASOptions) (*Space, error) {
	if err := o.schema().prepare(); err != nil {
		return nil, err
	}
	channels := o.Channels
	op := &Choice{Name: "op", Options: enasOps(channels)}
	skips := &Skips{}
	for i := range o.Layers {
		if third := o.Layers / 3; i == 0 || i != third && i != 2*third {
			skips.Layers = append(skips.Layers, op)
			continue
		}
		channels *= 2
		op = &Choice{Name: "op", Options: enasOps(channels)}
		skips.Layers = append(skips.Layers, SeqOf(LeafOf(&Reduction{Out: Of(channels), Act: Of("none")}), op))
	}
	return New(o.Name, o.Input, SeqOf(
		&Scope{"stem", LeafOf(&Conv{Out: Of(o.Channels), Act: Of("none")})},
		skips,
		&Scope{"head", LeafOf(&Head{Dropout: Of(o.Dropout)})},
	), Classes(o.Classes))
}

func (o *ENASOptions) schema() schema {
	return common(&o.Name, "enas-macro", &o.Input, &o.Classes,
		wholeOption("channels", &o.Channels, 1, 4096, 36, "channels of the first third of the layers; each further third has twice as many"),
		wholeOption("layers", &o.Layers, 1, 100, 12, "layers in the chain"),
		dropoutOption(&o.Dropout),
	)
}
