package trial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/network"
)

// Metric is one named number of a result. Names are lower case with underscores; the unit, where there is one, is the
// last part of the name, as in "latency_ms".
type Metric struct {
	Name  string
	Value float64
}

// Metrics is a set of metrics, ordered by name, no name twice. Treat it as immutable.
type Metrics []Metric

// NewMetrics orders the metrics by name. Of equal names the last one given counts.
func NewMetrics(ms ...Metric) Metrics {
	out := slices.Clone(ms)
	slices.SortStableFunc(out, func(a, b Metric) int { return strings.Compare(a.Name, b.Name) })
	kept := out[:0]
	for i, m := range out {
		if i+1 == len(out) || out[i+1].Name != m.Name {
			kept = append(kept, m)
		}
	}
	return kept
}

// Names of the cost metrics every evaluator that builds a network reports; see Costs.
const (
	Params = "params" // trainable parameters
	MACs   = "macs"   // multiply-accumulates of one forward pass of one sample
	Memory = "memory" // peak activation memory of one sample in bytes
)

// Costs returns the cost metrics of a network, under the names Params, MACs and Memory.
func Costs(g *network.Graph) Metrics {
	c := g.Cost()
	return NewMetrics(
		Metric{Params, float64(c.Params)},
		Metric{MACs, float64(c.MACs)},
		Metric{Memory, float64(g.PeakMemory())},
	)
}

// Get returns the value of a metric and whether there is one.
func (ms Metrics) Get(name string) (float64, bool) {
	i, ok := slices.BinarySearchFunc(ms, name, func(m Metric, n string) int { return strings.Compare(m.Name, n) })
	if !ok {
		return 0, false
	}
	return ms[i].Value, true
}

// With returns the metrics with more added; of equal names the added ones count.
func (ms Metrics) With(more ...Metric) Metrics {
	return NewMetrics(append(slices.Clone(ms), more...)...)
}

// Without returns the metrics without the named one.
func (ms Metrics) Without(name string) Metrics {
	return slices.DeleteFunc(slices.Clone(ms), func(m Metric) bool { return m.Name == name })
}

// NotFinite returns the first metric that is NaN or infinite, if there is one.
func (ms Metrics) NotFinite() (Metric, bool) {
	for _, m := range ms {
		if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
			return m, true
		}
	}
	return Metric{}, false
}

// MarshalJSON writes an object with its names in order and every value in the shortest form that reads back to the same bits.
// It is an error if a value is not finite.
func (ms Metrics) MarshalJSON() ([]byte, error) {
	if m, bad := ms.NotFinite(); bad {
		return nil, fmt.Errorf("metric %s is %v, which a journal cannot hold", m.Name, m.Value)
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range ms {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.Name)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(strconv.AppendFloat(nil, m.Value, 'g', -1, 64))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads an object of numbers.
func (ms *Metrics) UnmarshalJSON(b []byte) error {
	var values map[string]float64
	if err := json.Unmarshal(b, &values); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	out := make([]Metric, 0, len(values))
	for name, v := range values {
		out = append(out, Metric{name, v})
	}
	*ms = nil
	if len(out) > 0 {
		*ms = NewMetrics(out...)
	}
	return nil
}
