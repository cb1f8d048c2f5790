package network

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Canonical returns a text that two graphs have in common only if they are the same network: if they compute the same function of the
// same trained numbers, whatever the order of their nodes. It is found by these rules:
//
//   - a node that the output does not depend on is left out;
//   - an [Identity], and a [Dropout] of rate 0, is its input;
//   - what is zero for every input is a [Zero], whatever it is made of: pooling, products, sums, flattening of zeros, activations of zeros
//     that keep them (all but sigmoid and hsigmoid), and convolutions of zeros without bias. A [BatchNorm] of zeros is not zero;
//   - sums of sums are one sum, in which zeros are left out, order does not matter, and a sum of one is that one. The factors of a product
//     of two tensors of one shape have no order either;
//   - nodes without trained numbers and without chance that do the same to the same are one. Two convolutions of the same tensor are two.
//
// The nodes that are left are numbered by what they are made of and used for (colour refinement; Weisfeiler & Leman, 1968). Graphs of the
// same text are the same network for sure. Where refinement does not tell nodes apart that are no mirror images of each other, which takes
// far more regular graphs than networks are, one network could have two texts.
//
// The text lists the nodes after their inputs, as "3 = conv(out=16,kernel=3)(2)" with "2*1" for a term that is added twice. Scopes do not
// matter. It takes some microseconds a node.
func (g *Graph) Canonical() string {
	r := reduce(g)
	r.colour()
	w := formWriter{r: r, number: make([]int, len(r.nodes))}
	w.visit(r.output)
	return w.text.String()
}

// formWriter numbers reduced nodes in the order of a walk from the output, and writes each after its inputs.
type formWriter struct {
	r      *reduced
	number []int // of nodes that are written, from 1; 0 for the others
	count  int
	text   strings.Builder
}

// visit writes a node and what it is made of.
func (w *formWriter) visit(id int) {
	if w.number[id] > 0 {
		return
	}
	n := &w.r.nodes[id]
	terms := w.ordered(n)
	for _, t := range terms {
		w.visit(t.node)
	}
	w.count++
	w.number[id] = w.count
	fmt.Fprintf(&w.text, "%d = %s(", w.count, n.label)
	if n.commutes {
		slices.SortFunc(terms, func(a, b term) int { return cmp.Compare(w.number[a.node], w.number[b.node]) })
	}
	for i, t := range terms {
		if i > 0 {
			w.text.WriteByte(',')
		}
		if t.times > 1 {
			fmt.Fprintf(&w.text, "%d*", t.times)
		}
		fmt.Fprint(&w.text, w.number[t.node])
	}
	w.text.WriteString(")\n")
}

// ordered returns the terms of a node in the order in which they are to be visited: those that are written by their number, the others by
// their colour.
func (w *formWriter) ordered(n *reducedNode) []term {
	terms := slices.Clone(n.terms)
	if n.commutes {
		slices.SortStableFunc(terms, func(a, b term) int {
			return cmp.Or(cmp.Compare(w.rank(a.node), w.rank(b.node)), cmp.Compare(w.r.nodes[a.node].colour, w.r.nodes[b.node].colour))
		})
	}
	return terms
}

func (w *formWriter) rank(id int) int {
	if w.number[id] == 0 {
		return len(w.number) + 1
	}
	return w.number[id]
}

// colour refines the colours of the nodes: from what they are made of, then from what they are used for, until no more are told apart.
func (r *reduced) colour() {
	users := make([][]term, len(r.nodes)) // times is the place among the inputs of the user, or of how many times a sum has it
	for id, n := range r.nodes {
		for at, t := range n.terms {
			place := t.times
			if !n.commutes {
				place = -1 - at
			}
			users[t.node] = append(users[t.node], term{id, place})
		}
	}
	told := 0
	for {
		for id := range r.nodes {
			n := &r.nodes[id]
			n.colour = mix(n.own, n.colour, r.blend(n.terms, n.commutes))
		}
		for id := len(r.nodes) - 1; id >= 0; id-- {
			n := &r.nodes[id]
			n.colour = mix(n.colour, 1, r.blend(users[id], true))
		}
		colours := make([]uint64, len(r.nodes))
		for id := range r.nodes {
			colours[id] = r.nodes[id].colour
		}
		slices.Sort(colours)
		if now := len(slices.Compact(colours)); now > told {
			told = now
			continue
		}
		return
	}
}

// blend is a colour of terms, with or without their order.
func (r *reduced) blend(terms []term, commutes bool) uint64 {
	sum := uint64(len(terms))
	for at, t := range terms {
		one := mix(r.nodes[t.node].colour, uint64(t.times), 2)
		if !commutes {
			one = mix(one, uint64(at), 3)
		}
		sum += one
	}
	return sum
}

// mix scrambles three numbers into one (the finaliser of SplitMix64; Steele, Lea & Flood, 2014).
func mix(a, b, c uint64) uint64 {
	x := a*0x9e3779b97f4a7c15 ^ b*0xbf58476d1ce4e5b9 ^ c*0x94d049bb133111eb
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
