package trial

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Fidelity says how faithful an evaluation is: how much of the evaluator's resource is spent on it, and by what the task is
// reduced. It is comparable, and equal fidelities mean equal evaluations.
//
// The amount is counted in the evaluator's own unit (epochs, steps, seconds; see [Resource]) and is 1 where there is only
// one way to evaluate. The reductions are shares in (0, 1], 1 meaning none. The zero Fidelity means "whatever the evaluator
// or the stage takes as full"; see [Fidelity.Or].
type Fidelity struct {
	Amount     int
	Data       float64 // share of the training samples
	Resolution float64 // share of the input's height and width
	Width      float64 // share of the network's channels
}

// Full returns the fidelity of an amount without any reduction.
func Full(amount int) Fidelity { return Fidelity{amount, 1, 1, 1} }

// At returns f with another amount.
func (f Fidelity) At(amount int) Fidelity {
	f.Amount = amount
	return f
}

// Or returns f, or other where f is the zero Fidelity.
func (f Fidelity) Or(other Fidelity) Fidelity {
	if f == (Fidelity{}) {
		return other
	}
	return f
}

// Reduced reports whether any reduction is below 1.
func (f Fidelity) Reduced() bool { return f != Full(f.Amount) }

// Before reports whether an evaluation at f may go on to g: the reductions are the same, and the amount is larger.
func (f Fidelity) Before(g Fidelity) bool { return f.At(g.Amount) == g && f.Amount < g.Amount }

// Check returns an error if the amount is below 1 or a reduction is outside (0, 1].
func (f Fidelity) Check() error {
	if f.Amount < 1 {
		return fmt.Errorf("a fidelity of amount %d is impossible: want 1 or more", f.Amount)
	}
	for _, r := range f.reductions() {
		if !(r.share > 0 && r.share <= 1) {
			return fmt.Errorf("%s %v is out of range: want a share above 0 and at most 1", r.name, r.share)
		}
	}
	return nil
}

type reduction struct {
	name  string
	share float64
}

func (f Fidelity) reductions() [3]reduction {
	return [3]reduction{{"data", f.Data}, {"resolution", f.Resolution}, {"width", f.Width}}
}

// work is proportional to what a convolutional network costs at f: pixels and pairs of channels grow with the square.
func (f Fidelity) work() float64 {
	return float64(f.Amount) * f.Data * f.Resolution * f.Resolution * f.Width * f.Width
}

// Compare orders fidelities by their work (amount · data · resolution² · width²), of equal work by width, resolution, data
// and amount. It is 0 for equal fidelities only.
func (f Fidelity) Compare(g Fidelity) int {
	return cmp.Or(
		cmp.Compare(f.work(), g.work()),
		cmp.Compare(f.Width, g.Width),
		cmp.Compare(f.Resolution, g.Resolution),
		cmp.Compare(f.Data, g.Data),
		cmp.Compare(f.Amount, g.Amount),
	)
}

// String returns what ParseFidelity reads: "9", or "9@data=0.25,width=0.5"; the zero Fidelity is "full".
func (f Fidelity) String() string {
	if f == (Fidelity{}) {
		return "full"
	}
	text, separator := strconv.Itoa(f.Amount), "@"
	for _, r := range f.reductions() {
		if r.share != 1 {
			text += separator + r.name + "=" + strconv.FormatFloat(r.share, 'g', -1, 64)
			separator = ","
		}
	}
	return text
}

// ParseFidelity is the inverse of String. The error says what is wrong with the text.
func ParseFidelity(text string) (Fidelity, error) {
	if text == "full" {
		return Fidelity{}, nil
	}
	amount, rest, reduced := strings.Cut(text, "@")
	n, err := strconv.Atoi(amount)
	if err != nil || strconv.Itoa(n) != amount {
		return Fidelity{}, fmt.Errorf("fidelity %q: its amount %q is no whole number", text, amount)
	}
	f := Full(n)
	if reduced {
		for _, part := range strings.Split(rest, ",") {
			name, value, _ := strings.Cut(part, "=")
			share, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return Fidelity{}, fmt.Errorf("fidelity %q: %q is no share", text, part)
			}
			switch name {
			case "data":
				f.Data = share
			case "resolution":
				f.Resolution = share
			case "width":
				f.Width = share
			default:
				return Fidelity{}, fmt.Errorf("fidelity %q: unknown reduction %q; want data, resolution or width", text, name)
			}
		}
	}
	if err := f.Check(); err != nil {
		return Fidelity{}, fmt.Errorf("fidelity %q: %w", text, err)
	}
	if f.String() != text {
		return Fidelity{}, fmt.Errorf("fidelity %q is not in its canonical form, %q", text, f)
	}
	return f, nil
}

// MarshalText writes String.
func (f Fidelity) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (f *Fidelity) UnmarshalText(text []byte) error {
	g, err := ParseFidelity(string(text))
	if err == nil {
		*f = g
	}
	return err
}
