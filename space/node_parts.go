package space

// Parts are the nodes that a node stands for once its option is taken, to be applied one after another. They are the whole meaning of a [Seq],
// [Scope], [Choice], [Let], [Case] or [Repeat], but for the variable that a Let binds ([Let.Bind]). Other nodes have none: they are leaves,
// or they join tensors.
type Parts struct {
	node   Node
	option int
}

// PartsOf returns the parts of a node under an option: that of its [Point], or 0 if it decides nothing; for a [Case] the index of the value
// that its variable has.
func PartsOf(n Node, option int) Parts { return Parts{n, option} }

// Len returns the number of parts.
func (p Parts) Len() int {
	switch n := p.node.(type) {
	case *Seq:
		return len(n.Nodes)
	case *Repeat:
		return n.Counts[p.option]
	case *Scope, *Choice, *Let, *Case:
		return 1
	}
	return 0
}

// At returns part i, and the path to it from that of the node.
func (p Parts) At(i int, at *Path) (Node, *Path) {
	switch n := p.node.(type) {
	case *Seq:
		return n.Nodes[i], at
	case *Scope:
		return n.Body, at.In(n.Name)
	case *Choice:
		return n.Options[p.option].Node, at
	case *Let:
		return n.Body, at
	case *Case:
		return n.Nodes[p.option], at
	case *Repeat:
		return n.Copy(i), &Path{at.In(n.Name), "block", i + 1}
	}
	panic("space: a node that has no parts is asked for one")
}
