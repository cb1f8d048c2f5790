package search

import (
	"fmt"
	"math"
	"math/big"
	"sync"

	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/lattice"
	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// indexLimit is how many architectures a region may have to be written down with all their encodings.
const indexLimit = 50_000

// EncodingIndex is what can be said of the architectures of a region before any is tried: their encodings, and which of them are the same network.
// Strategies with models work on it. It is made when it is first needed, and is then the same for every strategy, so those that
// search one region, as with different seeds, should share one. It is safe for concurrent use.
type EncodingIndex struct {
	region Region
	once   sync.Once

	lock    sync.Mutex // of the encoder
	encoder *predict.Encoder

	lattice *lattice.Lattice // what points are read from if the index is not whole; nil for none
	sample  []*predict.Point // drawn uniformly, for the scales of kernels
	archs   []space.Arch     // of the whole region; none if it is too large
	points  []*predict.Point // of archs
	ranks   map[space.Arch]int
	class   []int   // of archs; those of one class are the same network
	classes [][]int // the places of their members
	merging bool    // whether equal keys mean equal networks
}

// NewEncodingIndex returns the index of a region, which costs nothing until it is needed.
func NewEncodingIndex(region Region) *EncodingIndex { return &EncodingIndex{region: region} }

// indexSample is the number of architectures from which the scales of kernels are taken.
const indexSample = 200

// indexStream names the random stream of the sample; another name would draw another sample.
const indexStream = "atlas"

// build makes the index, if it was not made before.
func (a *EncodingIndex) build() {
	a.once.Do(func() {
		a.encoder = predict.NewEncoder(a.region.Space())
		a.merging = a.keysTell()
		if listable(a.region) {
			a.enumerate(int(a.region.Count().Int64()))
		} else {
			a.lattice = latticeOf(a.region)
		}
		r := stream.New(0, indexStream)
		for range indexSample {
			a.sample = append(a.sample, a.point(a.region.Sample(r)))
		}
	})
}

// listable reports whether a region is small enough to be written down.
func listable(r Region) bool {
	n := r.Count()
	return n.IsInt64() && n.Int64() <= indexLimit
}

func (a *EncodingIndex) enumerate(n int) {
	a.ranks = make(map[space.Arch]int, n)
	of := map[uint64]int{}
	for i := range n {
		arch, err := a.region.Unrank(big.NewInt(int64(i)))
		if err != nil {
			panic(fmt.Sprintf("search: a region of %d architectures has none of rank %d: %v", n, i, err))
		}
		p := a.encoder.Encode(arch)
		class, known := of[p.Key]
		if !known || !a.merging {
			class = len(a.classes)
			of[p.Key] = class
			a.classes = append(a.classes, nil)
		}
		a.classes[class] = append(a.classes[class], i)
		a.archs, a.points, a.class = append(a.archs, arch), append(a.points, &p), append(a.class, class)
		a.ranks[arch] = i
	}
}

// keysTell reports whether architectures of equal keys can be taken for one network: if every decision is seen to change the key of some
// architecture. Where one never does, as in a space whose blocks stand for operators that Trellis does not build, the networks do not
// say what the architectures are.
func (a *EncodingIndex) keysTell() bool {
	const tries = 16
	s := a.region.Space()
	r := stream.New(0, "keys")
	silent := map[string]bool{}
	for range tries {
		arch := a.region.Sample(r)
		key := a.encoder.Encode(arch).Key
		for _, d := range s.Decisions(arch) {
			if still, met := silent[d.Name]; met && !still {
				continue
			}
			silent[d.Name] = true
			kept := d
			other, err := s.Derive(follow(s.Decisions(arch), kept.Name, (d.Chosen+1+r.IntN(len(d.Options)-1))%len(d.Options)))
			if err == nil && a.encoder.Encode(other).Key != key {
				silent[d.Name] = false
			}
		}
	}
	for _, still := range silent {
		if still {
			return false
		}
	}
	return true
}

// follow chooses what decisions chose, but an option of the named one.
func follow(decisions []space.Decision, name string, option int) func(space.Decision) int {
	chosen := make(map[string]int, len(decisions))
	for _, d := range decisions {
		chosen[d.Name] = d.Chosen
	}
	chosen[name] = option
	return func(d space.Decision) int { return min(chosen[d.Name], len(d.Options)-1) }
}

// whole reports whether the index has every architecture of the region.
func (a *EncodingIndex) whole() bool { return len(a.archs) > 0 }

// point returns the encoding of an architecture of the space, which need not be in the region. Where the index is not whole and a lattice
// knows the costs, the network is not built, and the point has no labels and no paths.
func (a *EncodingIndex) point(arch space.Arch) *predict.Point {
	if i, ok := a.ranks[arch]; ok {
		return a.points[i]
	}
	if a.lattice != nil {
		if p, ok := latticePoint(a.lattice, arch); ok {
			return &p
		}
		p := a.unlisted(arch)
		return &p
	}
	a.lock.Lock()
	defer a.lock.Unlock()
	p := a.encoder.Encode(arch)
	return &p
}

// key returns the key of an architecture's network, which it builds.
func (a *EncodingIndex) key(arch space.Arch) uint64 {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.encoder.Encode(arch).Key
}

// costMetrics are the costs of a point, in their order.
var costMetrics = [...]lattice.Metric{lattice.Params, lattice.MACs}

// latticePoint returns a point without labels, paths and key: what a lattice says of an architecture, false if it does not have it.
func latticePoint(l *lattice.Lattice, a space.Arch) (p predict.Point, ok bool) {
	var err error
	if p.Options, err = l.Options(a); err != nil {
		return p, false
	}
	for i, m := range costMetrics {
		cost, err := l.Cost(a, m)
		if err != nil {
			panic(fmt.Sprintf("search: %v", err))
		}
		p.Cost[i] = math.Log1p(float64(cost))
	}
	return p, true
}

// unlisted returns such a point of an architecture of the space that a lattice left out, because it breaks a limit on memory.
func (a *EncodingIndex) unlisted(arch space.Arch) predict.Point {
	a.lock.Lock()
	cost := a.encoder.Encode(arch).Cost
	a.lock.Unlock()
	column := map[string]int{}
	for i, d := range a.lattice.Decisions() {
		column[d.Name] = i
	}
	p := predict.Point{Options: make([]int, len(column)), Cost: cost}
	for _, d := range a.region.Space().Decisions(arch) {
		if i, known := column[d.Name]; known {
			p.Options[i] = d.Chosen + 1
		}
	}
	return p
}

// latticeOf returns the lattice of a region, or nil if it has none.
func latticeOf(region Region) *lattice.Lattice {
	if r, ok := region.(interface{ Lattice() *lattice.Lattice }); ok {
		return r.Lattice()
	}
	return nil
}
