package space_test

import (
	"fmt"
	"log"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

// A space of one to two inverted residuals, each with a kernel of its own, behind a stem whose width is free.
func ExampleNew() {
	body := space.SeqOf(
		&space.Let{Var: "width", Values: space.Values(8, 16), Body: space.LeafOf(&space.Conv{Out: space.Var("width"), Stride: space.Of(2)})},
		&space.Repeat{Counts: []int{1, 2}, Body: &space.Let{
			Var: "kernel", Values: space.Values(3, 5), Body: space.LeafOf(&space.MBConv{Kernel: space.Var("kernel")}),
		}},
		space.LeafOf(&space.Head{}),
	)
	s, err := space.New("tiny", network.Shape{H: 28, W: 28, C: 1}, body, space.Classes(10))
	if err != nil {
		log.Fatal(err)
	}
	for a := range s.Each() {
		g, err := s.Network(a)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-9s %5d params\n", s.Format(a), g.Params())
	}
	a, _ := s.Parse("16 2 3 5")
	for _, d := range s.Decisions(a) {
		fmt.Println(d.Name, "is", d.Options[d.Chosen], "of", d.Options)
	}
	// Output:
	// 8 1 3      1586 params
	// 8 1 5      2354 params
	// 8 2 3 3    2994 params
	// 8 2 3 5    3762 params
	// 8 2 5 3    3762 params
	// 8 2 5 5    4530 params
	// 16 1 3     4698 params
	// 16 1 5     6234 params
	// 16 2 3 3   9050 params
	// 16 2 3 5  10586 params
	// 16 2 5 3  10586 params
	// 16 2 5 5  12122 params
	// width is 16 of [8 16]
	// depth is 2 of [1 2]
	// block1.kernel is 3 of [3 5]
	// block2.kernel is 5 of [3 5]
}

func ExampleOpen() {
	s, err := space.Open("nb201", space.Params{"input": "28x28x1", "channels": "8"})
	if err != nil {
		log.Fatal(err)
	}
	a, err := s.Parse("|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|")
	if err != nil {
		log.Fatal(err)
	}
	g, err := s.Network(a)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a, g.Cost())
	// Output: 3.0.1.0.0.4 {79634 8235456}
}
