package device

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// Table says what operators cost. It is immutable and may be used from several goroutines at once.
type Table struct {
	file    string
	rows    []row
	missing Missing
}

// row is about all operators that have its features.
type row struct {
	file     string
	line     int
	features []feature // by name
	cost     float64
}

// feature is a block, a shape or an attribute, as it is written.
type feature struct{ name, text string }

// Rows returns the number of rows.
func (t *Table) Rows() int { return len(t.rows) }

// Missing returns what the table says about operators without a row.
func (t *Table) Missing() Missing { return t.missing }

// Find returns what an operator costs by the row that is about it: one all of whose features the operator has. Of several it is that with
// the most features; it is an error if two have as many and different costs. An operator that does nothing, see [space.Operator.Idle],
// costs 0 unless there is a row.
func (t *Table) Find(o space.Operator) (cost float64, ok bool, err error) {
	var best *row
	for i := range t.rows {
		r := &t.rows[i]
		if !r.about(o) {
			continue
		}
		switch {
		case best == nil || len(r.features) > len(best.features):
			best, err = r, nil
		case len(r.features) == len(best.features) && r.cost != best.cost:
			err = fmt.Errorf("%s:%d: the row is about %s, and so is that in line %d of %s, with another cost", r.file, r.line, o, best.line, best.file)
		}
	}
	if best == nil {
		return 0, o.Idle(), nil
	}
	return best.cost, err == nil, err
}

// about reports whether an operator has all features of the row.
func (r *row) about(o space.Operator) bool {
	for _, f := range r.features {
		if text, ok := featureOf(o, f.name); !ok || !same(f.text, text) {
			return false
		}
	}
	return true
}

// String returns the features as people write them.
func (r *row) String() string {
	parts := make([]string, len(r.features))
	for i, f := range r.features {
		parts[i] = f.name + "=" + f.text
	}
	return strings.Join(parts, " ")
}

// featureOf returns a feature of an operator, if it has it.
func featureOf(o space.Operator, name string) (text string, ok bool) {
	switch name {
	case "block":
		return o.Block, true
	case "in":
		return o.In.String(), true
	case "out":
		return o.Out.String(), true
	}
	if side, dimension, ok := strings.Cut(name, "_"); ok && (side == "in" || side == "out") {
		if at := slices.Index(dimensions, dimension); at >= 0 {
			s := o.In
			if side == "out" {
				s = o.Out
			}
			return strconv.Itoa([]int{s.H, s.W, s.C}[at]), true
		}
	}
	v, ok := o.Attr(name)
	return v.String(), ok
}

// dimensions of a shape, as the names of features end.
var dimensions = []string{"h", "w", "c"}

// Features returns the names that features have: block, in, out, in_h to out_c, and the attributes of all blocks.
func Features() []string {
	out := []string{"block", "in", "out"}
	for _, side := range out[1:] {
		for _, d := range dimensions {
			out = append(out, side+"_"+d)
		}
	}
	return append(out, space.OperatorAttrs()...)
}

// same reports whether two texts are the same, or the same number.
func same(a, b string) bool {
	if a == b {
		return true
	}
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err == nil && err2 == nil && x == y
}

// distance says how far an operator is from a row: a doubling of a number or of a dimension counts 1, another word or truth value 1, another
// block more than anything else.
func (r *row) distance(o space.Operator) float64 {
	const otherBlock = 1000
	sum := 0.0
	for _, f := range r.features {
		text, ok := featureOf(o, f.name)
		switch {
		case f.name == "block" && text != f.text:
			sum += otherBlock
		case !ok:
			sum++
		case f.name == "in" || f.name == "out":
			s, err := network.ParseShape(f.text)
			t, err2 := network.ParseShape(text)
			if err == nil && err2 == nil {
				sum += doublings(float64(s.H), float64(t.H)) + doublings(float64(s.W), float64(t.W)) + doublings(float64(s.C), float64(t.C))
			}
		default:
			sum += apart(f.text, text)
		}
	}
	return sum
}

// apart is the distance of two texts.
func apart(a, b string) float64 {
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	switch {
	case same(a, b):
		return 0
	case err == nil && err2 == nil:
		return doublings(x, y)
	}
	return 1
}

func doublings(a, b float64) float64 {
	if a > 0 && b > 0 {
		return math.Abs(math.Log2(a / b))
	}
	if a == b {
		return 0
	}
	return 1
}
