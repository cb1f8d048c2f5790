package space

import "strconv"

// cellChoices are the options taken for each node of a kind, by [CellInputs], [CellFirst] and [CellSecond].
type cellChoices [][cellDecisions]int

func (d *derivation[V]) cells(n *Cells, x V, env Env, at *path) (V, error) {
	kinds := make([]cellChoices, len(n.Kinds))
	for i := range n.Kinds {
		var err error
		if kinds[i], err = d.decideCell(&n.Kinds[i], at); err != nil {
			return x, err
		}
	}
	older, last := x, x
	for i, c := range n.Chain {
		out, err := d.cell(n, c, kinds[c.Kind], [2]V{older, last}, env, &path{at, cellWord, i + 1})
		if err != nil {
			return x, err
		}
		older, last = last, out
	}
	return last, nil
}

func (d *derivation[V]) decideCell(k *CellKind, at *path) (cellChoices, error) {
	at = &path{outer: at, word: k.Name}
	choices := make(cellChoices, k.Nodes)
	for node := range choices {
		for which := range cellDecisions {
			decision := k.Decision(node, which)
			i, err := d.decide(at, decision.Name, decision.Count, decision.Label)
			if err != nil {
				return nil, err
			}
			choices[node][which] = i
		}
	}
	return choices, nil
}

// cell derives one cell, the innermost scope of at, from the outputs of the two before it.
func (d *derivation[V]) cell(n *Cells, c Cell, choices cellChoices, in [2]V, env Env, at *path) (V, error) {
	defer d.algebra.enter(at)()
	kind := &n.Kinds[c.Kind]
	var values []V
	for i, through := range []Node{c.Older, c.Last} {
		out, err := d.inside(through, in[i], env, &path{outer: at, word: edgeFromWord + strconv.Itoa(i)})
		if err != nil {
			return out, err
		}
		values = append(values, out)
	}
	for k, choice := range choices {
		pair := kind.Pairs(k)[choice[CellInputs]]
		out, err := d.dagNode([]Edge{
			{pair.First, kind.On(pair.First)[choice[CellFirst]].Node},
			{pair.Second, kind.On(pair.Second)[choice[CellSecond]].Node},
		}, values, env, &path{at, edgeToWord, k + 1})
		if err != nil {
			return out, err
		}
		values = append(values, out)
	}
	return d.join(Concat, values[2:], at)
}
