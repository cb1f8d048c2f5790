package lattice

import (
	"math"

	"github.com/trellis-nas/trellis/internal/strict"
)

// CostFormat is the format of cost files that this version reads.
const CostFormat = 1

// Latency is the name of the metric of a cost file that gives none.
const Latency Metric = "latency"

// OpenPrice reads the cost file at path; see [ParsePrice].
func OpenPrice(path string, l *Lattice) (Price, error) {
	text, err := readFile(path, "cost file")
	if err != nil {
		return Price{}, err
	}
	return ParsePrice(path, text, l)
}

// ParsePrice reads a cost file, which docs/formats/cost-file.md describes, for the space of a lattice. file is its name in errors. A
// decision or an option that the space does not have is a mistake with its place and the nearest that it has.
func ParsePrice(file string, text []byte, l *Lattice) (Price, error) {
	doc := strict.Parse(file, text)
	m := doc.Root().Map("trellis-cost", "metric", "unit", "bin", "round", "offset", "costs")
	if v := m.Need("trellis-cost"); v.Int(CostFormat, 1, math.MaxInt32) != CostFormat {
		v.Fail("this cost file has format %s, and this trellis reads format %d", v.Text(""), CostFormat)
	}
	p := Price{Metric: Metric(m.Get("metric").Text(string(Latency))), Unit: m.Get("unit").Text("ms"), Bin: m.Get("bin").Float(0.01, 1e-9, maxScore)}
	if v := m.Get("metric"); p.Metric == Depth || p.Metric == Memory || p.Metric == Params || p.Metric == MACs {
		v.Fail("every space has a metric %q already; choose another name", string(p.Metric))
	}
	p.Down = m.Get("round").Word("up", "up", "down") == "down"
	offset := m.Get("offset").Float(0, 0, maxScore)
	of := l.readRules(m.Need("costs").AnyMap(), maxScore)
	p.Of = func(s Step) float64 {
		if s.Fixed {
			return offset
		}
		return of[s.Decision][s.Option]
	}
	return p, doc.Err()
}
