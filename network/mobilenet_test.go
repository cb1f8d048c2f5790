package network_test

import (
	"strings"
	"testing"

	. "github.com/trellis-nas/trellis/network"
)

// One inverted residual by hand, on 14×14×24 with expansion 6 to 24 channels:
// expand 24·144 weights and 2·144 of batch norm, depthwise 9·144 and 2·144, project 144·24 and 2·24.
func TestTheBlocksOfMobileNetCostWhatTheHandComputes(t *testing.T) {
	g, err := MobileNetV2Small(Shape{H: 28, W: 28, C: 1}, 10, 1)
	if err != nil {
		t.Fatal(err)
	}
	var got Cost
	for _, n := range g.Nodes {
		if n.Scope == "stage2.block2" {
			got = got.Plus(g.NodeCost(n.ID))
		}
	}
	want := Cost{
		Params: 24*144 + 2*144 + 9*144 + 2*144 + 144*24 + 2*24,
		MACs:   14 * 14 * (24*144 + 9*144 + 144*24),
	}
	if got != want {
		t.Errorf("stage2.block2 costs %+v; want %+v", got, want)
	}
	if got, want := g.Cost(), (Cost{Params: 139370, MACs: 10168976}); got != want {
		t.Errorf("the whole costs %+v; want %+v", got, want)
	}
}

func TestTheWidthMultiplierRoundsChannelsToMultiplesOfEight(t *testing.T) {
	for width, want := range map[float64]string{0.25: "8 8 8 16 128", 0.5: "8 16 16 32 128", 0.75: "16 24 24 48 128", 1: "16 24 32 64 128", 1.4: "24 32 48 88 176"} {
		g, err := MobileNetV2Small(Shape{H: 28, W: 28, C: 1}, 10, width)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, scope := range []string{"stage1.block1", "stage2.block1", "stage3.block1", "stage4.block1", "head"} {
			for _, n := range g.Nodes {
				if _, ok := n.Op.(Conv); ok && n.Scope == scope && (scope == "head" || isProjection(g, n)) {
					got = append(got, strings.Split(n.Shape.String(), "x")[2])
				}
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("at width %v the channels are %s; want %s", width, s, want)
		}
	}
}

// isProjection tells the last convolution of a block: the one fed by a depthwise convolution's activation.
func isProjection(g *Graph, n Node) bool {
	act := g.Nodes[n.Inputs[0]]
	if len(act.Inputs) == 0 {
		return false
	}
	norm := g.Nodes[act.Inputs[0]]
	return len(norm.Inputs) > 0 && g.Nodes[norm.Inputs[0]].Op.Kind() == "depthwise"
}

func TestNamedNetworksAreFoundAndOthersNameTheNearest(t *testing.T) {
	in := Shape{H: 16, W: 16, C: 1}
	for _, name := range append(NamedNetworks(), "mobilenetv2-small@0.5") {
		g, err := Named(name, in, 7)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if g.Input() != in || g.OutputShape() != Vector(7) {
			t.Errorf("%s maps %v to %v", name, g.Input(), g.OutputShape())
		}
	}
	for name, want := range map[string]string{
		"lenet":                  `unknown network "lenet"; nearest is "lenet5"; there are lenet5, mobilenetv2-small`,
		"mobilenet-v2-small":     `unknown network "mobilenet-v2-small"; nearest is "mobilenetv2-small"; there are lenet5, mobilenetv2-small`,
		"lenet5@2":               `network "lenet5@2": lenet5 takes no width multiplier`,
		"mobilenetv2-small@wide": `network "mobilenetv2-small@wide": the width multiplier "wide" is no number`,
		"mobilenetv2-small@0":    "width multiplier is 0; it must be above 0 and at most 8",
		"mobilenetv2-small@NaN":  "width multiplier is NaN; it must be above 0 and at most 8",
	} {
		if _, err := Named(name, in, 7); err == nil || err.Error() != want {
			t.Errorf("%s says %v; want %s", name, err, want)
		}
	}
	if _, err := LeNet5(Shape{H: 11, W: 11, C: 1}, 10); err == nil || err.Error() != `node 6 (maxpool, "conv2"): kernel 2x2 is larger than the input 1x1x16` {
		t.Errorf("LeNet-5 on 11×11 says %v", err)
	}
	if _, err := LeNet5(in, 0); err == nil || err.Error() != `node 12 (dense, "head"): out is 0; it must be at least 1` {
		t.Errorf("LeNet-5 of no classes says %v", err)
	}
}
