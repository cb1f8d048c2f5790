package space

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/network"
)

// Block is a fixed little network with attributes. Blocks are pointers to structs and must not be changed once they are part of a Space.
type Block interface {
	// Kind returns the name of the block in space files, as "mbconv".
	Kind() string
	// Fields returns a description of every attribute.
	Fields() []Field
	// Build appends the block to b on top of x and returns its output. It may return x itself. Mistakes are reported to b by Fail. It
	// must depend on env, the shape of x and the attributes only.
	Build(b *network.Builder, x network.Ref, env Env) network.Ref
}

// Field describes an attribute of a block: its name in space files, where it is stored, and what it may be.
type Field struct {
	Name     string
	Attr     *Attr
	Type     FieldType
	Min, Max float64  // of Whole and Real, inclusive
	Odd      bool     // of Whole: even numbers are refused
	Words    []string // that a Word may be
	Default  Attr     // of an unset attribute; itself unset when the attribute must be given
}

// FieldType is the type of an attribute.
type FieldType uint8

const (
	Whole FieldType = iota // a whole number
	Real                   // a number
	Flag                   // true or false
	Word                   // one of a list of words
)

// attr returns the attribute, or its default if it is unset.
func (f Field) attr() Attr {
	if f.Attr.source == unset {
		return f.Default
	}
	return *f.Attr
}

// check returns an error unless v may be the value of the field.
func (f Field) check(v Value) error {
	switch f.Type {
	case Whole, Real:
		n, ok := v.Number()
		if !ok || f.Type == Whole && n != math.Trunc(n) || !(n >= f.Min && n <= f.Max) || f.Odd && math.Mod(n, 2) == 0 {
			return fmt.Errorf("%s is %s; it must be %s", f.Name, v.quoted(), f.allowed())
		}
	case Flag:
		if _, ok := v.Bool(); !ok {
			return fmt.Errorf("%s is %s; it must be %s", f.Name, v.quoted(), f.allowed())
		}
	case Word:
		text, ok := v.Text()
		if !ok {
			return fmt.Errorf("%s is %v; it must be %s", f.Name, v, f.allowed())
		}
		if !slices.Contains(f.Words, text) {
			return fmt.Errorf("%s %q is unknown; %s", f.Name, text, nearest.Advice(text, f.Words))
		}
	}
	return nil
}

// allowed describes the values a field takes.
func (f Field) allowed() string {
	switch f.Type {
	case Whole:
		if f.Odd {
			return fmt.Sprintf("an odd number from %v to %v", ValueOf(f.Min), ValueOf(f.Max))
		}
		return fmt.Sprintf("a whole number from %v to %v", ValueOf(f.Min), ValueOf(f.Max))
	case Real:
		return fmt.Sprintf("a number from %v to %v", ValueOf(f.Min), ValueOf(f.Max))
	case Flag:
		return "true or false"
	}
	return "one of " + strings.Join(f.Words, ", ")
}

// arguments are the resolved attributes of a block.
type arguments map[string]Value

// resolve returns the values of all attributes of a block for a tensor of shape in.
func resolve(block Block, env Env, in network.Shape) (arguments, error) {
	args := arguments{}
	for _, f := range block.Fields() {
		attr := f.attr()
		if attr.source == unset {
			return nil, fmt.Errorf("%s: %s is missing", block.Kind(), f.Name)
		}
		v, err := attr.resolve(env, in)
		if err == nil && f.Type == Whole {
			v = attr.whole(v)
		}
		if err == nil {
			err = f.check(v)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", block.Kind(), err)
		}
		args[f.Name] = v
	}
	return args, nil
}

func (a arguments) whole(name string) int    { return int(a[name].num) }
func (a arguments) real(name string) float64 { return a[name].num }
func (a arguments) flag(name string) bool    { return a[name].num == 1 }
func (a arguments) word(name string) string  { return a[name].text }

// Apply returns the shape that comes out of the leaf for a tensor of shape in and what it costs, taken from the little network itself.
// It depends on nothing but the free variables of the leaf and in, so it may be remembered.
func (l *Leaf) Apply(env Env, in network.Shape) (network.Shape, network.Cost, error) {
	return measure(in, func(b *network.Builder) network.Ref { return l.Block.Build(b, b.Input(), env) })
}

// Footprint returns what memory the leaf needs beside what is alive around it, for a tensor of shape in. It depends on what Apply depends on.
func (l *Leaf) Footprint(env Env, in network.Shape) (network.Footprint, error) {
	return footprint(in, func(b *network.Builder) network.Ref { return l.Block.Build(b, b.Input(), env) })
}

// footprint builds a little network and returns its footprint.
func footprint(in network.Shape, build func(b *network.Builder) network.Ref) (network.Footprint, error) {
	b := network.NewBuilder(in)
	g, err := b.Build(build(b))
	if err != nil {
		return network.Footprint{}, err
	}
	return g.Footprint(), nil
}

// measure builds a little network and returns its output shape and cost.
func measure(in network.Shape, build func(b *network.Builder) network.Ref) (network.Shape, network.Cost, error) {
	b := network.NewBuilder(in)
	g, err := b.Build(build(b))
	if err != nil {
		return network.Shape{}, network.Cost{}, err
	}
	return g.Nodes[g.Output].Shape, g.Cost(), nil
}
