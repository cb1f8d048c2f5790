package predict

import (
	"github.com/trellis-nas/trellis/network"
)

// Count is how often a network has a feature.
type Count struct {
	Feature uint64  // its hash
	Log     float64 // of one more than the number of times
}

// neighbourhoods is how far Weisfeiler-Lehman labels look: a label of round 2 knows the neighbours of neighbours.
const neighbourhoods = 2

// grain is the hash of what a label of a part says.
type grain struct {
	fine   uint64 // the operator with its attributes and its input's shape
	coarse uint64 // kind, kernel, stride and the ratio of channels, alike in all stages
}

// histogram counts the labels of a graph (Shervashidze et al., "Weisfeiler-Lehman Graph Kernels", 2011; of neural architectures Ru et al.,
// 2021): those of round 0 are operators, those of round h+1 the label of round h together with the multisets of the labels before and
// behind it. The graph is that of the parts that do the work: normalisations, activations and dropout belong to the operator
// that follows, and a sum that only goes into a sum is part of that. Rounds are of coarse labels, so that cells of all stages are
// alike; fine labels are counted as they are.
func (e *canonicalGraph) histogram(grains func(*part) grain) []Count {
	if e.output == nothing {
		return nil
	}
	n := len(e.parts)
	label, fine := make([]uint64, n+1), make([]uint64, n+1) // the last is the output
	before, behind := make([][]int, n+1), make([][]int, n+1)
	uses := make([]int, n)
	for i := range e.parts {
		if p := &e.parts[i]; p.live {
			for _, in := range p.inputs {
				if in != nothing {
					uses[in]++
				}
			}
		}
	}
	uses[e.output]++
	// sources lists the working parts that a part's input comes from, and mixes what is on the way into its label.
	var sources func(i, in int)
	sources = func(i, in int) {
		if in == nothing {
			return
		}
		p := &e.parts[in]
		switch {
		case accompanies(p.op):
			label[i] += mix(grains(p).coarse, 1)
			sources(i, p.inputs[0])
		case p.sum && i < n && e.parts[i].sum && uses[in] == 1:
			for _, next := range p.inputs {
				sources(i, next)
			}
		default:
			before[i] = append(before[i], in)
		}
	}
	merged := make([]bool, n)
	for i := range e.parts {
		if p := &e.parts[i]; p.live && p.sum {
			for _, in := range p.inputs {
				merged[in] = merged[in] || e.parts[in].sum && uses[in] == 1
			}
		}
	}
	works := make([]int, 0, n+1)
	for i := range e.parts {
		p := &e.parts[i]
		if !p.live || merged[i] || accompanies(p.op) {
			continue
		}
		works = append(works, i)
		g := grains(p)
		fine[i], label[i] = g.fine, label[i]+g.coarse
		for _, in := range p.inputs {
			sources(i, in)
		}
	}
	works = append(works, n)
	sources(n, e.output)
	for _, i := range works {
		for _, in := range before[i] {
			behind[in] = append(behind[in], i)
		}
	}
	return count(works, label, fine, before, behind)
}

// count counts the labels of all rounds.
func count(works []int, label, fine []uint64, before, behind [][]int) []Count {
	var features []uint64
	for _, i := range works {
		features = append(features, mix(label[i], 100), mix(fine[i], 99))
	}
	for round := range neighbourhoods {
		next := make([]uint64, len(label))
		for _, i := range works {
			var in, out uint64
			for _, j := range before[i] {
				in += mix(label[j], 11)
			}
			for _, j := range behind[i] {
				out += mix(label[j], 13)
			}
			next[i] = mix(mix(label[i], in), out)
			features = append(features, mix(next[i], uint64(101+round)))
		}
		label = next
	}
	return tally(features)
}

// accompanies reports whether an operator belongs to the one that follows.
func accompanies(op network.Op) bool {
	switch op.(type) {
	case network.BatchNorm, network.Activation, network.Dropout:
		return true
	}
	return false
}
