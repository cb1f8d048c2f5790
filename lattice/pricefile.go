package lattice

import (
	"math"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/space"
)

// CostFormat is the format of cost files that this version reads.
const CostFormat = 1

// Latency is the name of the metric of a cost file that gives none.
const Latency Metric = "latency"

// The unit and the bin of a cost file that gives none.
const (
	defaultUnit = "ms"
	defaultBin  = 0.01
)

// OpenPrice reads the cost file at path, or the table of operators if it is a CSV file; see [ParsePrice].
func OpenPrice(path string, l *Lattice) (Price, error) {
	return ReadPrice(path, l, func(path string) ([]byte, error) {
		if device.IsCSV(path) {
			return device.OpenTable(path)
		}
		return files.Read(path, "cost file")
	})
}

// ReadPrice is [OpenPrice] with a way of opening: of the file itself, and of the table of operators that it may refer to.
func ReadPrice(path string, l *Lattice, open device.Opener) (Price, error) {
	if device.IsCSV(path) {
		t, err := device.ReadCSV(path, open)
		if err != nil {
			return Price{}, err
		}
		return Price{Metric: Latency, Unit: defaultUnit, Bin: defaultBin}.by(t, l)
	}
	text, err := open(path)
	if err != nil {
		return Price{}, err
	}
	return parsePrice(path, text, l, open)
}

// ParsePrice reads a cost file, which docs/formats/cost-file.md describes, for the space of a lattice. file is its name in errors. A
// decision or an option that the space does not have is a mistake with its place and the nearest that it has. An operator of the space
// that a table has no row for is a [*device.MissingError], unless the file says what it costs then.
func ParsePrice(file string, text []byte, l *Lattice) (Price, error) {
	return parsePrice(file, text, l, device.OpenTable)
}

func parsePrice(file string, text []byte, l *Lattice, open device.Opener) (Price, error) {
	doc := strict.Parse(file, text)
	m := doc.Root().Map("trellis-cost", "metric", "unit", "bin", "round", "offset", "costs", "operators")
	if v := m.Need("trellis-cost"); v.Int(CostFormat, 1, math.MaxInt32) != CostFormat {
		v.Fail("this cost file has format %s, and this trellis reads format %d", v.Text(""), CostFormat)
	}
	p := Price{Metric: Metric(m.Get("metric").Text(string(Latency))), Unit: m.Get("unit").Text(defaultUnit), Bin: m.Get("bin").Float(defaultBin, 1e-9, maxScore)}
	if v := m.Get("metric"); p.Metric == Depth || p.Metric == Memory || p.Metric == Params || p.Metric == MACs {
		v.Fail("every space has a metric %q already; choose another name", string(p.Metric))
	}
	p.Down = m.Get("round").Word("up", "up", "down") == "down"
	p.Offset = m.Get("offset").Float(0, 0, maxScore)
	if v := m.Get("operators"); v.Given() {
		if m.Get("costs").Given() {
			m.KeyValue("costs").Fail("there are costs of options and costs of operators; a file has one of them")
		}
		t, err := device.Read(file, v, open)
		if doc.Err() != nil {
			return Price{}, doc.Err()
		}
		if err != nil {
			return Price{}, err
		}
		return p.by(t, l)
	}
	of := l.readRules(m.Need("costs").AnyMap(), maxScore)
	offset := p.Offset
	p.Of = func(s Step) float64 {
		if s.Fixed {
			return offset
		}
		return of[s.Decision][s.Option]
	}
	return p, doc.Err()
}

// by returns the price by a table for the operators of the space. Whether an operator without a row is one of any architecture is only
// counted where there is such an operator.
func (p Price) by(t *device.Table, l *Lattice) (Price, error) {
	operators, err := l.met()
	if err != nil {
		return Price{}, err
	}
	unknown, err := t.Unknown(operators)
	if err != nil {
		return Price{}, err
	}
	uses, err := l.uses(unknown)
	if err != nil {
		return Price{}, err
	}
	unused := map[string]bool{}
	for _, u := range uses {
		unused[u.Operator.Key()] = u.In.Sign() == 0
	}
	var needed []space.Operator
	for _, o := range operators {
		if !unused[o.Key()] {
			needed = append(needed, o)
		}
	}
	costs, err := t.Costs(needed)
	p.OfOperator, p.Guesses = costs.Of, costs.Guesses
	return p, err
}
