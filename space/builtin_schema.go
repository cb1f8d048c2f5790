package space

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
)

// schema is what the options of a built-in space are, bound to the fields that hold them: their help, their defaults, how they are read
// and what they may be.
type schema struct {
	name        *string
	defaultName string
	options     []option
	fill        func()                // completes the defaults that depend on other options; may be nil
	check       func(c *optionChecks) // what depends on several options; may be nil
}

// option is an option of a built-in space. Each function may be nil.
type option struct {
	BuiltInOption
	fill  func() // sets the default where nothing is given
	read  func(r *reader, v strict.Value)
	check func(c *optionChecks)
}

// prepare sets all defaults and returns the first mistake.
func (s schema) prepare() error {
	if *s.name == "" {
		*s.name = s.defaultName
	}
	for _, o := range s.options {
		if o.fill != nil {
			o.fill()
		}
	}
	if s.fill != nil {
		s.fill()
	}
	var c optionChecks
	for _, o := range s.options {
		if o.check != nil {
			o.check(&c)
		}
	}
	if s.check != nil {
		s.check(&c)
	}
	return c.err
}

// read reads the options that are given.
func (s schema) read(r *reader) {
	for _, o := range s.options {
		if v := r.get(o.Name); v.Given() && o.read != nil {
			o.read(r, v)
		}
	}
}

func (s schema) described() []BuiltInOption {
	out := []BuiltInOption{{Name: "name", Kind: "text", Default: s.defaultName, Help: "of the space"}}
	for _, o := range s.options {
		out = append(out, o.BuiltInOption)
	}
	return out
}

// common returns the schema of the options that all built-in spaces have and some more.
func common(name *string, defaultName string, input *network.Shape, classes *int, more ...option) schema {
	return commonFor(network.Shape{H: 32, W: 32, C: 3}, 10, name, defaultName, input, classes, more...)
}

// commonFor is common with a default input and number of classes.
func commonFor(shape network.Shape, number int, name *string, defaultName string, input *network.Shape, classes *int, more ...option) schema {
	return schema{name: name, defaultName: defaultName, options: append([]option{
		{
			BuiltInOption: BuiltInOption{Name: "input", Kind: "shape", Default: shape.String(), Help: "height x width x channels of a sample"},
			fill: func() {
				if *input == (network.Shape{}) {
					*input = shape
				}
			},
			read: func(r *reader, v strict.Value) { *input = r.shape(v) },
			check: func(c *optionChecks) {
				if err := input.Check(); err != nil {
					c.fail("input", "%w", err)
				}
			},
		},
		wholeOption("classes", classes, 1, maxClasses, number, "of the classifier"),
	}, more...)}
}

// says returns the option with another text for its default.
func (o option) says(defaultText string) option {
	o.Default = defaultText
	return o
}

// within returns the option with a text for what it may be.
func (o option) within(text string) option {
	o.Range = text
	return o
}

// wholeOption is a whole number. Where 0 is in its range it is no default but means that there is none of something.
func wholeOption(name string, at *int, least, most, absent int, help string) option {
	return option{
		BuiltInOption: BuiltInOption{Name: name, Kind: "whole number", Default: strconv.Itoa(absent), Range: fmt.Sprintf("%d to %d", least, most), Help: help},
		fill:          func() { *at = orInt(*at, absent) },
		read: func(_ *reader, v strict.Value) {
			if least == 0 {
				*at = whole(v)
				return
			}
			*at = positive(v)
		},
		check: func(c *optionChecks) { c.between(name, *at, least, most) },
	}
}

// numberOption is a number; 0 stands for the default.
func numberOption(name string, at *float64, least, most, absent float64, help string) option {
	return option{
		BuiltInOption: BuiltInOption{
			Name: name, Kind: "number", Default: ValueOf(absent).String(), Range: fmt.Sprintf("%v to %v", ValueOf(least), ValueOf(most)), Help: help,
		},
		fill: func() {
			if *at == 0 {
				*at = absent
			}
		},
		read: func(_ *reader, v strict.Value) { *at = v.Float(0, least, most) },
		check: func(c *optionChecks) {
			if !(*at >= least && *at <= most) {
				c.fail(name, "%v is out of range; it must be from %v to %v", *at, least, most)
			}
		},
	}
}

// flagOption is true or, by default, false.
func flagOption(name string, at *bool, help string) option {
	return option{
		BuiltInOption: BuiltInOption{Name: name, Kind: "true or false", Default: "false", Help: help},
		read:          func(_ *reader, v strict.Value) { *at = v.Bool(false) },
	}
}

// The options of the ends of networks.

func dropoutOption(at *float64) option {
	return numberOption("dropout", at, 0, maxDropout, 0, "rate before the classifier")
}

func headWidthOption(at *int) option {
	return wholeOption("width", at, 0, maxWidth, 0, "channels of the convolution before the last pooling; 0 for none")
}

func stemOption(at *int, absent int) option {
	return wholeOption("stem", at, 1, maxWidth, absent, "channels of the first convolution")
}

func stemStrideOption(at *int) option {
	return wholeOption("stem_stride", at, 1, maxStride, 1, "stride of the first convolution")
}

// wordOption is one of some words.
func wordOption[T ~string](name string, at *T, words []T, absent T, help string) option {
	known := make([]string, len(words))
	for i, w := range words {
		known[i] = string(w)
	}
	return option{
		BuiltInOption: BuiltInOption{Name: name, Kind: "word", Default: string(absent), Range: anyOf(known), Help: help},
		fill:          func() { *at = orText(*at, absent) },
		read:          func(_ *reader, v strict.Value) { *at = T(v.Word("", known...)) },
	}
}

// anyOf writes words as "basic or bottleneck".
func anyOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// The lists of options: in a space file, a single value stands for a list of one. Each decides between its values.

func wholesOption(name string, at *[]int, absent []int, help string) option {
	return listOption("list of whole numbers", name, at, absent, help, whole)
}

func numbersOption(name string, at *[]float64, absent []float64, help string) option {
	return listOption("list of numbers", name, at, absent, help, anyNumber)
}

func wordsOption(name string, at *[]string, absent []string, help string) option {
	return listOption("list of words", name, at, absent, help, anyWord)
}

// The lists that are attributes of inverted residuals, whose ranges are those of the block.

func kernelOption(at *[]int, absent ...int) option {
	return wholesOption("kernel", at, absent, "kernels of the depthwise convolutions").within(oddRange())
}

func expandOption(at *[]float64, absent ...float64) option {
	return numbersOption("expand", at, absent, "expansions of the inverted residuals").within("0.25 to 16")
}

func seOption(at *[]float64, absent ...float64) option {
	return numbersOption("se", at, absent, "squeeze-and-excitation: hidden channels as a share; 0 for none").within("0 to 1")
}

func countRange() string { return fmt.Sprintf("1 to %d", maxCount) }
func oddRange() string   { return fmt.Sprintf("odd, 1 to %d", maxKernel) }

func listOption[T Scalar](kind, name string, at *[]T, absent []T, help string, read func(strict.Value) T) option {
	return option{
		BuiltInOption: BuiltInOption{Name: name, Kind: kind, Default: listText(absent), Help: help},
		fill:          func() { *at = orList(*at, absent...) },
		read:          func(r *reader, v strict.Value) { *at = listOf(r, v, name, read) },
	}
}

// listText writes values as a space file does.
func listText[T Scalar](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = ValueOf(v).String()
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// stagesOption is the list of stages. Their defaults and ranges depend on other options, which is the matter of the schema's fill and check.
func stagesOption[S any](at *[]S, defaultText string, fields []BuiltInOption, read func(r *reader, m strict.Map, at string) S) option {
	return option{
		BuiltInOption: BuiltInOption{Name: "stages", Kind: "list of stages", Default: defaultText, Help: "parts of the network, each of one width", Fields: fields},
		read: func(r *reader, v strict.Value) {
			*at = []S{}
			for i, e := range v.List() {
				place := indexed("stages", i)
				r.mark(nil, place, e)
				*at = append(*at, read(r, e.Map(fieldKeys(fields)...), place))
			}
		},
	}
}

// The fields that stages of free width and depth have in common.

func stageFields(more ...BuiltInOption) []BuiltInOption {
	return append([]BuiltInOption{
		{Name: "width", Kind: "list of whole numbers", Range: fmt.Sprintf("1 to %d", maxWidth), Help: "channels"},
		{Name: "depth", Kind: "list of whole numbers", Default: listText(defaultDepth()), Range: countRange(), Help: "number of blocks"},
		strideOfStage(),
	}, more...)
}

func strideOfStage() BuiltInOption {
	return BuiltInOption{Name: "stride", Kind: "whole number", Default: "1", Range: fmt.Sprintf("1 to %d", maxStride), Help: "of the first block"}
}

// inherited is a field of a stage whose default is the option of the same name.
func inherited(name, kind string) BuiltInOption {
	return BuiltInOption{Name: name, Kind: kind, Default: "that of the option " + name, Help: "in place of the option " + name}
}

func defaultDepth() []int { return []int{1, 2, 3} }

// The defaults that are no zero value.

func orInt(v, absent int) int {
	if v == 0 {
		return absent
	}
	return v
}

func orText[T ~string](v, absent T) T {
	if v == "" {
		return absent
	}
	return v
}

func orList[T any](v []T, absent ...T) []T {
	if v == nil {
		return absent
	}
	return v
}

// make makes a space unless the text has a mistake already.
func (r *reader) make(space func() (*Space, error)) (*Space, error) {
	if r.firstMistake() != nil {
		return nil, nil
	}
	return space()
}

// positive reads a number that must not be 0 where it is given, because 0 stands for the default.
func positive(v strict.Value) int {
	if !v.Given() {
		return 0
	}
	return int(v.Int(1, 1, maxChoice))
}

// stride reads the stride of a stage.
func (r *reader) stride(m strict.Map, at string) int {
	v := m.Get("stride")
	if !v.Given() {
		return 0
	}
	r.mark(nil, at+".stride", v)
	return positive(v)
}

// listOf reads one value or a list of them, nil if it is not given.
func listOf[T any](r *reader, v strict.Value, at string, read func(strict.Value) T) []T {
	if !v.Given() {
		return nil
	}
	r.mark(nil, at, v)
	out := []T{}
	for i, e := range oneOrMany(v) {
		r.mark(nil, indexed(at, i), e)
		out = append(out, read(e))
	}
	return out
}

// fieldOf reads a list that is a field of a stage.
func fieldOf[T any](r *reader, m strict.Map, name, at string, read func(strict.Value) T) []T {
	return listOf(r, m.Get(name), at+"."+name, read)
}

func anyNumber(v strict.Value) float64 {
	if !v.Given() {
		v.Fail("a number is missing here")
	}
	return v.Float(0, -math.MaxFloat32, math.MaxFloat32)
}

func anyWord(v strict.Value) string { return v.Text("") }
