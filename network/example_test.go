package network_test

import (
	"fmt"

	"github.com/trellis-nas/trellis/network"
)

func ExampleBuilder() {
	b := network.NewBuilder(network.Shape{H: 28, W: 28, C: 1})
	x := b.Add(network.Conv{Out: 8, Kernel: 3, Stride: 2}, b.Input())
	x = b.Add(network.BatchNorm{}, x)
	x = b.Add(network.Activation{Func: network.ReLU6}, x)
	x = b.SqueezeExcite(x, 2, network.HSigmoid)
	x = b.Add(network.GlobalAvgPool{}, x)
	x = b.Add(network.Dense{Out: 10}, x)
	g, err := b.Build(x)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(g.Text())
	fmt.Println(g.Params(), "params,", g.MACs(), "MACs,", g.PeakMemory(), "bytes of activations at most")
	// Output:
	// %0 = input : 28x28x1
	// %1 = conv(out=8,kernel=3,stride=2) %0 : 14x14x8
	// %2 = batchnorm %1 : 14x14x8
	// %3 = relu6 %2 : 14x14x8
	// %4 = globalavgpool %3 : 1x1x8
	// %5 = conv(out=2,kernel=1,bias) %4 : 1x1x2
	// %6 = relu %5 : 1x1x2
	// %7 = conv(out=8,kernel=1,bias) %6 : 1x1x8
	// %8 = hsigmoid %7 : 1x1x8
	// %9 = multiply %3 %8 : 14x14x8
	// %10 = globalavgpool %9 : 1x1x8
	// %11 = dense(out=10) %10 : 1x1x10
	// output %11
	// 220 params, 14224 MACs, 12576 bytes of activations at most
}

func ExampleBuilder_mistake() {
	b := network.NewBuilder(network.Shape{H: 14, W: 14, C: 16})
	restore := b.Scope("stage2.block1")
	wide := b.Add(network.Pointwise(24), b.Input())
	sum := b.Add(network.Add{}, b.Input(), wide)
	restore()
	_, err := b.Build(sum)
	fmt.Println(err)
	// Output: node 2 (add, "stage2.block1"): inputs 14x14x16 and 14x14x24 differ
}
