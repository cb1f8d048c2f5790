package lattice

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
)

// Metric names a cost that adds up along a path.
type Metric string

// The metrics of every lattice.
const (
	Params Metric = "params" // trained numbers of the network
	MACs   Metric = "macs"   // multiply-accumulate operations of one sample
)

// Limit is a budget: at most Max of Metric.
type Limit struct {
	Metric Metric
	Max    int64
}

// String returns the limit as a person would say it: "at most 100,000 params".
func (l Limit) String() string {
	return fmt.Sprintf("at most %s %s", digits(l.Max), l.Metric.unit())
}

func (m Metric) unit() string {
	if m == MACs {
		return "MACs"
	}
	return string(m)
}

// digits writes a number with a comma before every three digits.
func digits(n int64) string {
	text := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return sign + text
}

// metrics are the metrics in the order of the components of costs.
var metrics = [...]Metric{Params, MACs}

// costs holds a value for each of metrics.
type costs [len(metrics)]int64

func costsOf(c network.Cost) costs { return costs{c.Params, c.MACs} }

func (c costs) plus(d costs) costs {
	for m := range c {
		c[m] += d[m]
	}
	return c
}

func (c costs) minus(d costs) costs {
	for m := range c {
		c[m] -= d[m]
	}
	return c
}

// least returns the smaller of the two in every component.
func (c costs) least(d costs) costs {
	for m := range c {
		c[m] = min(c[m], d[m])
	}
	return c
}

// most returns the larger of the two in every component.
func (c costs) most(d costs) costs {
	for m := range c {
		c[m] = max(c[m], d[m])
	}
	return c
}

// index returns the component of a metric, or an error that lists the metrics there are.
func (m Metric) index() (int, error) {
	for i, known := range metrics {
		if m == known {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%q is no metric of a lattice; there are %s and %s", string(m), Params, MACs)
}
