package space

// child is a node directly below another, with the part it hangs on, named as in a space file.
type child struct {
	part string
	node Node
}

// children returns the nodes directly below n, in the order in which a derivation would meet them.
func children(n Node) []child {
	switch n := n.(type) {
	case *Seq:
		return list("", n.Nodes) // the parts are [0], [1] and so on
	case *Scope:
		return []child{{"body", n.Body}}
	case *Choice:
		out := make([]child, len(n.Options))
		for i, o := range n.Options {
			out[i] = child{"options." + o.Label, o.Node}
		}
		return out
	case *Let:
		return []child{{"body", n.Body}}
	case *Case:
		out := list("of", n.Nodes)
		for i, label := range n.Labels {
			out[i].part = "of." + label
		}
		return out
	case *Repeat:
		if n.First != nil {
			return []child{{"first", n.First}, {"body", n.Body}}
		}
		return []child{{"body", n.Body}}
	case *Parallel:
		return list("branches", n.Branches)
	case *Residual:
		return []child{{"", n.Body}}
	case *Dag:
		var out []child
		for k, edges := range n.Nodes {
			for j, e := range edges {
				out = append(out, child{dagPart(k, j), e.Node})
			}
		}
		return out
	case *Skips:
		return list("layers", n.Layers)
	case *Cells:
		return cellParts(n)
	}
	return nil
}

func list(part string, nodes []Node) []child {
	out := make([]child, len(nodes))
	for i, n := range nodes {
		out[i] = child{indexed(part, i), n}
	}
	return out
}
