package strict

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

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
	n, ok := Count(text)
	switch {
	case !given:
	case !ok && TooLarge(text):
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

// Count reads a whole number as a person writes it: "1500", "1_500", "100k", "1.5M", where k, M, G and T are powers of a
// thousand. It reports false for anything else.
func Count(text string) (int64, bool) {
	scale := int64(1)
	digits := strings.ReplaceAll(text, "_", "")
	if digits != "" {
		if i := strings.IndexByte("kMGT", digits[len(digits)-1]); i >= 0 {
			digits = digits[:len(digits)-1]
			for range i + 1 {
				scale *= 1000
			}
		}
	}
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		if n > math.MaxInt64/scale || n < math.MinInt64/scale {
			return 0, false
		}
		return n * scale, true
	}
	if strings.Trim(digits, "0123456789.") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(digits, 64)
	if f *= float64(scale); err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// TooLarge tells a count that Count refuses for its size alone.
func TooLarge(text string) bool {
	digits := strings.TrimRight(text, "kMGT")
	return len(text)-len(digits) <= 1 && strings.ContainsAny(digits, "0123456789") && strings.Trim(digits, "0123456789_") == ""
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
