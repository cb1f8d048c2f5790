package device

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/space"
)

// Measured is an operator and what running it took, in milliseconds, in the fastest of some rounds: other programs can only slow one down.
type Measured struct {
	Operator                space.Operator
	Median, Mean, Deviation float64
	Count                   int // of samples
	Rounds                  int
}

// With returns what is known after a further round.
func (m Measured) With(round Measured) Measured {
	if m.Rounds > 0 && m.Median <= round.Median {
		m.Rounds++
		return m
	}
	round.Rounds = m.Rounds + 1
	return round
}

// CostFile returns the text of a cost file with a row for every operator that was measured, whose median counts. Remarks stand at its top.
func CostFile(measured []Measured, remarks ...string) []byte {
	var b bytes.Buffer
	for _, r := range remarks {
		fmt.Fprintf(&b, "# %s\n", r)
	}
	fmt.Fprintf(&b, "trellis-cost: 1\nmetric: latency\nunit: ms\nbin: %s\noperators:\n  value: median\n", decimal(fineBin(measured)))
	if len(measured) == 0 {
		b.WriteString("  rows: []\n")
		return b.Bytes()
	}
	b.WriteString("  rows:\n")
	for _, m := range measured {
		fmt.Fprintf(&b, "    - {%s, median: %s, mean: %s, deviation: %s, count: %d, rounds: %d}\n",
			strings.Join(written(m.Operator), ", "), decimal(m.Median), decimal(m.Mean), decimal(m.Deviation), m.Count, m.Rounds)
	}
	return b.Bytes()
}

// written returns the features of an operator as a row has them.
func written(o space.Operator) []string {
	out := []string{"block: " + o.Block, "in: " + o.In.String(), "out: " + o.Out.String()}
	for _, a := range o.Attrs {
		out = append(out, a.Name+": "+a.Value.String())
	}
	return out
}

// decimal writes a number with six digits that count.
func decimal(x float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	if err != nil {
		short = x
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// fineBin returns the power of ten at or below a hundredth of the middle cost, so that rounding hardly counts.
func fineBin(measured []Measured) float64 {
	var costs []float64
	for _, m := range measured {
		if m.Median > 0 {
			costs = append(costs, m.Median)
		}
	}
	if len(costs) == 0 {
		return 0.001
	}
	slices.Sort(costs)
	return math.Pow10(int(math.Floor(math.Log10(costs[len(costs)/2] / 100))))
}

// ReadMeasured returns what a text of [CostFile] says about operators, in their order; what it does not have is left out. file is the name
// of the text in errors.
func ReadMeasured(file string, text []byte, operators []space.Operator) ([]Measured, error) {
	doc := strict.Parse(file, text)
	section := doc.Root().Map("trellis-cost", "metric", "unit", "bin", "operators").Need("operators").Map("value", "rows")
	known := map[string]Measured{}
	l := layout{value: section.Get("value").Text(defaultValue)}
	for _, v := range section.Need("rows").List() {
		r, m := l.row(file, v), v.AnyMap()
		known[r.String()] = Measured{
			Median: r.cost, Mean: m.Get("mean").Float(0, 0, maxCost), Deviation: m.Get("deviation").Float(0, 0, maxCost),
			Count: int(m.Get("count").Int(0, 0, math.MaxInt32)), Rounds: int(m.Get("rounds").Int(1, 1, math.MaxInt32)),
		}
	}
	var out []Measured
	for _, o := range operators {
		if m, ok := known[rowOf(o).String()]; ok {
			m.Operator = o
			out = append(out, m)
		}
	}
	return out, doc.Err()
}

// rowOf returns the row that is about an operator alone.
func rowOf(o space.Operator) *row {
	r := &row{features: []feature{{"block", o.Block}, {"in", o.In.String()}, {"out", o.Out.String()}}}
	for _, a := range o.Attrs {
		r.features = append(r.features, feature{a.Name, a.Value.String()})
	}
	r.sort()
	return r
}
