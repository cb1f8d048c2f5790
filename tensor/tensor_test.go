package tensor_test

import (
	"testing"
	"unsafe"

	"github.com/trellis-nas/trellis/tensor"
	"pgregory.net/rapid"
)

func TestAShapeCountsItsElementsAndPrintsItsExtents(t *testing.T) {
	for _, c := range []struct {
		shape tensor.Shape
		size  int
		text  string
	}{
		{tensor.Of(), 1, "scalar"},
		{tensor.Of(7), 7, "7"},
		{tensor.Of(2, 3, 4, 5), 120, "2x3x4x5"},
		{tensor.Of(2, 0), 0, "2x0"},
	} {
		if c.shape.Size() != c.size || c.shape.String() != c.text {
			t.Errorf("got size %d and text %q; want %d and %q", c.shape.Size(), c.shape, c.size, c.text)
		}
	}
	if s := tensor.Of(2, 3, 4); s.At(-1) != 4 || s.At(0) != 2 {
		t.Errorf("extents of %v counted from either end are %d and %d; want 2 and 4", s, s.At(0), s.At(-1))
	}
}

func TestACloneDoesNotShareItsData(t *testing.T) {
	a := tensor.View(tensor.Of(2), []float32{1, 2})
	b := a.Clone()
	b.Data()[0] = 9
	if a.Data()[0] != 1 {
		t.Errorf("writing to the clone changed the original to %v", a.Data())
	}
}

func TestAPlanNeverOverlapsValuesAliveAtTheSameTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lives := make([]tensor.Lifetime, rapid.IntRange(1, 40).Draw(t, "n"))
		load := make([]int, 50)
		for i := range lives {
			first := rapid.IntRange(0, 40).Draw(t, "first")
			l := tensor.Lifetime{Size: rapid.IntRange(0, 200).Draw(t, "size"), First: first, Last: first + rapid.IntRange(0, 9).Draw(t, "span")}
			lives[i] = l
			for s := l.First; s <= l.Last; s++ {
				load[s] += (l.Size + tensor.Align - 1) / tensor.Align * tensor.Align
			}
		}
		offsets, total := tensor.Pack(lives)
		sum := 0
		for i, a := range lives {
			sum += a.Size + tensor.Align
			if offsets[i]%tensor.Align != 0 || offsets[i]+a.Size > total {
				t.Fatalf("value %d lies at %d..%d of %d", i, offsets[i], offsets[i]+a.Size, total)
			}
			for j, b := range lives[:i] {
				inTime := a.First <= b.Last && b.First <= a.Last
				inSpace := offsets[i] < offsets[j]+b.Size && offsets[j] < offsets[i]+a.Size
				if inTime && inSpace && a.Size > 0 && b.Size > 0 {
					t.Fatalf("values %d %+v at %d and %d %+v at %d overlap", i, a, offsets[i], j, b, offsets[j])
				}
			}
		}
		for s, need := range load {
			if need > total {
				t.Fatalf("step %d needs %d numbers and the plan has %d", s, need, total)
			}
		}
		if total > sum {
			t.Fatalf("the plan takes %d numbers, more than all values side by side (%d)", total, sum)
		}
	})
}

func TestAPlanReusesTheMemoryOfDeadValues(t *testing.T) {
	_, total := tensor.Pack([]tensor.Lifetime{{160, 0, 1}, {160, 1, 2}, {160, 2, 3}, {160, 3, 4}})
	if total != 320 {
		t.Errorf("a chain of four values takes %d numbers; want the 320 of two", total)
	}
}

func TestAnArenaIsAlignedAndSaysWhenItsSlabChanged(t *testing.T) {
	var a tensor.Arena
	a.Reserve(100)
	g := a.Generation()
	s := a.Slice(16, 10)
	if len(s) != 10 || cap(s) != 10 {
		t.Errorf("a slice of 10 has length %d and capacity %d", len(s), cap(s))
	}
	if p := uintptr(unsafe.Pointer(&s[0])); p%64 != 0 {
		t.Errorf("the slab is not aligned to a cache line: %x", p)
	}
	if a.Reserve(50); a.Generation() != g {
		t.Error("reserving less than there is replaced the slab")
	}
	if a.Reserve(200); a.Generation() == g || a.Bytes() != 800 {
		t.Errorf("after growing to 200 numbers: generation %d (was %d), %d bytes", a.Generation(), g, a.Bytes())
	}
}
