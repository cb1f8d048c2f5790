package predict

// key returns a number that two networks share if their canonical graphs are the same up to the order of nodes and of the terms of sums, and but
// for chance (10⁻¹⁰ among 50,000 networks) otherwise only if neither sums, identities nor zeros tell them apart. Sums are taken apart into their terms, so that
// (a+b)+c is a+(b+c) wherever else a+b goes. Every part has a hash of all that goes into it and one of all that becomes of it; the key
// is of the multiset of both, because a part that is used twice is not two parts that are alike.
func (e *canonicalGraph) key(labels func(*part) uint64) uint64 {
	if e.output == nothing {
		return 0
	}
	terms := e.terms()
	below := make([]uint64, len(e.parts))
	for i := range e.parts {
		p := &e.parts[i]
		if !p.live || p.sum {
			continue
		}
		h := labels(p)
		for _, in := range p.inputs {
			var port uint64
			if in != nothing {
				for _, t := range terms[in] {
					port += mix(below[t.part], t.times)
				}
			}
			h = mix(h, port)
		}
		below[i] = h
	}
	above := make([]uint64, len(e.parts))
	for _, t := range terms[e.output] {
		above[t.part] += mix(1, t.times)
	}
	var key uint64
	for i := len(e.parts) - 1; i >= 0; i-- {
		p := &e.parts[i]
		if !p.live || p.sum {
			continue
		}
		both := mix(below[i], above[i])
		key += mix(both, 2)
		for port, in := range p.inputs {
			if in != nothing {
				for _, t := range terms[in] {
					above[t.part] += mix(mix(both, uint64(port)+3), t.times)
				}
			}
		}
	}
	return mix(key, 0)
}

// term is a part that is not a sum, and how often a sum holds it (modulo 2⁶⁴).
type term struct {
	part  int
	times uint64
}

// terms returns what the output of each part is the sum of, in ascending order of the parts.
func (e *canonicalGraph) terms() [][]term {
	all := make([][]term, len(e.parts))
	times := make([]uint64, len(e.parts))
	for i, p := range e.parts {
		switch {
		case !p.live:
		case !p.sum:
			all[i] = []term{{i, 1}}
		default:
			last := 0
			for _, in := range p.inputs {
				for _, t := range all[in] {
					times[t.part] += t.times
					last = max(last, t.part)
				}
			}
			var sum []term
			for j := range times[:last+1] {
				if times[j] != 0 {
					sum = append(sum, term{j, times[j]})
					times[j] = 0
				}
			}
			all[i] = sum
		}
	}
	return all
}
