package trial

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// MetricInfo is what is to be known of a metric to judge it and to show it. It comes from whoever computes the metric and stands in the
// journal, so that no reader needs to know metrics by name.
type MetricInfo struct {
	Name      string    `json:"name"`
	Unit      string    `json:"unit,omitempty"`      // as "ms"; empty for counts and shares
	Direction Direction `json:"direction,omitempty"` // that makes sense for an objective; empty: either
	Show      Show      `json:"show,omitempty"`      // empty: as a plain number
	Help      string    `json:"help,omitempty"`      // one line
}

// Direction says which values of a metric are good.
type Direction string

// The directions.
const (
	Maximise Direction = "maximise"
	Minimise Direction = "minimise"
)

// Show says how the values of a metric are written for people.
type Show string

// The ways to show a value.
const (
	ShowNumber  Show = ""        // 0.5421
	ShowPercent Show = "percent" // 0.9689 as 96.89%
	ShowCount   Show = "count"   // 534000 as 534k
	ShowBytes   Show = "bytes"   // 65536 as 64 KiB
)

// Format writes a value as people read it: shares as percent, counts short, the rest with four digits, and the unit if there is one.
func (m MetricInfo) Format(x float64) string {
	switch m.Show {
	case ShowPercent:
		return fmt.Sprintf("%.2f%%", 100*x)
	case ShowCount:
		return ShortCount(x)
	case ShowBytes:
		return shortBytes(x)
	}
	text := strconv.FormatFloat(x, 'g', 4, 64)
	if m.Unit != "" {
		text += " " + m.Unit
	}
	return text
}

// Cell writes the value of the metric as a table has it: a dash if it is not known.
func (m MetricInfo) Cell(ms Metrics) string {
	x, ok := ms.Get(m.Name)
	if !ok {
		return "–"
	}
	return m.Format(x)
}

// ShortCount writes a count for people: "812", "12.3k", "4.56M", three digits that matter.
func ShortCount(x float64) string {
	const rounded = 0.9995 // from here on three digits are those of the next unit: 999,500 is 1M and not 1000k
	for _, unit := range []struct {
		scale float64
		name  string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(x) >= rounded*unit.scale {
			return threeDigits(x/unit.scale) + unit.name
		}
	}
	return threeDigits(x)
}

// shortBytes writes bytes for people, in the units that limits are written in: "812 B", "384 KiB", "1.5 MiB", three digits that matter.
func shortBytes(bytes float64) string {
	for _, unit := range []struct {
		scale float64
		name  string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if math.Abs(bytes) >= unit.scale {
			return threeDigits(bytes/unit.scale) + " " + unit.name
		}
	}
	return threeDigits(bytes) + " B"
}

func threeDigits(x float64) string {
	s := strconv.FormatFloat(x, 'f', max(0, 2-int(math.Floor(math.Log10(math.Max(1, math.Abs(x)))))), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// MetricInfos are metrics of several sources, no name twice.
type MetricInfos []MetricInfo

// Of returns what is known of a metric: at least its name.
func (ms MetricInfos) Of(name string) MetricInfo {
	if i := slices.IndexFunc(ms, func(m MetricInfo) bool { return m.Name == name }); i >= 0 {
		return ms[i]
	}
	return MetricInfo{Name: name}
}

// Has reports whether a metric is among them.
func (ms MetricInfos) Has(name string) bool {
	return slices.ContainsFunc(ms, func(m MetricInfo) bool { return m.Name == name })
}

// Names returns the names in their order.
func (ms MetricInfos) Names() []string {
	names := make([]string, len(ms))
	for i, m := range ms {
		names[i] = m.Name
	}
	return names
}

// With adds metrics. It is an error if two sources say different things of one name.
func (ms MetricInfos) With(more ...MetricInfo) (MetricInfos, error) {
	out := slices.Clone(ms)
	for _, m := range more {
		if !out.Has(m.Name) {
			out = append(out, m)
		} else if out.Of(m.Name) != m {
			return ms, fmt.Errorf("metric %s is described in two ways: %+v and %+v", m.Name, out.Of(m.Name), m)
		}
	}
	return out, nil
}

// CostInfos describes the metrics of Costs.
func CostInfos() MetricInfos {
	return MetricInfos{
		{Name: Params, Direction: Minimise, Show: ShowCount, Help: "trainable parameters"},
		{Name: MACs, Direction: Minimise, Show: ShowCount, Help: "multiply-accumulates of one forward pass of one sample"},
		{Name: Memory, Unit: "B", Direction: Minimise, Show: ShowBytes, Help: "peak activation memory of one sample"},
	}
}
