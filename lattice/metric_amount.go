package lattice

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/trellis-nas/trellis/internal/magnitude"
)

// multiples are what units are worth: of time in seconds, and of memory in bytes.
var multiples = []struct {
	name  string
	kind  string
	worth string
}{
	{"ns", "time", "1e-9"}, {"us", "time", "1e-6"}, {"ms", "time", "1e-3"}, {"s", "time", "1"},
	{"B", "memory", "1"}, {"KiB", "memory", "1024"}, {"MiB", "memory", "1048576"}, {"GiB", "memory", "1073741824"},
	{"kB", "memory", "1e3"}, {"MB", "memory", "1e6"}, {"GB", "memory", "1e9"},
}

// ParseAmount reads so much of a metric: a count such as 100k or 10M, a memory such as 256KiB or so many bytes, or a real cost in its unit, such
// as 20 or 20ms, where other units of time are understood too. Of a real cost it returns the whole bins within it, so that it may stand
// in a [Limit]; with up, a bin that is begun counts.
func (l *Lattice) ParseAmount(m Metric, text string, up bool) (int64, error) {
	n, err := l.inBins(m, text)
	if err != nil {
		return 0, err
	}
	whole := floor(n, up)
	if !whole.IsInt64() || whole.Int64() == Unlimited {
		return 0, l.tooMuch(m, text)
	}
	return whole.Int64(), nil
}

// tooMuch returns the error of an amount beyond 64 bits.
func (l *Lattice) tooMuch(m Metric, text string) error {
	return fmt.Errorf("%q is too large; the largest amount is %s", text, l.Amount(m, Unlimited-1))
}

// ParseCost reads so much of a metric as [Lattice.ParseAmount] does, and returns it in the metric's unit, as it is: for what is no limit, and so
// need not be whole bins.
func (l *Lattice) ParseCost(m Metric, text string) (float64, error) {
	n, err := l.inBins(m, text)
	if err != nil {
		return 0, err
	}
	if i, err := l.index(m); err == nil && l.definitions[i].bin != nil {
		n.Mul(n, l.definitions[i].bin)
	}
	x, _ := n.Float64()
	if math.IsInf(x, 0) {
		return 0, l.tooMuch(m, text)
	}
	return x, nil
}

// inBins reads so much of a metric: of a real cost in bins, and otherwise a whole number.
func (l *Lattice) inBins(m Metric, text string) (*big.Rat, error) {
	if i, err := l.index(m); err == nil && l.definitions[i].bin != nil {
		of := l.definitions[i]
		n, err := inUnits(text, of.unit, of.bin)
		if err != nil || n.Sign() < 0 {
			return nil, fmt.Errorf("%q is no %s, such as 20 or 20%s", text, m, of.unit)
		}
		return n, nil
	}
	if m == Memory {
		n, err := ParseBytes(text)
		return new(big.Rat).SetInt64(n), err
	}
	count, ok := magnitude.Count(text)
	if !ok && magnitude.TooLarge(text) {
		return nil, l.tooMuch(m, text)
	}
	if _, counts := m.counter(); !ok || count < 0 || count == 0 && !counts {
		return nil, fmt.Errorf("%q is not a count of at least 1, such as 100k or 10M", text)
	}
	return new(big.Rat).SetInt64(count), nil
}

// ParseBytes reads a memory of at least a byte: 256KiB, 1MB, or a count of bytes such as 4096 or 100k.
func ParseBytes(text string) (int64, error) {
	n, ok := magnitude.Count(text)
	if !ok {
		x, err := inUnits(text, "B", big.NewRat(1, 1))
		if ok = err == nil && x.IsInt(); ok && !x.Num().IsInt64() {
			return 0, fmt.Errorf("%q is more memory than there is", text)
		}
		if ok {
			n = x.Num().Int64()
		}
	}
	if !ok || n <= 0 {
		return 0, fmt.Errorf("%q is no memory, such as 256KiB or 4MiB", text)
	}
	return n, nil
}

// inUnits returns how many times bin, in a unit, a text is.
func inUnits(text, unit string, bin *big.Rat) (*big.Rat, error) {
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZµ")
	given := text[len(number):]
	x, ok := new(big.Rat).SetString(strings.TrimSpace(number))
	if !ok || strings.ContainsAny(number, "/eE") {
		return nil, fmt.Errorf("%q is no number", number)
	}
	if given != "" && given != unit {
		from, fromKind := worth(given)
		to, toKind := worth(unit)
		if from == nil || to == nil || fromKind != toKind {
			return nil, fmt.Errorf("%q is no unit of it", given)
		}
		x.Mul(x, from).Quo(x, to)
	}
	return x.Quo(x, bin), nil
}

func worth(unit string) (*big.Rat, string) {
	for _, m := range multiples {
		if m.name == unit {
			x, _ := new(big.Rat).SetString(m.worth)
			return x, m.kind
		}
	}
	return nil, ""
}

// Unit returns the unit that amounts of a metric are in: "bytes" of memory, that of its file of a real cost, such as "ms", and "" of counts.
func (l *Lattice) Unit(m Metric) string {
	if m == Memory {
		return "bytes"
	}
	if i, err := l.index(m); err == nil {
		return l.definitions[i].unit
	}
	return ""
}

// Decimal writes so much of a metric as a plain number: of a real cost, which is counted in bins, in its unit.
func (l *Lattice) Decimal(m Metric, n int64) string {
	if i, err := l.index(m); err == nil && l.definitions[i].bin != nil {
		return l.definitions[i].decimal(n)
	}
	return fmt.Sprint(n)
}
