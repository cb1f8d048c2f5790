package space

import (
	"fmt"
	"math"

	"github.com/trellis-nas/trellis/network"
)

// Attr is an attribute of a [Block]: a constant ([Of]), the value of a variable of a surrounding [Let] ([Var]) or the number of input
// channels ([In]), the latter two times a factor if wanted. The zero Attr stands for the default of its [Field].
type Attr struct {
	source attrSource
	value  Value
	name   string
	factor float64
}

type attrSource uint8

const (
	unset attrSource = iota
	constant
	variable
	channels
)

// Of returns a constant attribute.
func Of[T Scalar](v T) Attr { return OfValue(ValueOf(v)) }

// OfValue returns a constant attribute.
func OfValue(v Value) Attr { return Attr{source: constant, value: v} }

// Var returns the attribute that has the value of a variable.
func Var(name string) Attr { return Attr{source: variable, name: name, factor: 1} }

// In returns the attribute that is the number of channels of the tensor that comes in.
func In() Attr { return Attr{source: channels, factor: 1} }

// Times returns the attribute multiplied by factor. Where a whole number is wanted, the product is rounded to the nearest one, and to 1
// at least. A constant cannot be multiplied, and stays as it is.
func (a Attr) Times(factor float64) Attr {
	if a.source != constant {
		a.factor *= factor
	}
	return a
}

// Variable returns the name of the variable the attribute refers to, if it does.
func (a Attr) Variable() (name string, ok bool) { return a.name, a.source == variable }

// String returns the attribute as it is written in a space file: "16", "$width", "$width*2", "in" or "in*0.5".
func (a Attr) String() string {
	var base string
	switch a.source {
	case unset:
		return "default"
	case constant:
		return a.value.String()
	case variable:
		base = "$" + a.name
	case channels:
		base = "in"
	}
	if a.factor == 1 {
		return base
	}
	return base + "*" + ValueOf(a.factor).String()
}

// resolve returns the value of the attribute under env for a tensor of shape in. The attribute must not be unset.
func (a Attr) resolve(env Env, in network.Shape) (Value, error) {
	v := a.value
	switch a.source {
	case variable:
		var ok bool
		if v, ok = env.Value(a.name); !ok {
			return Value{}, fmt.Errorf("variable $%s is not bound", a.name)
		}
	case channels:
		v = ValueOf(in.C)
	case constant:
		return v, nil
	}
	return a.scale(v)
}

// scale applies the factor to a value of the attribute's source.
func (a Attr) scale(v Value) (Value, error) {
	if a.factor == 1 {
		return v, nil
	}
	n, ok := v.Number()
	if !ok {
		return Value{}, fmt.Errorf("%v cannot be multiplied, because $%s is %v", a, a.name, v)
	}
	return ValueOf(n * a.factor), nil
}

// whole rounds a scaled number where a whole one is wanted.
func (a Attr) whole(v Value) Value {
	if n, ok := v.Number(); ok && a.factor != 1 && (a.source == variable || a.source == channels) {
		return ValueOf(math.Max(1, math.Round(n)))
	}
	return v
}
