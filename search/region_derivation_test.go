package search_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/search"
	"github.com/trellis-nas/trellis/space"
)

var _ search.Derivation = (*lattice.Derivation)(nil)

// Through a list of the architectures within a limit the ways are those through the region of the lattice within that limit.
func TestAListIsDerivedAsTheRegionOfTheLatticeIs(t *testing.T) {
	s := conform.Space(t, 3)
	l, err := lattice.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	low, high := whole.Range(lattice.Params)
	exact, err := l.Within(lattice.Limit{Metric: lattice.Params, Max: (low + high) / 2})
	if err != nil {
		t.Fatal(err)
	}
	var archs []space.Arch
	for a := range s.Each() {
		if exact.Contains(a) {
			archs = append(archs, a)
		}
	}
	slices.Reverse(archs)
	listed, err := search.NewListed(s, archs)
	if err != nil {
		t.Fatal(err)
	}
	one, two := derivations(t, exact), derivations(t, listed)
	third := derivations(t, conform.Enumerate(s, exact.Contains))
	if one.Longest != 6 || two.Longest != 6 || third.Longest != 6 {
		t.Errorf("the longest derivations have %d, %d and %d decisions, want 6", one.Longest, two.Longest, third.Longest)
	}
	r := stream.New(1, "ways")
	met := map[space.Arch]bool{}
	for range 40000 {
		a, b, c := one.Begin(), two.Begin(), third.Begin()
		for {
			decision, more := a.Decision()
			if d, m := b.Decision(); d != decision || m != more {
				t.Fatalf("the list meets decision %d (%t), want %d (%t)", d, m, decision, more)
			}
			if !slices.Equal(a.Open(), b.Open()) || !slices.Equal(a.Open(), c.Open()) {
				t.Fatalf("open are %v and %v in lists, want %v", b.Open(), c.Open(), a.Open())
			}
			if !more {
				break
			}
			option := a.Open()[r.IntN(len(a.Open()))]
			a.Take(option)
			b.Take(option)
			c.Take(option)
		}
		if a.Arch() != b.Arch() || a.Arch() != c.Arch() || !exact.Contains(a.Arch()) {
			t.Fatalf("one way ends in %v, %v and %v", a.Arch(), b.Arch(), c.Arch())
		}
		met[a.Arch()] = true
	}
	if len(met) != len(archs) {
		t.Errorf("40000 random ways end in %d of %d architectures", len(met), len(archs))
	}
}

func derivations(t *testing.T, region search.Region) search.Derivations {
	t.Helper()
	d, err := search.DerivationsOf(region)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// endless is a region that says it has more architectures than can be listed.
type endless struct{ *conform.Enumerated }

func (e endless) Count() *big.Int { return big.NewInt(1 << 40) }

func TestARegionThatCannotBeListedHasNoDerivations(t *testing.T) {
	_, err := search.DerivationsOf(endless{conform.Enumerate(conform.Space(t, 1), nil)})
	if err == nil || !strings.Contains(err.Error(), "too large to be listed") {
		t.Errorf("the error is %v", err)
	}
}
