package score

import (
	"math"

	"github.com/trellis-nas/trellis/device"
	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/space"
)

// CostFormat is the format of cost files that this version reads.
const CostFormat = 1

// Latency is the name of the metric of a cost file that gives none.
const Latency lattice.Metric = "latency"

// The unit and the bin of a cost file that gives none.
const (
	defaultUnit = "ms"
	defaultBin  = 0.01
)

// Costs are a cost model as a file has it.
type Costs struct {
	lattice.CostModel

	// Guesses are the operators of the space that no row of the file's table is about, where the table says what is done then.
	Guesses []device.Guess
}

// OpenCosts reads the cost file at path, or the table of operators if it is a CSV file; see [ParseCosts].
func OpenCosts(path string, l *lattice.Lattice) (Costs, error) {
	return ReadCosts(path, l, func(path string) ([]byte, error) {
		if device.IsCSV(path) {
			return device.OpenTable(path)
		}
		return files.Read(path, "cost file")
	})
}

// ReadCosts is [OpenCosts] with a way of opening: of the file itself, and of the table of operators that it may refer to.
func ReadCosts(path string, l *lattice.Lattice, open device.Opener) (Costs, error) {
	if device.IsCSV(path) {
		t, err := device.ReadCSV(path, open)
		if err != nil {
			return Costs{}, err
		}
		return byTable(lattice.CostModel{Metric: Latency, Unit: defaultUnit, Bin: defaultBin}, t, l)
	}
	text, err := open(path)
	if err != nil {
		return Costs{}, err
	}
	return parseCosts(path, text, l, open)
}

// ParseCosts reads a cost file, which docs/formats/cost-file.md describes, for the space of a lattice. file is its name in errors. A
// decision or an option that the space does not have is a mistake with its place and the nearest that it has. An operator of the space
// that a table has no row for is a [*device.MissingError], unless the file says what it costs then.
func ParseCosts(file string, text []byte, l *lattice.Lattice) (Costs, error) {
	return parseCosts(file, text, l, device.OpenTable)
}

func parseCosts(file string, text []byte, l *lattice.Lattice, open device.Opener) (Costs, error) {
	doc := strict.Parse(file, text)
	m := doc.Root().Map("trellis-cost", "metric", "unit", "bin", "round", "offset", "costs", "operators")
	if v := m.Need("trellis-cost"); v.Int(CostFormat, 1, math.MaxInt32) != CostFormat {
		v.Fail("this cost file has format %s, and this trellis reads format %d", v.Text(""), CostFormat)
	}
	p := lattice.CostModel{Metric: lattice.Metric(m.Get("metric").Text(string(Latency))), Unit: m.Get("unit").Text(defaultUnit), Bin: m.Get("bin").Float(defaultBin, 1e-9, maxScore)}
	if v := m.Get("metric"); p.Metric.Named() {
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
			return Costs{}, doc.Err()
		}
		if err != nil {
			return Costs{}, err
		}
		return byTable(p, t, l)
	}
	of := readRules(l, m.Need("costs").AnyMap(), maxScore)
	offset := p.Offset
	p.Of = func(s lattice.Step) float64 {
		if s.Fixed {
			return offset
		}
		return of[s.Decision][s.Option]
	}
	return Costs{CostModel: p}, doc.Err()
}

// byTable returns a cost model with what operators cost by a table. An operator that the table has no row for is harmless where no
// architecture of the space has it, which is counted only for such operators.
func byTable(p lattice.CostModel, t *device.Table, l *lattice.Lattice) (Costs, error) {
	operators, err := l.CandidateOperators()
	if err != nil {
		return Costs{}, err
	}
	unknown, err := t.Unknown(operators)
	if err != nil {
		return Costs{}, err
	}
	uses, err := l.UsesOf(unknown)
	if err != nil {
		return Costs{}, err
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
	p.OfOperator = costs.Of
	return Costs{CostModel: p, Guesses: costs.Guesses}, err
}
