package network

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// By hand, in elements: the input 4·4·2 = 32, c 4·4·4 = 64, r 64, p 4·4·2 = 32, the sum 32.
//
//	input              32
//	c = conv(input)    32+64            = 96
//	r = relu(c)        32+64+64         = 160   the input waits for the sum
//	p = conv(r)        32+64+32         = 128   c is gone
//	s = input + p      32+32+32         = 96
//	d = relu(s)        32+32            = 64
func TestPeakMemoryOfAResidualBlockIsThatComputedByHand(t *testing.T) {
	b := NewBuilder(Shape{4, 4, 2})
	c := b.Add(Pointwise(4), b.Input())
	r := b.Add(Activation{ReLU}, c)
	p := b.Add(Pointwise(2), r)
	s := b.Add(Add{}, b.Input(), p)
	g, err := b.Build(b.Add(Activation{ReLU}, s))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := g.PeakMemory(), int64(160*4); got != want {
		t.Errorf("peak memory is %d bytes; want %d", got, want)
	}
}

func TestANetworkOfNothingNeedsItsInput(t *testing.T) {
	g, err := NewBuilder(Shape{28, 28, 1}).Build(0)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := g.PeakMemory(), int64(28*28*4); got != want {
		t.Errorf("peak memory is %d bytes; want %d", got, want)
	}
}

// The oracle asks at every step, for every tensor made so far, whether anything still needs it.
func TestPeakMemoryEqualsTheBruteForceSimulation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		peak := 0
		for now := range g.Nodes {
			alive := 0
			for made := 0; made <= now; made++ {
				needed := made == now || made == g.Output
				for _, later := range g.Nodes[now:] {
					needed = needed || slices.Contains(later.Inputs, made)
				}
				if needed {
					alive += g.Nodes[made].Shape.Elements()
				}
			}
			peak = max(peak, alive)
		}
		if got := g.PeakMemory(); got != int64(peak)*4 {
			t.Fatalf("peak memory is %d bytes; the simulation says %d, for\n%v", got, peak*4, g)
		}
	})
}

// A network runs inside of a larger one that keeps a tensor beside it and may read the input again.
func TestTheFootprintOfAPartSaysWhatTheWholeNeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		f := g.Footprint()
		input := g.Input().Bytes()
		if alone := max(input, f.Before, f.After); alone != g.PeakMemory() {
			t.Fatalf("alone it needs %d bytes of %+v; want %d", alone, f, g.PeakMemory())
		}
		b := &Graph{Nodes: slices.Clone(g.Nodes), Output: g.Output}
		b.Nodes = append(b.Nodes, Node{ID: len(g.Nodes), Op: Add{}, Inputs: []int{0, 0}, Shape: g.Input()})
		// what the sum itself needs: the input, the output of the part, and the sum
		sum := 2 * input
		if !f.Through {
			sum += g.OutputShape().Bytes()
		}
		want := max(f.Before, sum)
		if f.After > 0 {
			want = max(want, f.After+input)
		}
		if got := b.PeakMemory(); got != want {
			t.Fatalf("with its input read again it needs %d bytes, %+v says %d", got, f, want)
		}
	})
}
