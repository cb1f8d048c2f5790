package space

import "strconv"

// Value is what a variable holds or an attribute is: a number, a text or a truth value. Values are comparable with ==; the zero Value
// is none of the three.
type Value struct {
	kind valueKind
	num  float64
	text string
}

type valueKind uint8

const (
	noValue valueKind = iota
	numberValue
	textValue
	boolValue
)

// Scalar lists the Go types that a Value holds.
type Scalar interface{ int | float64 | string | bool }

// ValueOf returns v as a Value.
func ValueOf[T Scalar](v T) Value {
	switch v := any(v).(type) {
	case int:
		return Value{kind: numberValue, num: float64(v)}
	case float64:
		return Value{kind: numberValue, num: v}
	case string:
		return Value{kind: textValue, text: v}
	case bool:
		if v {
			return Value{kind: boolValue, num: 1}
		}
	}
	return Value{kind: boolValue}
}

// Values returns all of v as Values, for [Let].
func Values[T Scalar](v ...T) []Value {
	out := make([]Value, len(v))
	for i, x := range v {
		out[i] = ValueOf(x)
	}
	return out
}

// Number returns the number, if it is one.
func (v Value) Number() (float64, bool) { return v.num, v.kind == numberValue }

// Bool returns the truth value, if it is one.
func (v Value) Bool() (value, ok bool) { return v.num == 1, v.kind == boolValue }

// Text returns the text, if it is one.
func (v Value) Text() (string, bool) { return v.text, v.kind == textValue }

// Scalar returns the value as a Go value: a float64, a string or a bool, or nil.
func (v Value) Scalar() any {
	switch v.kind {
	case numberValue:
		return v.num
	case textValue:
		return v.text
	case boolValue:
		return v.num == 1
	}
	return nil
}

// String returns the value as it is written in a space file, as "16", "1.5", "relu" or "true".
func (v Value) String() string {
	switch v.kind {
	case numberValue:
		return strconv.FormatFloat(v.num, 'g', -1, 64)
	case textValue:
		return v.text
	case boolValue:
		return strconv.FormatBool(v.num == 1)
	}
	return "nothing"
}

// quoted returns the value for an error sentence, in which a text must not look like a number.
func (v Value) quoted() string {
	if v.kind == textValue {
		return strconv.Quote(v.text)
	}
	return v.String()
}
