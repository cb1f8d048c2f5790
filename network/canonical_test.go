package network

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// reordered returns the same network with its nodes in another order, the terms of its sums in another order, and identities put in between.
func reordered(t *rapid.T, g *Graph) *Graph {
	b := NewBuilder(g.Input())
	refs := map[int]Ref{0: 0}
	for len(refs) < len(g.Nodes) {
		var ready []int
		for id, n := range g.Nodes {
			_, done := refs[id]
			for _, from := range n.Inputs {
				if _, ok := refs[from]; !ok {
					done = true
				}
			}
			if !done {
				ready = append(ready, id)
			}
		}
		n := g.Nodes[rapid.SampledFrom(ready).Draw(t, "next")]
		in := make([]Ref, len(n.Inputs))
		for i, from := range n.Inputs {
			in[i] = refs[from]
			if rapid.IntRange(0, 5).Draw(t, "identity") == 0 {
				in[i] = b.Add(Identity{}, in[i])
			}
		}
		if _, ok := n.Op.(Add); ok {
			in = rapid.Permutation(in).Draw(t, "terms")
		}
		refs[n.ID] = b.Add(n.Op, in...)
	}
	out, err := b.Build(refs[g.Output])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheOrderOfNodesIsNoPartOfTheCanonicalForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		other := reordered(t, g)
		if a, b := g.Canonical(), other.Canonical(); a != b {
			t.Fatalf("%s\nhas the form\n%s\nand in another order\n%s\nthe form\n%s", g.Text(), a, other.Text(), b)
		}
	})
}

func TestCanonicalFormsTellWhatIsTheSameNetwork(t *testing.T) {
	const head = "input 8x8x4\n"
	build := func(text func(b *Builder, x Ref) Ref) string {
		b := NewBuilder(Shape{8, 8, 4})
		g, err := b.Build(text(b, 0))
		if err != nil {
			t.Fatal(err)
		}
		return g.Canonical()
	}
	conv := Conv{Out: 4, Kernel: 3}
	for name, c := range map[string]struct {
		a, b func(b *Builder, x Ref) Ref
		same bool
	}{
		"identities are merged": {
			func(b *Builder, x Ref) Ref { return b.Add(conv, b.Add(Identity{}, x)) },
			func(b *Builder, x Ref) Ref { return b.Add(Identity{}, b.Add(conv, x)) }, true},
		"a branch that nothing reads is left out": {
			func(b *Builder, x Ref) Ref { b.Add(conv, x); return b.Add(conv, x) },
			func(b *Builder, x Ref) Ref { return b.Add(conv, x) }, true},
		"zeros are no terms of sums": {
			func(b *Builder, x Ref) Ref { return b.Add(Add{}, b.Add(conv, x), b.Add(Zero{}, x)) },
			func(b *Builder, x Ref) Ref { return b.Add(conv, x) }, true},
		"zeros stay zeros": {
			func(b *Builder, x Ref) Ref {
				return b.Add(Add{}, x, b.Add(AvgPool{Kernel: 3}, b.Add(conv, b.Add(Activation{}, b.Add(Zero{}, x)))))
			},
			func(b *Builder, x Ref) Ref { return x }, true},
		"but not behind a bias": {
			func(b *Builder, x Ref) Ref {
				return b.Add(Add{}, x, b.Add(Conv{Out: 4, Kernel: 3, Bias: true}, b.Add(Zero{}, x)))
			},
			func(b *Builder, x Ref) Ref { return x }, false},
		"nor behind a sigmoid": {
			func(b *Builder, x Ref) Ref { return b.Add(Add{}, x, b.Add(Activation{Sigmoid}, b.Add(Zero{}, x))) },
			func(b *Builder, x Ref) Ref { return x }, false},
		"sums are flat": {
			func(b *Builder, x Ref) Ref {
				return b.Add(Add{}, b.Add(Add{}, b.Add(conv, x), x), b.Add(MaxPool{Kernel: 3}, x))
			},
			func(b *Builder, x Ref) Ref {
				return b.Add(Add{}, x, b.Add(Add{}, b.Add(MaxPool{Kernel: 3}, x), b.Add(conv, x)))
			}, true},
		"a term may be added twice": {
			func(b *Builder, x Ref) Ref { return b.Add(Add{}, x, b.Add(Add{}, x, b.Add(conv, x))) },
			func(b *Builder, x Ref) Ref { return b.Add(Add{}, x, b.Add(conv, x)) }, false},
		"two convolutions are not one used twice": {
			func(b *Builder, x Ref) Ref { return b.Add(Add{}, b.Add(conv, x), b.Add(conv, x)) },
			func(b *Builder, x Ref) Ref { y := b.Add(conv, x); return b.Add(Add{}, y, y) }, false},
		"two poolings are one used twice": {
			func(b *Builder, x Ref) Ref {
				return b.Add(Concat{}, b.Add(AvgPool{Kernel: 3}, x), b.Add(AvgPool{Kernel: 3}, x))
			},
			func(b *Builder, x Ref) Ref { y := b.Add(AvgPool{Kernel: 3}, x); return b.Add(Concat{}, y, y) }, true},
		"attributes matter": {
			func(b *Builder, x Ref) Ref { return b.Add(conv, x) },
			func(b *Builder, x Ref) Ref { return b.Add(Conv{Out: 4, Kernel: 5}, x) }, false},
		"the order of channels matters": {
			func(b *Builder, x Ref) Ref { return b.Add(Concat{}, b.Add(conv, x), x) },
			func(b *Builder, x Ref) Ref { return b.Add(Concat{}, x, b.Add(conv, x)) }, false},
		"factors have no order": {
			func(b *Builder, x Ref) Ref { return b.Add(Multiply{}, b.Add(conv, x), x) },
			func(b *Builder, x Ref) Ref { return b.Add(Multiply{}, x, b.Add(conv, x)) }, true},
		"which of two equal branches goes on does not matter": {
			func(b *Builder, x Ref) Ref {
				l, r := b.Add(conv, x), b.Add(conv, x)
				return b.Add(Concat{}, b.Add(Add{}, l, r), b.Add(BatchNorm{}, l))
			},
			func(b *Builder, x Ref) Ref {
				l, r := b.Add(conv, x), b.Add(conv, x)
				return b.Add(Concat{}, b.Add(Add{}, r, l), b.Add(BatchNorm{}, r))
			}, true},
	} {
		if a, b := build(c.a), build(c.b); (a == b) != c.same {
			t.Errorf("%s: should be the same: %t\n%s%s\n%s%s", name, c.same, head, a, head, b)
		}
	}
}

func TestTheCanonicalFormListsANetworkAfterItsInputs(t *testing.T) {
	b := NewBuilder(Shape{8, 8, 4})
	x := b.Add(Conv{Out: 4, Kernel: 3}, 0)
	g, err := b.Build(b.Add(Add{}, x, 0, x))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"1 = input 8x8x4()", "2 = conv(out=4,kernel=3)(1)", "3 = add(1,2*2)", ""}
	if got := g.Canonical(); got != strings.Join(want, "\n") {
		t.Errorf("the form is\n%s", got)
	}
}
