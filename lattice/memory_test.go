package lattice_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
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

func TestPeakMemoryAgreesWithTheNetworksOfBuiltInSpaces(t *testing.T) {
	small := network.Shape{H: 16, W: 16, C: 3}
	layers := []space.ChainStage{{Layers: 2, Width: 8}, {Layers: 2, Width: 12, Stride: 2}}
	opened := map[string]func() (*space.Space, error){
		"nb201":         func() (*space.Space, error) { return space.NB201(space.NB201Options{Cells: 1, Input: small}) },
		"nb-macro":      func() (*space.Space, error) { return space.NBMacro(space.NBMacroOptions{Input: small}) },
		"resnet":        func() (*space.Space, error) { return space.ResNet(space.ResNetOptions{Input: small}) },
		"3 layers enas": func() (*space.Space, error) { return space.ENASMacro(space.ENASOptions{Layers: 3, Input: small}) },
		"1 node darts":  func() (*space.Space, error) { return space.DARTS(space.DARTSOptions{Cells: 3, Nodes: 1, Input: small}) },
		"skip chain": func() (*space.Space, error) {
			return space.Chain(space.ChainOptions{Stages: layers, Connect: space.SkipConnected, Operations: space.MobileOperations()[3:], Input: small})
		},
		"dense chain": func() (*space.Space, error) {
			return space.Chain(space.ChainOptions{Stages: layers, Connect: space.DenseConnected, Input: small})
		},
		"stages": func() (*space.Space, error) {
			return space.EfficientNetStages(space.EfficientNetOptions{Input: small, Stages: []space.EfficientNetStage{
				{Width: []int{16, 24}, Depth: []int{1, 2}, SE: []float64{0}}, {Width: []int{32}, Depth: []int{1, 2}, Stride: 2},
			}})
		},
	}
	for name, open := range opened {
		t.Run(name, func(t *testing.T) {
			s, err := open()
			e, ok := enumerate(t, must(t, s, err), 90000)
			if !ok {
				t.Fatal("the space is too large to enumerate")
			}
			e.withMemory(t)
			l := compiled(t, e.space)
			agree(t, e, l, []lattice.Limit{lattice.AtMost(lattice.Memory, e.quantile(lattice.Memory, 0))}, 1+len(e.archs)/40)
			agree(t, e, l, []lattice.Limit{
				lattice.AtMost(lattice.Memory, e.quantile(lattice.Memory, 0.5)), lattice.AtMost(lattice.MACs, e.quantile(lattice.MACs, 0.7)),
			}, 1+len(e.archs)/40)
			r, err := l.Within()
			if err != nil {
				t.Fatal(err)
			}
			memoryOf(t, e, r, e.within(nil))
		})
	}
}

// The networks of a large space are not enumerated, but what is drawn within a limit keeps it, and what is drawn of all is within iff it does.
func TestPeakMemoryOfTheNetworksOfDARTSIsThatOfTheLimit(t *testing.T) {
	s, err := space.DARTS(space.DARTSOptions{Cells: 5, Input: network.Shape{H: 16, W: 16, C: 3}})
	l := compiled(t, must(t, s, err))
	all, err := l.Within()
	if err != nil {
		t.Fatal(err)
	}
	least, greatest, err := all.MemoryRange()
	if err != nil || least >= greatest {
		t.Fatalf("memory from %d to %d: %v", least, greatest, err)
	}
	most := greatest - 4
	r, err := l.Within(lattice.AtMost(lattice.Memory, most))
	if err != nil {
		t.Fatal(err)
	}
	random := stream.New(11, "darts")
	for i := range 100 {
		a := all.Sample(random)
		if i%2 == 0 {
			a = r.Sample(random)
		}
		g, err := s.Network(a)
		if err != nil {
			t.Fatal(err)
		}
		if need := g.PeakMemory(); r.Contains(a) != (need <= most) || need < least || need > greatest {
			t.Fatalf("%v needs %d bytes, of %d to %d; within %d it is %t", a, need, least, greatest, most, r.Contains(a))
		}
	}
}

func TestALimitOnMemoryStaysWithALatticeThatWasCompiledWithIt(t *testing.T) {
	l := compiled(t, mobile(t))
	r, err := l.Within(lattice.AtMost(lattice.Memory, 512<<10))
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.Lattice().Within(lattice.AtMost(lattice.Memory, 4<<20), lattice.AtMost(lattice.MACs, 1<<40))
	if err != nil || n.Count().Cmp(r.Count()) != 0 {
		t.Errorf("%v within a limit that is wider, want %v: %v", n.Count(), r.Count(), err)
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
