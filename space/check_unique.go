package space

import "slices"

// maxNames bounds the decisions that may occur in any of the derivations of a space.
const maxNames = 1 << 18

// nameChecker collects the names of the decisions that may occur below a node, relative to it.
type nameChecker struct {
	known map[Node][]string
	total int
}

// checkNames returns an error if two decisions of one derivation would have the same name.
func checkNames(root Node) error {
	n := nameChecker{known: map[Node][]string{}}
	_, err := n.names(root)
	return err
}

func (c *nameChecker) names(n Node) ([]string, error) {
	if known, ok := c.known[n]; ok {
		return known, nil
	}
	set := nameSet{owner: n, seen: map[string]bool{}}
	err := c.collect(n, &set)
	if err != nil {
		return nil, err
	}
	c.total += len(set.names)
	if c.total > maxNames {
		return nil, mistake(n, "", "there may be more than %d decisions in this space, which is the limit", maxNames)
	}
	c.known[n] = set.names
	return set.names, nil
}

func (c *nameChecker) collect(n Node, set *nameSet) error {
	switch n := n.(type) {
	case *Scope:
		return c.below(set, child{"body", n.Body}, n.Name+".")
	case *Choice:
		set.point(n)
		return c.oneOf(set, children(n))
	case *Case:
		return c.oneOf(set, children(n))
	case *Let:
		set.point(n)
		return c.below(set, child{"body", n.Body}, "")
	case *Repeat:
		return c.repeat(n, set)
	case *Parallel:
		for i, b := range children(n) {
			_, at := n.Branch(i, nil)
			if err := c.below(set, b, at.String()+"."); err != nil {
				return err
			}
		}
	case *Dag:
		for k, edges := range n.Nodes {
			for j := range edges {
				e, at := n.Edge(k+1, j, nil)
				if err := c.below(set, child{dagPart(k, j), e.Node}, at.String()+"."); err != nil {
					return err
				}
			}
		}
	case *Skips:
		for k, layer := range n.Layers {
			at := (*Path)(nil).In(n.LayerName(k))
			if err := c.below(set, child{indexed("layers", k), layer}, at.String()+"."); err != nil {
				return err
			}
			for j := range k {
				if err := set.once(n.Link(j, at).FullName(), indexed("layers", k)); err != nil {
					return err
				}
			}
		}
	case *Cells:
		return c.cellNames(n, set)
	default:
		for _, child := range children(n) {
			if err := c.below(set, child, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *nameChecker) repeat(n *Repeat, set *nameSet) error {
	set.point(n)
	copies := PartsOf(n, slices.Index(n.Counts, slices.Max(n.Counts)))
	for i := range copies.Len() {
		copied, at := copies.At(i, nil)
		if err := c.below(set, child{"body", copied}, at.String()+"."); err != nil {
			return err
		}
	}
	return nil
}

// below adds the names below a node, which must all be new.
func (c *nameChecker) below(set *nameSet, n child, scope string) error {
	names, err := c.names(n.node)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := set.once(scope+name, n.part); err != nil {
			return err
		}
	}
	return nil
}

// oneOf adds the names below nodes of which a derivation visits one; the nodes may have names in common.
func (c *nameChecker) oneOf(set *nameSet, nodes []child) error {
	own := len(set.names)
	for _, child := range nodes {
		names, err := c.names(child.node)
		if err != nil {
			return err
		}
		for _, name := range names {
			if own == 1 && name == set.names[0] {
				return set.twice(name, child.part)
			}
			if !set.seen[name] {
				set.add(name)
			}
		}
	}
	return nil
}

type nameSet struct {
	owner Node
	names []string
	seen  map[string]bool
}

// point adds the decision that opens a node, if there is one.
func (s *nameSet) point(n Node) {
	if p, ok := PointOf(n, nil); ok {
		s.add(p.FullName())
	}
}

func (s *nameSet) add(name string) {
	s.seen[name] = true
	s.names = append(s.names, name)
}

func (s *nameSet) once(name, part string) error {
	if s.seen[name] {
		return s.twice(name, part)
	}
	s.add(name)
	return nil
}

func (s *nameSet) twice(name, part string) error {
	return mistake(s.owner, part, "two decisions inside are called %q; put one of them into a scope", name)
}
