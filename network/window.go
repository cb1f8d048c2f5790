package network

import (
	"errors"
	"fmt"
)

// maxWindow bounds kernel, stride and dilation, so that the span of a dilated kernel fits in an int.
const maxWindow = 1 << 15

// window is what convolutions and pools share: a kernel that slides over height and width.
type window struct {
	kernel, stride, dilation int
	valid                    bool
}

// slide returns the output height and width for an input. Same padding puts dilation·(kernel−1)/2 zeros on each side,
// so that the output is ⌈input/stride⌉; valid padding puts none.
func (w window) slide(in Shape) (h, v int, err error) {
	if err := w.check(); err != nil {
		return 0, 0, err
	}
	if !w.valid {
		if err := w.centred(in); err != nil {
			return 0, 0, err
		}
		return ceilDiv(in.H, w.stride), ceilDiv(in.W, w.stride), nil
	}
	span := w.dilation*(w.kernel-1) + 1
	if span > in.H || span > in.W {
		size := fmt.Sprintf("%dx%d", span, span)
		if w.dilation > 1 {
			size = fmt.Sprintf("%d with dilation %d, spanning %s,", w.kernel, w.dilation, size)
		}
		return 0, 0, fmt.Errorf("kernel %s is larger than the input %v", size, in)
	}
	return (in.H-span)/w.stride + 1, (in.W-span)/w.stride + 1, nil
}

// slideSteps returns the output steps of a kernel that slides over the steps of a sequence. Causal padding puts
// dilation·(kernel−1) zeros before the first step.
func (w window) slideSteps(in Shape, causal bool) (int, error) {
	if in.H != 1 {
		return 0, fmt.Errorf("input %v is no sequence 1xTxC", in)
	}
	if err := w.check(); err != nil {
		return 0, err
	}
	switch {
	case w.valid && causal:
		return 0, errors.New("padding is either valid or causal, not both")
	case causal:
		return ceilDiv(in.W, w.stride), nil
	case !w.valid:
		return ceilDiv(in.W, w.stride), w.centred(in)
	}
	span := w.dilation*(w.kernel-1) + 1
	if span > in.W {
		return 0, fmt.Errorf("kernel %d with dilation %d spans %d steps, more than input %v has", w.kernel, w.dilation, span, in)
	}
	return (in.W-span)/w.stride + 1, nil
}

// check checks the bounds of the attributes.
func (w window) check() error {
	if err := atLeastOne("kernel", w.kernel, maxWindow); err != nil {
		return err
	}
	if err := atLeastOne("stride", w.stride, maxWindow); err != nil {
		return err
	}
	return atLeastOne("dilation", w.dilation, maxWindow)
}

// centred checks that same padding can centre the kernel.
func (w window) centred(in Shape) error {
	if w.kernel%2 == 0 {
		return fmt.Errorf("kernel %d is even, which same padding cannot centre on input %v; use %d or valid padding",
			w.kernel, in, w.kernel+1)
	}
	return nil
}

func ceilDiv(a, b int) int { return (a-1)/b + 1 }

// atLeastOne checks that 1 ≤ value ≤ limit.
func atLeastOne(name string, value, limit int) error {
	if value < 1 {
		return fmt.Errorf("%s is %d; it must be at least 1", name, value)
	}
	if value > limit {
		return fmt.Errorf("%s is %d; it must be at most %d", name, value, limit)
	}
	return nil
}

// orOne reads the zero value of an attribute as its default 1.
func orOne(v int) int {
	if v == 0 {
		return 1
	}
	return v
}
