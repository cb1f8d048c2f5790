package space

import "github.com/trellis-nas/trellis/network"

// Ranges of attributes. They are wider than any sensible network and keep arithmetic far from overflow.
const (
	maxWidth  = 1 << 16
	maxKernel = 31
	maxStride = 16
)

// The fields that many blocks have.

// outName is the attribute that says how many channels come out.
const outName = "out"

func outField(a *Attr) Field {
	return Field{Name: outName, Attr: a, Type: Whole, Min: 1, Max: maxWidth, Default: In()}
}

func kernelField(a *Attr) Field {
	return Field{Name: "kernel", Attr: a, Type: Whole, Min: 1, Max: maxKernel, Odd: true, Default: Of(3)}
}

// windowField is the kernel of a block that may do without padding; where it certainly has some, the kernel must be odd.
func windowField(a, valid *Attr) Field {
	f := kernelField(a)
	f.Odd = valid.source == unset || *valid == Of(false)
	return f
}

func strideField(a *Attr) Field {
	return Field{Name: "stride", Attr: a, Type: Whole, Min: 1, Max: maxStride, Default: Of(1)}
}

func dilationField(a *Attr) Field {
	return Field{Name: "dilation", Attr: a, Type: Whole, Min: 1, Max: maxStride, Default: Of(1)}
}

func flagField(name string, a *Attr, absent bool) Field {
	return Field{Name: name, Attr: a, Type: Flag, Default: Of(absent)}
}

// actWords are the activation functions of package network, and none.
var actWords = []string{"none", "relu", "relu6", "hswish", "silu", "sigmoid", "hsigmoid", "tanh", "gelu"}

func actField(a *Attr, absent string) Field {
	return Field{Name: "act", Attr: a, Type: Word, Words: actWords, Default: Of(absent)}
}

// rateField is a share from 0 to 1.
func rateField(name string, a *Attr, most float64) Field {
	return Field{Name: name, Attr: a, Type: Real, Min: 0, Max: most, Default: Of(0.0)}
}

// site is a place in a network where a block is being built: the arguments of the block and the tensor so far. As with Builder, calls after a
// mistake are harmless.
type site struct {
	b    *network.Builder
	x    network.Ref
	args arguments
}

// begin resolves the attributes of a block and returns the site on top of x. If that fails, the builder holds the error, and nothing is added.
func begin(block Block, b *network.Builder, x network.Ref, env Env) site {
	args, err := resolve(block, env, b.Shape(x))
	if b.Err() == nil && err != nil {
		b.Fail(err)
	}
	return site{b, x, args}
}

func (s *site) add(op network.Op) {
	s.x = s.b.Add(op, s.x)
}

func (s *site) act(name string) {
	if name == "none" {
		return
	}
	f, err := network.ParseActFunc(name)
	if err != nil {
		s.b.Fail(err)
		return
	}
	s.add(network.Activation{Func: f})
}

func (s *site) norm() { s.add(network.BatchNorm{}) }

func (s *site) shape() network.Shape { return s.b.Shape(s.x) }
