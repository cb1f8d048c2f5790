package strict

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/trellis-nas/trellis/internal/magnitude"
	"github.com/trellis-nas/trellis/internal/nearest"
)

// What is wanted, in errors.
const (
	wholeNumber = "a whole number"
	aTime       = "a time such as 90s, 20m or 1h30m"
)

// hours are a time that is understood, and may be too long.
var hours = regexp.MustCompile(`^[0-9]+(h|m|s)$`)

// Value is one value of a document: a scalar, a list or a mapping. The zero Value stands for "not there".
type Value struct {
	doc  *Doc
	node ast.Node
	what string // how errors name it: the key it stands under
}

// Given tells whether the value is there. A key whose value is left empty (null) is not.
func (v Value) Given() bool {
	if v.doc == nil || v.doc.err != nil || v.node == nil {
		return false
	}
	return v.node.Type() != ast.NullType
}

// Fail reports a mistake at this value, unless one is known already.
func (v Value) Fail(format string, args ...any) {
	if v.doc != nil {
		v.doc.fail(v.node, format, args...)
	}
}

// Position returns line and column, counted from 1.
func (v Value) Position() (line, column int) { return position(v.node) }

// Node returns the syntax tree of the value, for readers of their own.
func (v Value) Node() ast.Node { return v.node }

// IsMap tells whether the value is a mapping; IsList, whether it is a list.
func (v Value) IsMap() bool {
	if !v.Given() {
		return false
	}
	t := v.node.Type()
	return t == ast.MappingType || t == ast.MappingValueType
}

// IsList tells whether the value is a list.
func (v Value) IsList() bool { return v.Given() && v.node.Type() == ast.SequenceType }

// List returns the elements of a list; anything else is a mistake. Absent gives none.
func (v Value) List() []Value {
	if !v.Given() {
		return nil
	}
	s, ok := v.node.(*ast.SequenceNode)
	if !ok {
		such := ""
		if _, scalar := v.node.(ast.ScalarNode); scalar {
			such = fmt.Sprintf(", such as [%s]", v.node.GetToken().Value)
		}
		v.Fail("%s is %s, want a list%s", v.name(), v.found(), such)
		return nil
	}
	out := make([]Value, len(s.Values))
	for i, n := range s.Values {
		out[i] = Value{v.doc, n, v.what}
	}
	return out
}

// Text returns a scalar as it is written; lists and mappings are mistakes. Absent gives absent.
func (v Value) Text(absent string) string {
	if !v.Given() {
		return absent
	}
	text, ok := v.scalar("a word")
	if !ok {
		return absent
	}
	return text
}

// scalar returns a scalar that is there as it is written; anything else is a mistake, which says what is wanted.
func (v Value) scalar(want string) (string, bool) {
	switch n := v.node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case ast.ScalarNode:
		return n.GetToken().Value, true
	}
	v.Fail("%s is %s, want %s", v.name(), v.found(), want)
	return "", false
}

// Word returns one of the words; another one is a mistake that names the nearest.
func (v Value) Word(absent string, words ...string) string {
	text := v.Text(absent)
	if !v.Given() {
		return text
	}
	for _, w := range words {
		if w == text {
			return w
		}
	}
	v.Fail("%s %q is unknown; %s", v.name(), text, nearest.Advice(text, words))
	return absent
}

// Int returns a whole number from least to most. The suffixes k, M, G and T stand for powers of a thousand ("100k").
func (v Value) Int(absent, least, most int64) int64 {
	if !v.Given() {
		return absent
	}
	text, given := v.scalar(wholeNumber)
	n, ok := magnitude.Count(text)
	switch {
	case !given:
	case !ok && magnitude.TooLarge(text):
		v.Fail("%s is %s, want at most %d", v.name(), text, most)
	case !ok:
		v.Fail("%s is %s, want %s", v.name(), v.found(), wholeNumber)
	case n < least:
		v.Fail("%s is %s, want at least %d", v.name(), text, least)
	case n > most:
		v.Fail("%s is %s, want at most %d", v.name(), text, most)
	default:
		return n
	}
	return absent
}

// Float returns a number from least to most.
func (v Value) Float(absent, least, most float64) float64 {
	if !v.Given() {
		return absent
	}
	text, given := v.scalar("a number")
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case !given:
	case err != nil || math.IsNaN(f) || math.IsInf(f, 0):
		v.Fail("%s is %s, want a number", v.name(), v.found())
	case f < least:
		v.Fail("%s is %s, want at least %v", v.name(), text, least)
	case f > most:
		v.Fail("%s is %s, want at most %v", v.name(), text, most)
	default:
		return f
	}
	return absent
}

// Bool returns true or false.
func (v Value) Bool(absent bool) bool {
	if !v.Given() {
		return absent
	}
	if b, ok := v.node.(*ast.BoolNode); ok {
		return b.Value
	}
	v.Fail("%s is %s, want true or false", v.name(), v.found())
	return absent
}

// Duration returns a positive time such as 90s, 20m or 1h30m.
func (v Value) Duration(absent time.Duration) time.Duration {
	if !v.Given() {
		return absent
	}
	text, given := v.scalar(aTime)
	d, err := time.ParseDuration(text)
	switch {
	case !given:
	case err != nil && hours.MatchString(text):
		v.Fail("%s is %s, want at most %d hours", v.name(), text, math.MaxInt64/int64(time.Hour))
	case err != nil:
		v.Fail("%s is %s, want %s", v.name(), v.found(), aTime)
	case d <= 0:
		v.Fail("%s is %s, want more than 0s", v.name(), text)
	default:
		return d
	}
	return absent
}

// Any returns a value of any shape as encoding/json has it: numbers as they are, lists as []any, mappings as map[string]any. Absent gives nil.
func (v Value) Any() any {
	if !v.Given() {
		return nil
	}
	var out any
	if err := yaml.NodeToValue(v.node, &out); err != nil {
		v.Fail("%s cannot be read: %v", v.name(), err)
	}
	return out
}

func (v Value) name() string {
	if v.what == "" {
		return "the value"
	}
	return v.what
}

// found names what stands there instead of what was wanted.
func (v Value) found() string {
	switch v.node.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a mapping"
	case ast.SequenceType:
		return "a list"
	}
	return strconv.Quote(v.node.GetToken().Value)
}

// Err returns the first mistake of the document that the value is of, or nil.
func (v Value) Err() error {
	if v.doc == nil {
		return nil
	}
	return v.doc.err
}
