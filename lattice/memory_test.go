package lattice_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/network"
	"github.com/trellis-nas/trellis/space"
	"pgregory.net/rapid"
)

// withMemory adds what the networks need.
func (e *enumerated) withMemory(t failer) {
	e.further = map[lattice.Metric][]int64{}
	for _, a := range e.archs {
		g, err := e.space.Network(a)
		if err != nil {
			t.Fatalf("%v", err)
		}
		e.further[lattice.Memory] = append(e.further[lattice.Memory], g.PeakMemory())
	}
}

// limitedMemory draws limits with one on memory, at or next to what an architecture needs.
func (e enumerated) limitedMemory(t *rapid.T) []lattice.Limit {
	limits := e.limits(t, []lattice.Metric{lattice.Params})
	at := rapid.IntRange(0, len(e.archs)-1).Draw(t, "needs")
	most := e.value(at, lattice.Memory) - int64(4*rapid.IntRange(0, 1).Draw(t, "less"))
	return append(limits, lattice.AtMost(lattice.Memory, max(1, most)))
}

func TestPeakMemoryAgreesWithTheNetworksOfRandomSpaces(t *testing.T) {
	check := func(t *rapid.T) {
		e := draw(t, 600)
		l, err := lattice.Compile(e.space)
		if err != nil {
			t.Fatal(err)
		}
		e.withMemory(t)
		limits := e.limitedMemory(t)
		agree(t, e, l, limits, 1+len(e.archs)/50)
		agree(t, e, l, e.limitedMemory(t), 1+len(e.archs)/50)
		if inside := e.within(limits); len(inside) > 0 {
			r, err := l.Within(limits...)
			if err != nil {
				t.Fatal(err)
			}
			memoryOf(t, e, r, inside)
		}
	}
	for range 3 {
		rapid.Check(t, check)
	}
}

// memoryOf checks the range, the histogram and the front of memory of a region against its architectures.
func memoryOf(t failer, e enumerated, r *lattice.Region, inside []int) {
	t.Helper()
	var needs []int64
	for _, i := range inside {
		needs = append(needs, e.value(i, lattice.Memory))
	}
	if least, greatest, err := r.MemoryRange(); err != nil || least != slices.Min(needs) || greatest != slices.Max(needs) {
		t.Fatalf("memory from %d to %d (%v), want %d to %d", least, greatest, err, slices.Min(needs), slices.Max(needs))
	}
	h, err := r.Histogram(lattice.Memory, 4)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for bin, n := range h.Counts {
		want := int64(0)
		for _, v := range needs {
			if v >= h.Edges[bin] && v < h.Edges[bin+1] {
				want++
			}
		}
		if n.Cmp(big.NewInt(want)) != 0 {
			t.Fatalf("%v architectures need %d to %d bytes, want %d", n, h.Edges[bin], h.Edges[bin+1]-1, want)
		}
	}
	front, err := r.Front(lattice.Memory, stepScore)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for k, p := range front {
		at := slices.Index(e.archs, p.Arch)
		if !slices.Contains(inside, at) || p.Cost != e.value(at, lattice.Memory) || p.Score != e.scoreOf(p.Arch) {
			t.Fatalf("%v is on the front with %d bytes and %v", p.Arch, p.Cost, p.Score)
		}
		if k > 0 && (front[k-1].Cost >= p.Cost || front[k-1].Score >= p.Score) {
			t.Fatalf("the front is out of order: %v", front)
		}
	}
	for _, i := range inside {
		need, score := e.value(i, lattice.Memory), e.scoreOf(e.archs[i])
		if !slices.ContainsFunc(front, func(p lattice.Trade) bool { return p.Cost <= need && p.Score >= score }) {
			t.Fatalf("nothing on the front is as good as %v with %d bytes and %v", e.archs[i], need, score)
		}
	}
}

func TestPeakMemoryOfASmallMobileSpace(t *testing.T) {
	s, err := space.Mobile(space.MobileOptions{
		Input:  network.Shape{H: 16, W: 16, C: 1},
		Stages: []space.MobileStage{{Width: []int{8, 12}, Depth: []int{1, 2}, Kernel: []int{3}}, {Width: []int{16, 24}, Depth: []int{1, 2}, Stride: 2, Kernel: []int{3}}},
		SE:     []float64{0}, Expand: []float64{3, 6},
	})
	e, _ := enumerate(t, must(t, s, err), 20000)
	e.withMemory(t)
	l := compiled(t, e.space)
	median := e.quantile(lattice.Memory, 0.4)
	limits := []lattice.Limit{lattice.AtMost(lattice.Memory, median), lattice.AtMost(lattice.MACs, e.quantile(lattice.MACs, 0.5))}
	agree(t, e, l, limits, 7)
	agree(t, e, l.Chained(), limits, 7)
	r, err := l.Within(limits[1])
	if err != nil {
		t.Fatal(err)
	}
	h, err := r.Histogram(lattice.Memory, 5)
	if err != nil {
		t.Fatal(err)
	}
	total := new(big.Int)
	for bin, n := range h.Counts {
		want := int64(0)
		for _, i := range e.within(limits[1:]) {
			if v := e.value(i, lattice.Memory); v >= h.Edges[bin] && v < h.Edges[bin+1] {
				want++
			}
		}
		if n.Cmp(big.NewInt(want)) != 0 {
			t.Errorf("%v architectures need %d to %d bytes, want %d", n, h.Edges[bin], h.Edges[bin+1]-1, want)
		}
		total.Add(total, n)
	}
	if total.Cmp(r.Count()) != 0 {
		t.Errorf("%v architectures in all bins, want %v", total, r.Count())
	}
	_, err = l.Within(lattice.AtMost(lattice.Memory, 100))
	least := slices.Min(e.further[lattice.Memory])
	want := fmt.Sprintf("no architecture of space \"mobile\" has at most 100 bytes of peak memory; the smallest has %d KiB of peak memory", least/1024)
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v", err)
	}
}
