package space

import (
	"fmt"
	"slices"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// OptionError is an error about an option of a built-in space, or the template of any.
type OptionError struct {
	Option string // as in a space file: "stages[1].width"
	Err    error
}

// Error returns the sentence after the name of the option.
func (e *OptionError) Error() string { return e.Option + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *OptionError) Unwrap() error { return e.Err }

// optionChecks collects the first mistake in the options of a built-in space.
type optionChecks struct{ err error }

func (c *optionChecks) fail(option, format string, args ...any) {
	if c.err == nil {
		c.err = &OptionError{option, fmt.Errorf(format, args...)}
	}
}

func (c *optionChecks) between(option string, v, least, most int) {
	if v < least || v > most {
		c.fail(option, "%d is out of range; it must be from %d to %d", v, least, most)
	}
}

// someStages checks that there are stages.
func (c *optionChecks) someStages(n int) {
	if n == 0 {
		c.fail("stages", "there must be at least one stage")
	}
}

// stage checks what stages of free width and depth have in common.
func (c *optionChecks) stage(at string, width, depth []int, stride int) {
	widths(c, at+".width", width)
	depths(c, at+".depth", depth)
	c.between(at+".stride", stride, 1, maxStride)
}

// eachOnce wants at least one value, and none twice.
func eachOnce[T comparable](c *optionChecks, option string, values []T) {
	if len(values) == 0 {
		c.fail(option, "there must be at least one value")
	}
	for i, v := range values {
		if slices.Index(values, v) != i {
			c.fail(indexed(option, i), "%v is given twice", v)
		}
	}
}

// widths checks a list of numbers of channels.
func widths(c *optionChecks, option string, values []int) {
	eachOnce(c, option, values)
	for i, w := range values {
		c.between(indexed(option, i), w, 1, maxWidth)
	}
}

// depths checks a list of numbers of blocks.
func depths(c *optionChecks, option string, values []int) {
	eachOnce(c, option, values)
	for i, d := range values {
		c.between(indexed(option, i), d, 1, maxCount)
	}
}

// wordsOf checks a list of words of which there are only some.
func wordsOf(c *optionChecks, option string, values []string, known ...string) {
	eachOnce(c, option, values)
	for i, v := range values {
		if !slices.Contains(known, v) {
			c.fail(indexed(option, i), "%q is unknown; %s", v, nearest.Advice(v, known))
		}
	}
}
