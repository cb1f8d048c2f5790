package network

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// opNames are the names that may begin the text form of an operator.
var opNames = append([]string{
	"input", "conv", "depthwise", "batchnorm", "maxpool", "avgpool", "globalavgpool", "add", "concat", "multiply",
	"dense", "lstm", "gru", "dropout", "flatten", "zero", "identity", "conv1d", "depthwise1d", "layernorm", "rmsnorm", "glu", "softmax",
	"embedding", "positions", "lengths", "attention", "mean", "slice",
}, actNames[:]...)

// ParseOp reads the text form of an operator, as "conv(out=16,kernel=3,stride=2)". Attributes may stand in any order;
// those with a default may be left out. Whether the values make sense is said by Infer.
func ParseOp(text string) (Op, error) {
	name, list, open := strings.Cut(text, "(")
	if open {
		var closed bool
		if list, closed = strings.CutSuffix(list, ")"); !closed {
			return nil, fmt.Errorf("operator %q has no closing bracket", text)
		}
	}
	a := attributes{op: name}
	if list != "" {
		a.open = strings.Split(list, ",")
	}
	op, ok := a.read(name)
	if !ok {
		return nil, fmt.Errorf("unknown operator %q; nearest is %q", name, nearest.Word(name, opNames))
	}
	if len(a.open) > 0 { // first, because a misspelt attribute is also a missing one
		return nil, a.leftOver()
	}
	if a.err != nil {
		return nil, a.err
	}
	return op.normal(), nil
}

// attributes hands out the written attributes of one operator by name; what nobody asked for is left over.
type attributes struct {
	op    string
	open  []string
	asked []string
	err   error
}

func (a *attributes) read(name string) (op Op, ok bool) {
	switch name {
	case "input":
		return Input{}, true
	case "conv":
		return Conv{Out: a.must("out"), Kernel: a.must("kernel"), Stride: a.number("stride"), Dilation: a.number("dilation"),
			Groups: a.number("groups"), Valid: a.flag("valid"), Bias: a.flag("bias")}, true
	case "depthwise":
		return Depthwise{Kernel: a.must("kernel"), Stride: a.number("stride"), Dilation: a.number("dilation"),
			Valid: a.flag("valid"), Bias: a.flag("bias")}, true
	case "batchnorm":
		return BatchNorm{}, true
	case "maxpool":
		return MaxPool{Kernel: a.must("kernel"), Stride: a.number("stride"), Valid: a.flag("valid")}, true
	case "avgpool":
		return AvgPool{Kernel: a.must("kernel"), Stride: a.number("stride"), Valid: a.flag("valid")}, true
	case "globalavgpool":
		return GlobalAvgPool{}, true
	case "add":
		return Add{}, true
	case "concat":
		return Concat{}, true
	case "multiply":
		return Multiply{}, true
	case "dense":
		return Dense{Out: a.must("out"), NoBias: a.flag("nobias")}, true
	case "lstm":
		return LSTM{Hidden: a.must("hidden"), Last: a.flag("last")}, true
	case "gru":
		return GRU{Hidden: a.must("hidden"), Last: a.flag("last")}, true
	case "dropout":
		return Dropout{Rate: a.real("rate")}, true
	case "flatten":
		return Flatten{}, true
	case "zero":
		return Zero{Stride: a.number("stride")}, true
	case "identity":
		return Identity{}, true
	}
	if op, ok := a.readSequence(name); ok {
		return op, true
	}
	f, err := ParseActFunc(name)
	return Activation{f}, err == nil
}

// take removes the attribute of that name and returns its value; a flag has none.
func (a *attributes) take(name string) (value string, ok bool) {
	a.asked = append(a.asked, name)
	for i, text := range a.open {
		key, v, _ := strings.Cut(text, "=")
		if key == name {
			a.open = append(a.open[:i:i], a.open[i+1:]...)
			return v, true
		}
	}
	return "", false
}

func (a *attributes) fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf(a.op+": "+format, args...)
	}
}

// number reads an optional attribute; absent is 0. A written value must be at least 1, so that 0 stays the default.
func (a *attributes) number(name string) int {
	text, ok := a.take(name)
	if !ok {
		return 0
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < 1 || v > maxElements {
		a.fail("%s=%s is no number from 1 to %d", name, text, maxElements)
	}
	return v
}

func (a *attributes) must(name string) int {
	v := a.number(name)
	if v == 0 {
		a.fail("the attribute %s is missing", name)
	}
	return v
}

func (a *attributes) real(name string) float32 {
	text, ok := a.take(name)
	if !ok {
		a.fail("the attribute %s is missing", name)
		return 0
	}
	v, err := strconv.ParseFloat(text, 32)
	if err != nil {
		a.fail("%s=%s is no number", name, text)
	}
	return float32(v)
}

func (a *attributes) flag(name string) bool {
	value, ok := a.take(name)
	if ok && value != "" {
		a.fail("%s takes no value, but has %q", name, value)
	}
	return ok
}

// leftOver explains the first attribute that the operator did not ask for.
func (a *attributes) leftOver() error {
	name, _, _ := strings.Cut(a.open[0], "=")
	if len(a.asked) == 0 {
		return fmt.Errorf("%s takes no attributes, but has %q", a.op, a.open[0])
	}
	for _, known := range a.asked {
		if known == name {
			return fmt.Errorf("%s has the attribute %s twice", a.op, name)
		}
	}
	return fmt.Errorf("%s has no attribute %q; nearest is %q", a.op, name, nearest.Word(name, a.asked))
}
