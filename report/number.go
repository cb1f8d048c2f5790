package report

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/trial"
)

func trialName(id trial.ID) string { return "trial " + strconv.Itoa(int(id)) }

// ShortCount prints a count for people: "812", "12.3k", "4.56M", three digits that matter.
func ShortCount(x float64) string {
	const rounded = 0.9995 // from here on three digits are those of the next unit: 999,500 is 1M and not 1000k
	for _, unit := range []struct {
		scale float64
		name  string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(x) >= rounded*unit.scale {
			return digits(x/unit.scale) + unit.name
		}
	}
	return digits(x)
}

// memory prints bytes for people, in the units that limits are written in: "812 B", "384 KiB", "1.5 MiB", three digits that matter.
func memory(bytes float64) string {
	for _, unit := range []struct {
		scale float64
		name  string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if math.Abs(bytes) >= unit.scale {
			return digits(bytes/unit.scale) + " " + unit.name
		}
	}
	return digits(bytes) + " B"
}

// BigCount prints a count of any size for people: whole up to fifteen digits, "3.66 · 10^15" above.
func BigCount(n *big.Int) string {
	s := n.String()
	if len(s) <= 15 {
		return grouped(s)
	}
	mantissa, exponent, _ := strings.Cut(new(big.Float).SetInt(n).Text('e', 2), "e+")
	return mantissa + " · 10^" + strings.TrimLeft(exponent, "0")
}

// grouped sets commas between the thousands.
func grouped(s string) string {
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func digits(x float64) string {
	s := strconv.FormatFloat(x, 'f', max(0, 2-int(math.Floor(math.Log10(math.Max(1, math.Abs(x)))))), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Units are those of metrics that have one of their own, by their names, as "ms" of latency; a journal names them (store.StudyStarted).
type Units map[string]string

// Format prints the value of a metric for people: shares as percent, counts short, the rest with four digits, and the unit if there is one.
func (u Units) Format(name string, x float64) string {
	if unit := u[name]; unit != "" {
		return strconv.FormatFloat(x, 'g', 4, 64) + " " + unit
	}
	switch name {
	case accuracy:
		return fmt.Sprintf("%.2f%%", 100*x)
	case trial.Params, trial.MACs:
		return ShortCount(x)
	case trial.Memory:
		return memory(x)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}
