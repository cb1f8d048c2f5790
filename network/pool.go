package network

// MaxPool takes the largest value of each window; padding never wins. A zero Stride reads as 1.
// Padding is that of [Conv]: same unless Valid.
type MaxPool struct {
	Kernel, Stride int
	Valid          bool
}

// AvgPool takes the mean of each window; padding is not counted in. A zero Stride reads as 1.
// Padding is that of [Conv]: same unless Valid.
type AvgPool struct {
	Kernel, Stride int
	Valid          bool
}

// GlobalAvgPool takes the mean of each channel over all positions, giving a vector.
type GlobalAvgPool struct{}

// Kind returns "maxpool".
func (MaxPool) Kind() string { return "maxpool" }

// String returns the text form, as "maxpool(kernel=2,stride=2,valid)".
func (p MaxPool) String() string { return poolText("maxpool", p.Kernel, p.Stride, p.Valid) }

// Infer returns the output shape for one input; the channels stay.
func (p MaxPool) Infer(in []Shape) (Shape, error) { return poolInfer(in, p.Kernel, p.Stride, p.Valid) }

// Cost returns zero.
func (MaxPool) Cost([]Shape) Cost { return Cost{} }

func (p MaxPool) normal() Op { p.Stride = orOne(p.Stride); return p }

// Kind returns "avgpool".
func (AvgPool) Kind() string { return "avgpool" }

// String returns the text form, as "avgpool(kernel=3)".
func (p AvgPool) String() string { return poolText("avgpool", p.Kernel, p.Stride, p.Valid) }

// Infer returns the output shape for one input; the channels stay.
func (p AvgPool) Infer(in []Shape) (Shape, error) { return poolInfer(in, p.Kernel, p.Stride, p.Valid) }

// Cost returns zero.
func (AvgPool) Cost([]Shape) Cost { return Cost{} }

func (p AvgPool) normal() Op { p.Stride = orOne(p.Stride); return p }

// Kind returns "globalavgpool".
func (GlobalAvgPool) Kind() string { return "globalavgpool" }

// String returns "globalavgpool".
func (GlobalAvgPool) String() string { return "globalavgpool" }

// Infer returns the vector of the channels of its one input.
func (GlobalAvgPool) Infer(in []Shape) (Shape, error) {
	x, err := unary(in)
	return Shape{1, 1, x.C}, err
}

// Cost returns zero.
func (GlobalAvgPool) Cost([]Shape) Cost { return Cost{} }

func (o GlobalAvgPool) normal() Op { return o }

func poolText(kind string, kernel, stride int, valid bool) string {
	var t opText
	t.number("kernel", kernel)
	t.numberUnless("stride", orOne(stride), 1)
	t.flag("valid", valid)
	return t.of(kind)
}

func poolInfer(in []Shape, kernel, stride int, valid bool) (Shape, error) {
	x, err := unary(in)
	if err != nil {
		return Shape{}, err
	}
	h, w, err := window{kernel, orOne(stride), 1, valid}.slide(x)
	return Shape{h, w, x.C}, err
}
