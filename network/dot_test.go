package network_test

import (
	"strings"
	"testing"

	. "github.com/trellis-nas/trellis/network"
)

func TestTheGraphvizSourceOfASmallNetworkIsThis(t *testing.T) {
	b := NewBuilder(Shape{H: 8, W: 8, C: 3})
	restore := b.Scope("stage1.block1")
	x := b.Add(BatchNorm{}, b.Add(Pointwise(4), b.Input()))
	y := b.Add(Add{}, x, b.Add(Depthwise{Kernel: 3}, x))
	restore()
	g, err := b.Build(y)
	if err != nil {
		t.Fatal(err)
	}
	const want = `digraph network {
	graph [rankdir=TB, labelloc=t, label=<<B>a &lt; b</B><BR/><FONT POINT-SIZE="10" COLOR="#606060">56 params, 3.07k MACs</FONT>>, fontname="Helvetica", fontsize=14, nodesep=0.25, ranksep=0.3]
	node [shape=box, style="filled,rounded", fontname="Helvetica", fontsize=11, margin="0.12,0.05", height=0.3, penwidth=1]
	edge [fontname="Helvetica", fontsize=9, fontcolor="#606060", color="#606060", arrowsize=0.6]
	b0 [label=<input<BR/><FONT POINT-SIZE="9">8×8×3</FONT>>, tooltip="%0 input: 8x8x3", fillcolor="#f0f0f0", color="#808080"]
	subgraph cluster0 {
		graph [label=<stage1.block1>, labeljust=l, fontsize=9, fontcolor="#808080", style="filled,rounded", color="#d0d0d0", fillcolor="#fafafa", margin=6]
		b1 [label=<1×1 conv 4<BR/><FONT POINT-SIZE="9">BN</FONT><BR/><FONT POINT-SIZE="8" COLOR="#606060">25 % of MACs</FONT>>, tooltip="%1 conv(out=4,kernel=1): 8x8x4, 12 params\n%2 batchnorm: 8x8x4, 8 params", fillcolor="#d9e9f5", color="#0072b2"]
		b2 [label=<3×3 depthwise<BR/><FONT POINT-SIZE="8" COLOR="#606060">75 % of MACs</FONT>>, tooltip="%3 depthwise(kernel=3): 8x8x4, 36 params", fillcolor="#e4f4fc", color="#3a9fd6", penwidth=3, color="#d55e00"]
		b3 [label=<+>, tooltip="%4 add: 8x8x4", fillcolor="#dcf1ea", color="#009e73", shape=circle, margin=0, height=0.28, width=0.28, fixedsize=true]
	}
	b0 -> b1
	b1 -> b2 [label=" 8×8×4"]
	b1 -> b3
	b2 -> b3
	output [label="output", fillcolor="#ffffff", color="#606060"]
	b3 -> output [label=" 8×8×4"]
}
`
	d := Drawing{Title: "a < b", Highlight: []int{3}}
	got := d.DOT(g)
	if got != want {
		t.Errorf("the source is\n%s", got)
	}
	if again := d.DOT(g); again != got {
		t.Error("a second drawing differs")
	}
}

func TestEveryColumnAfterTheFirstBeginsWithTheConnectorThatEndedAnother(t *testing.T) {
	g, err := MobileNetV2Small(Shape{H: 28, W: 28, C: 1}, 10, 1)
	if err != nil {
		t.Fatal(err)
	}
	dot := Drawing{Columns: 3}.DOT(g)
	for _, part := range []string{
		`[shape=circle, label="A"`, `[shape=circle, label="B"`, "in1 -> ", "in2 -> ", "{rank=same; b0 -> in1 -> in2 [style=invis",
	} {
		if !strings.Contains(dot, part) {
			t.Errorf("the source lacks %q", part)
		}
	}
	if strings.Contains(Drawing{Columns: 1}.DOT(g), "in1") {
		t.Error("a drawing of one column has a connector")
	}
	if !strings.Contains(Drawing{Across: true}.DOT(g), "rankdir=LR") {
		t.Error("a drawing across goes downwards")
	}
}
