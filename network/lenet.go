package network

// LeNet5 builds LeNet-5 (LeCun, Bottou, Bengio & Haffner 1998) in the form trained today: 5×5 convolutions to 6 and 16
// channels, each followed by ReLU and 2×2 max pooling, then dense layers of 120, 84 and classes.
//
// The paper's images are 32×32 with the digit in the middle 28×28. So smaller images are padded by 2 on each side
// before the first convolution, and images of 32×32 or more are not. The smallest image is 12×12.
// For 28×28×1 and 10 classes it has 61,706 params and 416,520 MACs.
func LeNet5(in Shape, classes int) (*Graph, error) {
	b := NewBuilder(in)
	x := b.Input()
	convPool := func(x Ref, scope string, out int, valid bool) Ref {
		defer b.Scope(scope)()
		x = b.Add(Conv{Out: out, Kernel: 5, Valid: valid, Bias: true}, x)
		x = b.Add(Activation{ReLU}, x)
		return b.Add(MaxPool{Kernel: 2, Stride: 2, Valid: true}, x)
	}
	x = convPool(x, "conv1", 6, min(in.H, in.W) >= 32)
	x = convPool(x, "conv2", 16, true)
	restore := b.Scope("head")
	x = b.Add(Flatten{}, x)
	for _, width := range []int{120, 84} {
		x = b.Add(Dense{Out: width}, x)
		x = b.Add(Activation{ReLU}, x)
	}
	x = b.Add(Dense{Out: classes}, x)
	restore()
	return b.Build(x)
}
