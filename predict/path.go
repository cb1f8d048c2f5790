package predict

import (
	"math"
	"slices"
)

// maxPaths bounds the paths of a cell; a cell of more tells its edges only.
const maxPaths = 64

// paths counts the paths through the cells of a canonical graph, as sequences of coarse labels. A cell is what lies between two bottlenecks:
// parts that everything passes through.
func (e *canonicalGraph) paths(grains func(*part) grain) []Count {
	if e.output == nothing {
		return nil
	}
	var features []uint64
	open := [][]uint64{} // the paths that end at each part of the present cell
	first, reach := 0, 0
	consumers := e.lastConsumers()
	for i := range e.parts[:e.output+1] {
		p := &e.parts[i]
		var here []uint64
		if p.live {
			here = e.extend(p, i, first, open, grains)
			if reach <= i { // nothing goes past this part: a cell ends and another one begins
				if i > 0 {
					features = append(features, here...)
				}
				first, open = i, nil
				here = []uint64{1}
			}
			reach = max(reach, consumers[i])
		}
		open = append(open, here)
	}
	return tally(features)
}

// lastConsumers returns the last live part that takes the output of each.
func (e *canonicalGraph) lastConsumers() []int {
	last := make([]int, len(e.parts))
	for i, p := range e.parts {
		if p.live {
			for _, in := range p.inputs {
				if in != nothing {
					last[in] = i
				}
			}
		}
	}
	return last
}

// extend returns the paths that end with part p, each as a hash. Where there are too many it returns those of the last edge alone.
func (e *canonicalGraph) extend(p *part, at, first int, open [][]uint64, grains func(*part) grain) []uint64 {
	var out []uint64
	for _, in := range p.inputs {
		if in != nothing && in >= first && in < at {
			out = append(out, open[in-first]...)
		}
	}
	if len(out) > maxPaths {
		out = out[:0]
		for _, in := range p.inputs {
			if in != nothing {
				out = append(out, grains(&e.parts[in]).coarse)
			}
		}
	}
	if p.sum || accompanies(p.op) {
		return out
	}
	label := grains(p).coarse
	for i := range out {
		out[i] = mix(out[i], label)
	}
	return out
}

// tally counts equal features, which it sorts.
func tally(features []uint64) []Count {
	slices.Sort(features)
	var counts []Count
	for first := 0; first < len(features); {
		last := first + 1
		for last < len(features) && features[last] == features[first] {
			last++
		}
		counts = append(counts, Count{features[first], math.Log1p(float64(last - first))})
		first = last
	}
	return counts
}
