package model

import (
	"github.com/trellis-nas/trellis/internal/kernel"
	"github.com/trellis-nas/trellis/network"
)

// instruction computes the value of one node, or of a batch norm or a dense layer together with what follows it, or of
// a layer norm together with the sum before it.
type instruction struct {
	node     int   // whose operator and layer are used
	in       []int // nodes whose values are read; of a norm, the input and the residual if there is one
	result   int   // node whose value this is: the last one fused
	act      kernel.Act
	residual bool // of a norm: the second of in is added first
	partial  bool // a partial sum on its way to result, which a later instruction completes
}

// analysis is what the passes over a graph find out.
type analysis struct {
	graph *network.Graph
	same  []int   // the earlier node with the same value, or the node itself
	zero  []bool  // the value is known to be zero
	in    [][]int // inputs through same, zero ones of sums left out
	uses  []int   // by how many live nodes the value is read, the output counting as one
	user  []int   // the last of them
	live  []bool
}

// analyse returns the instructions that compute the output of g, in order, and the node whose value is the output.
func analyse(g *network.Graph) (code []instruction, output int) {
	n := len(g.Nodes)
	a := &analysis{g, make([]int, n), make([]bool, n), make([][]int, n), make([]int, n), make([]int, n), make([]bool, n)}
	a.merge()
	a.mark()
	return a.emit(), a.same[g.Output]
}

// merge finds nodes whose value another node has already, and zeros.
func (a *analysis) merge() {
	type key struct {
		op network.Op
		in int
	}
	first := map[key]int{}
	for i, n := range a.graph.Nodes {
		a.same[i] = i
		for _, j := range n.Inputs {
			a.in[i] = append(a.in[i], a.same[j])
		}
		switch op := n.Op.(type) {
		case network.Identity:
			a.same[i] = a.in[i][0]
		case network.Dropout:
			if op.Rate == 0 {
				a.same[i] = a.in[i][0]
			}
		case network.Zero:
			a.zero[i], a.in[i] = true, nil
		case network.Add:
			rest := a.in[i][:0]
			for _, j := range a.in[i] {
				if !a.zero[j] {
					rest = append(rest, j)
				}
			}
			switch a.in[i] = rest; len(rest) {
			case 0:
				a.zero[i] = true
			case 1:
				a.same[i] = rest[0]
			}
		case network.Activation, network.MaxPool, network.AvgPool, network.GlobalAvgPool, network.Flatten, network.GLU,
			network.Softmax, network.Slice, network.Mean, network.Lengths:
			if len(a.in[i]) > 1 {
				break // a padded mean
			}
			k := key{n.Op, a.in[i][0]}
			if j, ok := first[k]; ok {
				a.same[i] = j
			} else {
				first[k] = i
			}
		}
	}
}

// mark counts the readers of every value that the output depends on.
func (a *analysis) mark() {
	out := a.same[a.graph.Output]
	a.live[out], a.uses[out], a.user[out] = true, 1, -1
	for i := out; i >= 0; i-- {
		if !a.live[i] {
			continue
		}
		for _, j := range a.in[i] {
			if a.uses[j]++; a.uses[j] == 1 {
				a.user[j] = i
			}
			a.live[j] = true
		}
	}
}

// only returns the one node that reads i, if there is just one and it has an operator of type T.
func only[T network.Op](a *analysis, i int) (int, bool) {
	if a.uses[i] != 1 || a.user[i] < 0 {
		return 0, false
	}
	_, ok := a.graph.Nodes[a.user[i]].Op.(T)
	return a.user[i], ok
}

// emit writes the instructions. Batch norms that only a sum reads wait for the sum: its other operands are added
// first, and then each batch norm adds itself to what there is, the last one applying the activation too.
func (a *analysis) emit() []instruction {
	var code []instruction
	fused := make([]bool, len(a.live))   // activations that an earlier instruction applies, sums that a later one does
	waiting := make([]bool, len(a.live)) // batch norms that a later instruction adds
	for i, n := range a.graph.Nodes {
		if !a.live[i] || fused[i] || i == 0 {
			continue
		}
		switch n.Op.(type) {
		case network.BatchNorm:
			if _, ok := only[network.Add](a, i); ok {
				waiting[i] = true
				continue
			}
			c := instruction{node: i, in: a.in[i], result: i}
			c.result, c.act = a.activated(i, fused)
			code = append(code, c)
		case network.Add:
			if a.sumForNorm(i, waiting) {
				fused[i] = true
				continue
			}
			code = a.emitSum(code, i, waiting, fused)
		case network.LayerNorm:
			c := instruction{node: i, in: a.in[i], result: i}
			if sum := a.in[i][0]; fused[sum] && a.sumForNorm(sum, waiting) {
				c.in, c.residual = a.in[sum], true
			}
			code = append(code, c)
		case network.Conv:
			c := instruction{node: i, in: a.in[i], result: i}
			if op := n.Op.(network.Conv); pointwise(op) {
				if result, act := a.activated(i, make([]bool, len(fused))); act == kernel.ReLU || act == kernel.ReLU6 {
					c.result, c.act, fused[result] = result, act, true
				}
			}
			code = append(code, c)
		default:
			code = append(code, instruction{node: i, in: a.in[i], result: i})
		}
	}
	return code
}

// activated returns the activation that alone reads i and is fused with it, or i itself.
func (a *analysis) activated(i int, fused []bool) (result int, act kernel.Act) {
	if j, ok := only[network.Activation](a, i); ok {
		fused[j] = true
		return j, actOf(a.graph.Nodes[j].Op.(network.Activation).Func)
	}
	return i, kernel.None
}

// pointwise tells a dense layer at every position.
func pointwise(c network.Conv) bool { return c.Kernel == 1 && c.Stride == 1 && c.Groups == 1 }

// sumForNorm reports whether i is a sum of two values that only a layer norm reads, which adds them itself.
func (a *analysis) sumForNorm(i int, waiting []bool) bool {
	if _, ok := a.graph.Nodes[i].Op.(network.Add); !ok || len(a.in[i]) != 2 || waiting[a.in[i][0]] || waiting[a.in[i][1]] {
		return false
	}
	_, ok := only[network.LayerNorm](a, i)
	return ok
}

func (a *analysis) emitSum(code []instruction, i int, waiting, fused []bool) []instruction {
	var plain, norms []int
	for _, j := range a.in[i] {
		if waiting[j] {
			norms = append(norms, j)
		} else {
			plain = append(plain, j)
		}
	}
	if len(norms) == 0 {
		return append(code, instruction{node: i, in: plain, result: i})
	}
	rest := -1 // the node that holds the sum so far
	switch len(plain) {
	case 0:
	case 1:
		rest = plain[0]
	default:
		code = append(code, instruction{node: i, in: plain, result: i, partial: true})
		rest = i
	}
	for k, j := range norms {
		c := instruction{node: j, in: a.in[j], result: i, partial: true}
		if rest >= 0 {
			c.in, c.residual = []int{a.in[j][0], rest}, true
		}
		if k == len(norms)-1 {
			c.partial = false
			c.result, c.act = a.activated(i, fused)
		}
		code = append(code, c)
		rest = i
	}
	return code
}

var acts = [...]kernel.Act{
	network.ReLU: kernel.ReLU, network.ReLU6: kernel.ReLU6, network.HSwish: kernel.HSwish, network.SiLU: kernel.SiLU,
	network.Sigmoid: kernel.Sigmoid, network.HSigmoid: kernel.HSigmoid, network.Tanh: kernel.Tanh, network.GELU: kernel.GELU,
}

func actOf(f network.ActFunc) kernel.Act { return acts[f] }
