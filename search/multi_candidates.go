package search

import (
	"github.com/trellis-nas/trellis/internal/stream"
	"github.com/trellis-nas/trellis/predict"
	"github.com/trellis-nas/trellis/space"
)

// frontCandidates are the architectures among which model-based strategies for several objectives choose, and their encodings: a uniform
// sample, which stays, and the new neighbours of the front.
type frontCandidates struct {
	left    *unproposed
	encoder *predict.Encoder
	index   *EncodingIndex // that is shared, or of a region that is too large to be written down; nil for none
	encoded map[space.Arch]*predict.Point
	seed    uint64
	sampled int // architectures of the sample; a region of no more is listed whole
	sample  []space.Arch
	near    map[space.Arch][]neighbour // of the front
}

func newFrontCandidates(p Problem, sampled int) frontCandidates {
	index := p.Encodings
	if index == nil && !listable(p.Region) {
		index = NewEncodingIndex(p.Region)
	}
	return frontCandidates{
		left: newUnproposed(p.Region), encoder: predict.NewEncoder(p.Region.Space()), index: index,
		encoded: map[space.Arch]*predict.Point{}, seed: p.Seed, sampled: sampled,
	}
}

// pointOf returns the point of an architecture: that of an index, which builds no networks in a large region, or else encoded once.
func (c *frontCandidates) pointOf(a space.Arch) *predict.Point {
	p, ok := c.encoded[a]
	switch {
	case ok:
	case c.index != nil:
		c.index.build()
		p = c.index.point(a)
		c.encoded[a] = p
	default:
		q := c.encoder.Encode(a)
		p = &q
		c.encoded[a] = p
	}
	return p
}

func (c *frontCandidates) pointsOf(archs []space.Arch) []*predict.Point {
	out := make([]*predict.Point, len(archs))
	for i, a := range archs {
		out[i] = c.pointOf(a)
	}
	return out
}

// fixed returns the sample.
func (c *frontCandidates) fixed() []space.Arch {
	if c.sample == nil {
		c.sample = c.left.some(c.sampled, stream.New(c.seed, "candidates"))
	}
	return c.sample
}

// candidates returns architectures worth a look: the sample and the neighbours of the front, those proposed before left out. Of
// more neighbours than half as many again as the sample, an arbitrary choice of about that many stays for a round.
func (c *frontCandidates) candidates(front []space.Arch, round int) []space.Arch {
	listed := map[space.Arch]bool{}
	var all []space.Arch
	add := func(a space.Arch) {
		if !listed[a] && !c.left.proposed(a) {
			listed[a] = true
			all = append(all, a)
		}
	}
	for _, a := range c.fixed() {
		add(a)
	}
	near, total := map[space.Arch][]neighbour{}, 0
	for _, a := range front {
		if _, met := near[a]; !met {
			near[a] = c.near[a]
			if near[a] == nil {
				near[a] = c.neighboursOf(a)
			}
			total += len(near[a])
		}
	}
	c.near = near
	share := float64(c.sampled) * 3 / 2 / float64(max(1, total))
	for _, a := range front {
		for _, b := range near[a] {
			if share >= 1 || b.drawn(uint64(round)) < share {
				add(b.arch)
			}
		}
	}
	return all
}

// neighbour is a neighbour of an architecture of the front, with the number that chooses among many.
type neighbour struct {
	arch space.Arch
	lot  uint64
}

// drawn returns a number from 0 to 1 that depends on the neighbour and the round (the finaliser of SplitMix64, Steele et al., 2014).
func (b neighbour) drawn(round uint64) float64 {
	h := b.lot + round*0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return float64(h^h>>31) / (1 << 64)
}

// neighboursOf returns the feasible neighbours of an architecture.
func (c *frontCandidates) neighboursOf(a space.Arch) []neighbour {
	out := []neighbour{}
	for _, b := range c.left.around(a) {
		out = append(out, neighbour{b, predict.Feature(b.String())})
	}
	return out
}
