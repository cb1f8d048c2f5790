package predict

import (
	"testing"

	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
)

func nb201(t testing.TB) *space.Space {
	t.Helper()
	s, err := space.NB201(space.NB201Options{Cells: 1, Channels: 4})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func encode(t testing.TB, e *Encoder, s *space.Space, text string) Point {
	t.Helper()
	a, err := s.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return e.Encode(a)
}

func TestCellsThatComputeTheSameShareAKey(t *testing.T) {
	s := nb201(t)
	e := NewEncoder(s)
	same := [][2]string{
		// Which of two nodes does it, as nobody else looks at it.
		{"|nor_conv_3x3~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|", "|none~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|skip_connect~2|"},
		// A branch that goes nowhere.
		{"|nor_conv_1x1~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|skip_connect~2|", "|none~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|skip_connect~2|"},
		// A convolution of nothing.
		{"|none~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|none~0|nor_conv_1x1~1|skip_connect~2|", "|none~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|skip_connect~2|"},
		// (x + f(x)) + x by either way, once as x + f(x) + x.
		{"|skip_connect~0|+|nor_conv_3x3~0|skip_connect~1|+|skip_connect~0|none~1|skip_connect~2|", "|nor_conv_3x3~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|none~1|skip_connect~2|"},
		// Nothing arrives.
		{"|none~0|+|none~0|none~1|+|none~0|nor_conv_3x3~1|nor_conv_3x3~2|", "|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|none~2|"},
	}
	for _, pair := range same {
		if encode(t, e, s, pair[0]).Key != encode(t, e, s, pair[1]).Key {
			t.Errorf("%s and %s compute the same and have different keys", pair[0], pair[1])
		}
	}
	different := [][2]string{
		// One convolution used twice is not two convolutions.
		{"|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|skip_connect~1|skip_connect~2|", "|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|none~0|skip_connect~1|skip_connect~2|"},
		// The order of two different convolutions.
		{"|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|none~0|none~1|skip_connect~2|", "|nor_conv_1x1~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|skip_connect~2|"},
		{"|skip_connect~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|", "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"},
	}
	for _, pair := range different {
		if encode(t, e, s, pair[0]).Key == encode(t, e, s, pair[1]).Key {
			t.Errorf("%s and %s differ and have one key", pair[0], pair[1])
		}
	}
}

func TestArchitecturesOfOneKeyHaveTheSameCostWhenTheirDeadBranchesAreFree(t *testing.T) {
	s, err := space.NBMacro(space.NBMacroOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e := NewEncoder(s)
	costs := map[uint64][2]float64{}
	n := 0
	for a := range s.Each() {
		p := e.Encode(a)
		if before, known := costs[p.Key]; known && before != p.Cost {
			t.Fatalf("%v costs %v, another one of its key %v", a, p.Cost, before)
		}
		costs[p.Key] = p.Cost
		n++
	}
	// Identity commutes with its neighbour within two pairs of layers: 3⁴·7² different networks, as in the published table.
	if len(costs) != 3969 {
		t.Errorf("%d architectures have %d keys, not 3969", n, len(costs))
	}
}

func TestPathsOfACellAreThoseFromItsInputToItsOutput(t *testing.T) {
	s := nb201(t)
	e := NewEncoder(s)
	one := encode(t, e, s, "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|")
	same := encode(t, e, s, "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|")
	more := encode(t, e, s, "|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|skip_connect~1|none~2|")
	if (Paths{}).Distance(&one, &same) != 0 {
		t.Error("the same path through another node is another path")
	}
	if (Paths{}).Distance(&one, &more) == 0 {
		t.Error("one path more makes no difference")
	}
}

func TestAConstantNetworkHasAKey(t *testing.T) {
	b := network.NewBuilder(network.Shape{H: 2, W: 2, C: 1})
	g, err := b.Build(b.Add(network.Zero{}, b.Input()))
	if err != nil {
		t.Fatal(err)
	}
	canonical := canonicalOf(g)
	if canonical.key(func(*part) uint64 { return 1 }) != 0 || canonical.histogram(nil) != nil || canonical.paths(nil) != nil {
		t.Error("zero is something")
	}
}
