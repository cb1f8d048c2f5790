package space

import (
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/trellis-nas/trellis/internal/strict"
)

// value reads a number, a truth value or a text; a number in quotes is a text.
func (r *reader) value(v strict.Value) Value {
	if !v.Given() {
		v.Fail("a value is missing here")
		return Value{}
	}
	text := v.Text("")
	switch n := v.Node().(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) {
			return ValueOf(f + 0) // + 0 turns a negative zero into zero
		}
		v.Fail("%s is no number that is understood here; write it in decimals", text)
		return Value{}
	case *ast.BoolNode:
		return ValueOf(n.Value)
	}
	return ValueOf(text)
}

// attr reads an attribute: a constant, $variable, $variable*2, in or in*2.
func (r *reader) attr(v strict.Value, f Field) Attr {
	value := r.value(v)
	text, ok := value.Text()
	if !ok {
		return OfValue(value)
	}
	base, factor, scaled := strings.Cut(text, "*")
	numeric := f.Type == Whole || f.Type == Real
	var a Attr
	switch {
	case strings.HasPrefix(base, "$"):
		a = Var(base[1:])
	case base == "in" && numeric:
		a = In()
	default:
		return OfValue(value)
	}
	if !scaled {
		return a
	}
	by, err := strconv.ParseFloat(factor, 64)
	if err != nil || !(by > 0) || math.IsInf(by, 0) {
		v.Fail("%s is %q; a factor is a number above 0, as in %s*2", f.Name, text, base)
		return a
	}
	return a.Times(by)
}
