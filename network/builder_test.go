package network_test

import (
	"errors"
	"reflect"
	"testing"

	. "github.com/trellis-nas/trellis/network"
)

func TestANetworkWithMismatchedAddNamesTheNodeItsScopeAndBothShapes(t *testing.T) {
	b := NewBuilder(Shape{H: 14, W: 14, C: 16})
	x := b.Input()
	for range 5 {
		x = b.Add(Identity{}, x)
	}
	defer b.Scope("stage2")()
	defer b.Scope("block1")()
	b.Add(Add{}, x, b.Add(Pointwise(24), x))
	want := `node 7 (add, "stage2.block1"): inputs 14x14x16 and 14x14x24 differ`
	if b.Err() == nil || b.Err().Error() != want {
		t.Errorf("the builder says %v; want %s", b.Err(), want)
	}
}

func TestTheFirstMistakeIsKeptAndLaterCallsAreHarmless(t *testing.T) {
	b := NewBuilder(Shape{H: 4, W: 4, C: 1})
	x := b.Add(Conv{Out: 4, Kernel: 9, Valid: true}, b.Input())
	first := b.Err()
	if want := "node 1 (conv): kernel 9x9 is larger than the input 4x4x1"; first == nil || first.Error() != want {
		t.Fatalf("the builder says %v; want %s", first, want)
	}
	x = b.Add(Dense{Out: -1}, x, 99)
	x = b.SqueezeExcite(x, 0, Sigmoid)
	b.Scope("\x00")()
	b.Fail(errors.New("another"))
	if s := b.Shape(x); s != (Shape{}) {
		t.Errorf("after a mistake a shape is %v; want the zero Shape", s)
	}
	g, err := b.Build(x)
	if g != nil || err != first {
		t.Errorf("Build gives %v, %v; want the first mistake", g, err)
	}
}

func TestBuilderMistakesAreToldPlainly(t *testing.T) {
	for want, mistake := range map[string]func(*Builder) Ref{
		"node 1 (add): input %7 is no earlier node":       func(b *Builder) Ref { return b.Add(Add{}, 0, 7) },
		"node 1 (identity): input %-1 is no earlier node": func(b *Builder) Ref { return b.Add(Identity{}, -1) },
		"node 1 (input): only node 0 is an input":         func(b *Builder) Ref { return b.Add(Input{}) },
		"node 1: has no operator":                         func(b *Builder) Ref { return b.Add(nil, 0) },
		"the output is node 3, but there are nodes 0 to 0 only": func(b *Builder) Ref {
			return 3
		},
		`scope "a\nb" holds unprintable characters or begins or ends with a space`: func(b *Builder) Ref {
			defer b.Scope("a\nb")()
			return b.Input()
		},
		"stem: no such kernel": func(b *Builder) Ref {
			defer b.Scope("stem")()
			b.Fail(errors.New("no such kernel"))
			return b.Input()
		},
	} {
		b := NewBuilder(Shape{H: 4, W: 4, C: 1})
		if _, err := b.Build(mistake(b)); err == nil || err.Error() != want {
			t.Errorf("Build says %v; want %s", err, want)
		}
	}
	if _, err := NewBuilder(Shape{H: 4, W: 4}).Build(0); err == nil || err.Error() != "node 0 (input): shape 4x4x0 has a dimension below 1" {
		t.Errorf("a sample without channels gives %v", err)
	}
}

func TestDefaultsAreWrittenOutSoThatEqualNetworksHaveEqualNodes(t *testing.T) {
	build := func(conv, depthwise, max, avg, zero Op) *Graph {
		b := NewBuilder(Shape{H: 8, W: 8, C: 4})
		x := b.Input()
		for _, op := range []Op{conv, depthwise, max, avg, zero} {
			x = b.Add(op, x)
		}
		g, err := b.Build(x)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	short := build(Conv{Out: 8, Kernel: 3}, &Depthwise{Kernel: 3}, MaxPool{Kernel: 3}, &AvgPool{Kernel: 3}, Zero{})
	long := build(Conv{Out: 8, Kernel: 3, Stride: 1, Dilation: 1, Groups: 1}, Depthwise{Kernel: 3, Stride: 1, Dilation: 1},
		MaxPool{Kernel: 3, Stride: 1}, AvgPool{Kernel: 3, Stride: 1}, Zero{Stride: 1})
	if !reflect.DeepEqual(short, long) {
		t.Errorf("two ways to write one network differ:\n%v\n%v", short, long)
	}
	if err := short.Validate(); err != nil {
		t.Error(err)
	}
}

func TestScopesNestAndEnd(t *testing.T) {
	b := NewBuilder(Vector(4))
	outer := b.Scope("stage1")
	inner := b.Scope("block1")
	b.Add(Identity{}, 0)
	inner()
	b.Add(Identity{}, 0)
	unnamed := b.Scope("")
	b.Add(Identity{}, 0)
	unnamed()
	outer()
	g, err := b.Build(b.Add(Identity{}, 0))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", "stage1.block1", "stage1", "stage1", ""} {
		if got := g.Nodes[i].Scope; got != want {
			t.Errorf("node %d has scope %q; want %q", i, got, want)
		}
	}
}

func TestAGraphDoesNotChangeWhenItsBuilderGoesOn(t *testing.T) {
	b := NewBuilder(Vector(4))
	one := b.Add(Identity{}, 0)
	g, err := b.Build(one)
	if err != nil {
		t.Fatal(err)
	}
	before := g.Text()
	b.Add(Dense{Out: 3}, one)
	h, err := b.Build(b.Add(Dense{Out: 2}, one))
	if err != nil {
		t.Fatal(err)
	}
	if g.Text() != before || len(h.Nodes) != 4 {
		t.Errorf("the first network became\n%v and the second is\n%v", g, h)
	}
}

func TestSqueezeExciteCostsItsTwoPointwiseLayers(t *testing.T) {
	b := NewBuilder(Shape{H: 7, W: 7, C: 24})
	x := b.SqueezeExcite(b.Input(), 6, HSigmoid)
	g, err := b.Build(x)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := g.Cost(), (Cost{Params: 24*6 + 6 + 6*24 + 24, MACs: 24*6 + 6*24}); got != want {
		t.Errorf("it costs %+v; want %+v", got, want)
	}
	if g.OutputShape() != g.Input() {
		t.Errorf("it gives %v for %v", g.OutputShape(), g.Input())
	}
}
