package space

import (
	"errors"
	"fmt"
	"slices"
)

// maxVisits bounds the nodes that one derivation visits and the decisions it meets, so that no derivation takes long.
const maxVisits = 1 << 16

// sizer counts the nodes that the largest derivation of a tree visits. Sums stay at the bound once they reach it.
type sizer map[Node]int

func (s sizer) size(n Node) int {
	if known, ok := s[n]; ok {
		return known
	}
	total := 1
	switch n := n.(type) {
	case *Choice:
		for _, o := range n.Options {
			total = max(total, 1+s.size(o.Node))
		}
	case *Case:
		for _, c := range n.Nodes {
			total = max(total, 1+s.size(c))
		}
	case *Repeat:
		if most := slices.Max(n.Counts); most > 0 {
			total += s.size(n.Copy(0)) + (most-1)*s.size(n.Body)
		}
	case *Cells:
		total += s.cellsSize(n)
	default:
		for _, c := range children(n) {
			total = min(total+s.size(c.node), maxVisits+1)
		}
	}
	if skips, ok := n.(*Skips); ok {
		total += len(skips.Layers) * (len(skips.Layers) - 1) / 2
	}
	total = min(total, maxVisits+1)
	s[n] = total
	return total
}

func checkSize(root Node) error {
	if (sizer{}).size(root) > maxVisits {
		return fmt.Errorf("a network of this space may have more than %d parts, which is the limit", maxVisits)
	}
	return nil
}

// freeVars fills vars with the free variables of every node of the tree, sorted.
func freeVars(n Node, vars map[Node][]string) []string {
	if known, ok := vars[n]; ok {
		return known
	}
	var free []string
	switch n := n.(type) {
	case *Leaf:
		for _, f := range n.Block.Fields() {
			if name, ok := f.attr().Variable(); ok {
				free = append(free, name)
			}
		}
	case *Case:
		free = append(free, n.Var)
	}
	for _, c := range children(n) {
		free = append(free, freeVars(c.node, vars)...)
	}
	if let, ok := n.(*Let); ok {
		free = slices.DeleteFunc(free, func(name string) bool { return name == let.Var })
	}
	slices.Sort(free)
	free = slices.Compact(free)
	vars[n] = free
	return free
}

var errEmpty = errors.New("no network of this space can be built")

// Limits of checkNotEmpty, each about a second's work.
const (
	maxWalkVisits = 1 << 20
	maxItems      = 1 << 17
)

// checkNotEmpty looks for one architecture: first by enumeration, which finds it at once in any sensible space, then by
// computing the shapes that can come out.
func (s *Space) checkNotEmpty() error {
	if s.wantsFixedShapes() {
		// Skips and Cells need parts of fixed shapes, which only the set of all shapes can show.
		if _, err := newShapeSets(s).shapes(s.root, Env{}, s.input); err != nil {
			return err
		}
	}
	walks := max(1, maxWalkVisits/(sizer{}).size(s.root))
	var first error
	for _, err := range s.attempts() {
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
		if walks--; walks == 0 {
			break
		}
	}
	if walks > 0 {
		return fmt.Errorf("%w; the first that does not fit: %w", errEmpty, first)
	}
	outs, err := newShapeSets(s).shapes(s.root, Env{}, s.input)
	if err != nil {
		return fmt.Errorf("no network of this space that can be built was found: %w; the first that does not fit: %w", err, first)
	}
	if len(outs) == 0 {
		return fmt.Errorf("%w; the first that does not fit: %w", errEmpty, first)
	}
	return nil
}

func (s *Space) wantsFixedShapes() bool {
	for n := range s.vars {
		switch n.(type) {
		case *Skips, *Cells:
			return true
		}
	}
	return false
}
