package space

// cellChoices are the options taken for each node of a kind, by [CellInputs], [CellFirst] and [CellSecond].
type cellChoices [][cellDecisions]int

// cells makes the decisions of all kinds, then derives the cells in which they are used.
func (w *walk[V]) cells(n *Cells, x V, env Env, at *Path) (V, error) {
	kinds := make([]cellChoices, len(n.Kinds))
	for i := range n.Kinds {
		kinds[i] = make(cellChoices, n.Kinds[i].Nodes)
	}
	var from func(kind, node, which int) (V, error)
	from = func(kind, node, which int) (V, error) {
		switch {
		case kind == len(n.Kinds):
			return w.chain(n, kinds, x, env, at)
		case node == n.Kinds[kind].Nodes:
			return from(kind+1, 0, 0)
		case which == cellDecisions:
			return from(kind, node+1, 0)
		}
		p := n.Kinds[kind].Decision(node, which)
		p.Node, p.Path = n, at.In(n.Kinds[kind].Name)
		take := func(i int) (V, error) {
			if err := p.check(i); err != nil {
				return x, err
			}
			kinds[kind][node][which] = i
			return from(kind, node, which+1)
		}
		if p.Count == 1 {
			return take(0)
		}
		return w.decide(p, take)
	}
	return from(0, 0, 0)
}

func (w *walk[V]) chain(n *Cells, kinds []cellChoices, x V, env Env, at *Path) (V, error) {
	older, last := x, x
	for i, c := range n.Chain {
		out, err := w.cell(n, c, kinds[c.Kind], [2]V{older, last}, env, cellPath(i, at))
		if err != nil {
			return x, err
		}
		older, last = last, out
	}
	return last, nil
}

// cell derives one cell, whose scope is the innermost one of at, from the outputs of the two before it.
func (w *walk[V]) cell(n *Cells, c Cell, choices cellChoices, in [2]V, env Env, at *Path) (V, error) {
	kind := &n.Kinds[c.Kind]
	var values []V
	for i, through := range []Node{c.Older, c.Last} {
		out, err := w.visit(through, in[i], env, fromPath(i, at))
		if err != nil {
			return out, err
		}
		values = append(values, out)
	}
	for k, choice := range choices {
		pair := kind.Pairs(k)[choice[CellInputs]]
		out, err := w.sum([]Edge{
			{pair.First, kind.On(pair.First)[choice[CellFirst]].Node},
			{pair.Second, kind.On(pair.Second)[choice[CellSecond]].Node},
		}, values, env, toPath(k+1, at))
		if err != nil {
			return out, err
		}
		values = append(values, out)
	}
	return w.join(Concat, values[2:], at)
}
