package space

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Arch is an architecture of a space: the options taken by its derivation, in the order in which the decisions are met. It knows
// neither its space nor its network. It is comparable and serves as a map key; the zero value has no decisions.
type Arch struct {
	packed string // unsigned varints (encoding/binary), shortest form
}

// NewArch returns the architecture of these choices, each the index of an option, counted from 0. It panics on a negative choice.
func NewArch(choices ...int) Arch {
	var room [64]byte
	b := room[:0]
	for _, c := range choices {
		if c < 0 {
			panic(fmt.Sprintf("space: choice %d is negative", c))
		}
		b = binary.AppendUvarint(b, uint64(c))
	}
	return Arch{string(b)}
}

// Len returns the number of decisions.
func (a Arch) Len() int {
	n := 0
	for i := range len(a.packed) {
		if a.packed[i] < 0x80 {
			n++
		}
	}
	return n
}

// At returns the choice of decision i, in time proportional to i. It panics when there is no decision i.
func (a Arch) At(i int) int {
	rest := a.packed
	for ; i > 0 && rest != ""; i-- {
		_, rest = cutChoice(rest)
	}
	if i != 0 || rest == "" {
		panic(fmt.Sprintf("space: architecture %v has %d decisions", a, a.Len()))
	}
	c, _ := cutChoice(rest)
	return c
}

// Choices returns all choices as a new slice.
func (a Arch) Choices() []int { return a.AppendChoices(make([]int, 0, len(a.packed))) }

// AppendChoices appends all choices to a slice.
func (a Arch) AppendChoices(to []int) []int {
	for rest := a.packed; rest != ""; {
		var c int
		c, rest = cutChoice(rest)
		to = append(to, c)
	}
	return to
}

// cutChoice splits the first choice off a packed sequence that is not empty.
func cutChoice(packed string) (int, string) {
	if packed[0] < 0x80 {
		return int(packed[0]), packed[1:]
	}
	var v uint64
	for i := 0; ; i++ {
		v |= uint64(packed[i]&0x7f) << (7 * i)
		if packed[i] < 0x80 {
			return int(v), packed[i+1:]
		}
	}
}

// String returns the raw form: the choices joined by dots, as "2.0.1". [Space.Format] gives the form for people.
func (a Arch) String() string {
	var b []byte
	for i, c := range a.Choices() {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendInt(b, int64(c), 10)
	}
	return string(b)
}

// MarshalText returns the raw form.
func (a Arch) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// maxChoice bounds the index of an option in the raw form, so that every machine reads the same.
const maxChoice = 1<<31 - 1

// UnmarshalText reads the raw form, strictly: no signs, no leading zeros, no empty parts.
func (a *Arch) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*a = Arch{}
		return nil
	}
	parts := strings.Split(string(text), ".")
	choices := make([]int, len(parts))
	for i, part := range parts {
		c, err := strconv.Atoi(part)
		if err != nil || c < 0 || c > maxChoice || strconv.Itoa(c) != part {
			return fmt.Errorf("%q is no architecture: part %d is %q; write the indices of the options joined by dots, as 2.0.1", text, i+1, part)
		}
		choices[i] = c
	}
	*a = NewArch(choices...)
	return nil
}
