package train

import "strconv"

// Number is a setting that may be left to its default, for settings where 0 means something of its own. The zero Number
// is the default.
type Number struct {
	value float64
	given bool
}

// Exactly returns the Number v.
func Exactly(v float64) Number { return Number{v, true} }

// Or returns the number, or otherwise where it was left to the default.
func (n Number) Or(otherwise float64) float64 {
	if n.given {
		return n.value
	}
	return otherwise
}

// String returns the number, or "default".
func (n Number) String() string {
	if !n.given {
		return "default"
	}
	return strconv.FormatFloat(n.value, 'g', -1, 64)
}
