package space

import "github.com/trellis-nas/trellis/internal/strict"

func (r *reader) cells(m strict.Map) Node {
	n := &Cells{}
	kinds := m.Need("kinds")
	r.mark(n, "kinds", kinds)
	names := kinds.AnyMap()
	for _, name := range names.Keys() {
		part := "kinds." + name
		r.mark(n, part, names.KeyValue(name))
		k := names.Get(name).Map("nodes", "operations", "entering")
		nodes := k.Need("nodes")
		r.mark(n, part+".nodes", nodes)
		kind := CellKind{Name: name, Nodes: whole(nodes), Operations: r.options(k.Need("operations"), n, part+".operations")}
		if entering := k.Get("entering"); entering.Given() {
			kind.Entering = append([]Option{}, r.options(entering, n, part+".entering")...)
		}
		n.Kinds = append(n.Kinds, kind)
	}
	chain := m.Need("chain")
	r.mark(n, "chain", chain)
	for i, v := range chain.List() {
		part := indexed("chain", i)
		r.mark(n, part, v)
		n.Chain = append(n.Chain, r.cell(v.Map("kind", "older", "last"), n, part, names.Keys()))
	}
	return n
}

func (r *reader) cell(m strict.Map, n *Cells, part string, kinds []string) Cell {
	var c Cell
	word := m.Need("kind").Word("", kinds...)
	for i, name := range kinds {
		if name == word {
			c.Kind = i
		}
	}
	through := func(key string) Node {
		v := m.Get(key)
		if !v.Given() {
			return LeafOf(&Identity{})
		}
		r.mark(n, part+"."+key, v)
		return r.node(v)
	}
	c.Older, c.Last = through("older"), through("last")
	return c
}
