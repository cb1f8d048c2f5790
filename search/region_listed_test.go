package search_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
)

var (
	_ search.Region        = (*search.Listed)(nil)
	_ search.Neighbourhood = (*search.Listed)(nil)
)

func TestAListIsTheRegionOfItsArchitectures(t *testing.T) {
	s := conform.Space(t, 3)
	all := slices.Collect(s.Each())
	rapid.Check(t, func(t *rapid.T) {
		kept := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, 40, func(a space.Arch) space.Arch { return a }).Draw(t, "list")
		l, err := search.NewListed(s, kept)
		if err != nil {
			t.Fatal(err)
		}
		if l.Count().Int64() != int64(len(kept)) {
			t.Errorf("%d architectures count as %v", len(kept), l.Count())
		}
		for i, a := range kept {
			if b, err := l.Unrank(big.NewInt(int64(i))); err != nil || b != a || !l.Contains(a) {
				t.Errorf("the architecture at %d is %v, %v", i, b, err)
			}
		}
		if !slices.Contains(kept, l.Sample(stream.New(1, "sample"))) {
			t.Error("what is drawn is not listed")
		}
		if _, err := l.Unrank(big.NewInt(int64(len(kept)))); err == nil {
			t.Error("there is one behind the last")
		}
		a := rapid.SampledFrom(all).Draw(t, "from")
		near := l.Near(a)
		if len(near) < min(10, len(kept)-1) || slices.Contains(near, a) {
			t.Errorf("%d of %d are near", len(near), len(kept))
		}
	})
}

func TestInAWholeListTheNearestAreTheNeighbours(t *testing.T) {
	s := conform.Space(t, 5)
	l, err := search.NewListed(s, slices.Collect(s.Each()))
	if err != nil {
		t.Fatal(err)
	}
	for i := int64(0); i < l.Count().Int64(); i += 1999 {
		a, err := l.Unrank(big.NewInt(i))
		if err != nil {
			t.Fatal(err)
		}
		near := l.Near(a)
		for b := range s.Neighbours(a) {
			if b.Len() == a.Len() && !slices.Contains(near, b) {
				t.Errorf("%v is a neighbour of %v, and not near", b, a)
			}
		}
	}
}

func TestAListRefusesStrangersAndRepeats(t *testing.T) {
	s := conform.Space(t, 1)
	one := slices.Collect(s.Each())[0]
	for what, archs := range map[string][]space.Arch{
		"none":       nil,
		"a repeat":   {one, one},
		"a stranger": {space.NewArch(99)},
	} {
		if _, err := search.NewListed(s, archs); err == nil {
			t.Errorf("a list of %s is accepted", what)
		}
	}
}
