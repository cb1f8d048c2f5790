package process

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/trial"
)

// Figures are metrics by name as messages hold them. JSON has no numbers that are not finite: they are written as the strings "NaN",
// "Infinity" and "-Infinity", and null reads as NaN.
type Figures map[string]float64

// FiguresOf returns the metrics as figures.
func FiguresOf(ms trial.Metrics) Figures {
	out := Figures{}
	for _, m := range ms {
		out[m.Name] = m.Value
	}
	return out
}

// Metrics returns the figures as metrics, ordered by name.
func (f Figures) Metrics() trial.Metrics {
	if len(f) == 0 {
		return nil
	}
	out := make([]trial.Metric, 0, len(f))
	for name, x := range f {
		out = append(out, trial.Metric{Name: name, Value: x})
	}
	return trial.NewMetrics(out...)
}

// MarshalJSON writes an object with its names in order.
func (f Figures) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, name := range slices.Sorted(maps.Keys(f)) {
		if i > 0 {
			b = append(b, ',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		b = append(append(b, key...), ':')
		switch x := f[name]; {
		case math.IsNaN(x):
			b = append(b, `"NaN"`...)
		case math.IsInf(x, 1):
			b = append(b, `"Infinity"`...)
		case math.IsInf(x, -1):
			b = append(b, `"-Infinity"`...)
		default:
			b = strconv.AppendFloat(b, x, 'g', -1, 64)
		}
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Figures) UnmarshalJSON(b []byte) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(b, &values); err != nil {
		return fmt.Errorf("metrics are an object of numbers, not %s", quoted(b))
	}
	if values == nil {
		*f = nil
		return nil
	}
	out := make(Figures, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		x, ok := figure(values[name])
		if !ok {
			return fmt.Errorf("metric %q is %s, want a number", name, quoted(values[name]))
		}
		out[name] = x
	}
	*f = out
	return nil
}

// figure reads a number, null, or a string that names a number that is not finite. Numbers too large for 64 bits are infinite.
func figure(b []byte) (float64, bool) {
	text := string(b)
	if text == "null" {
		return math.NaN(), true
	}
	if strings.HasPrefix(text, `"`) {
		var word string
		if json.Unmarshal(b, &word) != nil {
			return 0, false
		}
		switch strings.ToLower(word) {
		case "nan":
			return math.NaN(), true
		case "infinity", "inf", "+infinity", "+inf":
			return math.Inf(1), true
		case "-infinity", "-inf":
			return math.Inf(-1), true
		}
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(x, 0) {
		return 0, false
	}
	return x, true
}
