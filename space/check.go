package space

import (
	"fmt"
	"slices"
)

// binding of a variable while a tree is checked: the Let that made it, and those around it.
type bound struct {
	outer *bound
	let   *Let
}

func (b *bound) find(name string) *Let {
	for ; b != nil; b = b.outer {
		if b.let.Var == name {
			return b.let
		}
	}
	return nil
}

func (b *bound) names() []string {
	var out []string
	for ; b != nil; b = b.outer {
		out = append(out, "$"+b.let.Var)
	}
	slices.Sort(out)
	return out
}

// checker checks the form of a tree: what can be said without deriving anything.
type checker struct {
	above map[Node]bool      // the nodes being checked, to find a node inside itself
	done  map[checkedIn]bool // a node that stands in many places is checked once for each set of variables
}

type checkedIn struct {
	node Node
	vars *bound
}

func checkTree(root Node) error {
	c := checker{map[Node]bool{}, map[checkedIn]bool{}}
	if absent(root) {
		return fmt.Errorf("the space has no root node")
	}
	return c.check(root, nil)
}

// absent tells whether a node is nil or a nil pointer of a node type.
func absent(n Node) bool {
	switch n := n.(type) {
	case *Leaf:
		return n == nil
	case *Seq:
		return n == nil
	case *Scope:
		return n == nil
	case *Choice:
		return n == nil
	case *Let:
		return n == nil
	case *Case:
		return n == nil
	case *Repeat:
		return n == nil
	case *Parallel:
		return n == nil
	case *Residual:
		return n == nil
	case *Dag:
		return n == nil
	case *Skips:
		return n == nil
	case *Cells:
		return n == nil
	}
	return true
}

func (c *checker) check(n Node, vars *bound) error {
	key := checkedIn{n, vars}
	if c.done[key] {
		return nil
	}
	if c.above[n] {
		return mistake(n, "", "it stands inside itself")
	}
	c.above[n] = true
	defer delete(c.above, n)
	if err := checkNode(n, vars); err != nil {
		return err
	}
	if let, ok := n.(*Let); ok {
		vars = &bound{vars, let}
	}
	for _, child := range children(n) {
		if absent(child.node) {
			return mistake(n, child.part, "a node is missing at %s", child.part)
		}
		if err := c.check(child.node, vars); err != nil {
			return err
		}
	}
	c.done[key] = true
	return nil
}

// checkNode checks one node without those below it.
func checkNode(n Node, vars *bound) error {
	switch n := n.(type) {
	case *Leaf:
		return checkLeaf(n, vars)
	case *Scope:
		return checkName(n, "name", n.Name)
	case *Choice:
		return checkChoice(n)
	case *Let:
		return checkLet(n, vars)
	case *Case:
		return checkCase(n, vars)
	case *Repeat:
		return checkRepeat(n)
	case *Parallel:
		if len(n.Branches) == 0 {
			return mistake(n, "branches", "there must be at least one branch")
		}
		return checkJoin(n, n.Join)
	case *Dag:
		return checkDag(n)
	case *Skips:
		return checkSkips(n)
	case *Cells:
		return checkCells(n)
	}
	return nil
}
