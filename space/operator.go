package space

import (
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/network"
)

// Operator is a block whose attributes are known, on a tensor of a known shape: what a device runs, and what a table of a device has a
// row for. Besides blocks, the links of [Skips] are operators of the kind "adapt", and the normalisation behind them is one of the kind
// "norm". The sums and concatenations between blocks are not.
type Operator struct {
	Block   string         // the kind, as "mbconv"
	Attrs   []Named        // all attributes that matter to what the block builds but the channels it gives, and what follows from them
	In, Out network.Shape  // of one sample
	Graph   *network.Graph // the little network itself; it must not be changed
}

// Named is an attribute of an [Operator] with its value.
type Named struct {
	Name  string
	Value Value
}

// KindAdapt is the kind of the operators that the links of [Skips] are, where the tensor comes with another shape: an average pooling, a
// pointwise convolution, or both.
const KindAdapt = "adapt"

// Attr returns an attribute of the operator, if it has it.
func (o Operator) Attr(name string) (Value, bool) {
	for _, a := range o.Attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return Value{}, false
}

// Key returns a text that two operators have in common if and only if they are of the same kind with the same attributes and shapes. People
// can read it: "mbconv 56x56x24 -> 28x28x40 kernel=5 stride=2 …".
func (o Operator) Key() string {
	var b strings.Builder
	b.WriteString(o.Block + " " + o.In.String() + " -> " + o.Out.String())
	for _, a := range o.Attrs {
		b.WriteString(" " + a.Name + "=" + a.Value.String())
	}
	return b.String()
}

// String returns the key.
func (o Operator) String() string { return o.Key() }

// Idle reports whether the operator does nothing at inference: it gives its input, perhaps read as a vector, as an identity and a dropout do.
func (o Operator) Idle() bool {
	for _, n := range o.Graph.Nodes {
		switch n.Op.(type) {
		case network.Input, network.Identity, network.Dropout, network.Flatten:
		default:
			return false
		}
	}
	return true
}

// describer is a block that knows more about itself than its attributes: it returns them without those that do not matter under the others,
// and with what follows from them.
type describer interface {
	describe(args arguments, in network.Shape, attrs []Named) []Named
}

// Operator returns what the leaf is under env for a tensor of shape in; an error says why it cannot be built.
func (l *Leaf) Operator(env Env, in network.Shape) (Operator, error) {
	o, err := operator(l.Block.Kind(), in, func(b *network.Builder) network.Ref { return l.Block.Build(b, b.Input(), env) })
	if err != nil {
		return Operator{}, err
	}
	args, err := resolve(l.Block, env, in)
	if err != nil {
		return Operator{}, err
	}
	for _, f := range l.Block.Fields() {
		if f.Name != outName { // that is the shape
			o.Attrs = append(o.Attrs, Named{f.Name, args[f.Name]})
		}
	}
	if d, ok := l.Block.(describer); ok {
		o.Attrs = d.describe(args, in, o.Attrs)
	}
	return o, nil
}

// AdaptOperator returns the link of [Skips] that brings a tensor to another shape; see [AdaptCost].
func AdaptOperator(from, to network.Shape) (Operator, error) {
	o, err := operator(KindAdapt, from, func(b *network.Builder) network.Ref { return adapt(b, b.Input(), to) })
	if err == nil && o.Out != to {
		err = adaptError(from, to)
	}
	return o, err
}

// NormOperator returns the batch normalisation that ends every layer of a [Skips] but the first.
func NormOperator(shape network.Shape) (Operator, error) {
	return (&Leaf{&Norm{}}).Operator(Env{}, shape)
}

func operator(kind string, in network.Shape, build func(b *network.Builder) network.Ref) (Operator, error) {
	b := network.NewBuilder(in)
	g, err := b.Build(build(b))
	if err != nil {
		return Operator{}, err
	}
	return Operator{Block: kind, In: in, Out: g.OutputShape(), Graph: g}, nil
}

// Operators returns the operators of an architecture in the order of its derivation, as often as they occur. It is an error if a is not of
// this space.
func (s *Space) Operators(a Arch) ([]Operator, error) {
	var out []Operator
	if _, err := follow(s, lister{s.Shapes(), &out}, s.input, a, nil); err != nil {
		return nil, s.refuse(a, err)
	}
	return out, nil
}

// OperatorKinds returns the kinds of operators: those of all blocks, and [KindAdapt].
func OperatorKinds() []string {
	var out []string
	for _, b := range allBlocks() {
		out = append(out, b.Kind())
	}
	return append(out, KindAdapt)
}

// OperatorAttrs returns the names of the attributes that operators may have, each once.
func OperatorAttrs() []string {
	var out []string
	add := func(name string) {
		if name != outName && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, b := range allBlocks() {
		for _, f := range b.Fields() {
			add(f.Name)
		}
	}
	add(expandedName)
	add(hiddenName)
	return out
}
