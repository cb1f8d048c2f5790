package space

import (
	"fmt"
	"strconv"
)

// Point is a decision as a walk meets it. [Decision] is the same with the option that an architecture has taken.
type Point struct {
	Node  Node   // that decides
	Path  *Path  // around the decision
	Name  string // in the scope, as "kernel"
	Count int    // of options; with a single one there is nothing to decide
	Label func(option int) string
}

// FullName returns the name with all scopes, as "stage1.block2.kernel": unique within a walk.
func (p Point) FullName() string { return p.Path.Name(p.Name) }

// Options returns the labels of all options.
func (p Point) Options() []string {
	out := make([]string, p.Count)
	for i := range out {
		out[i] = p.Label(i)
	}
	return out
}

// check refuses options that do not exist.
func (p Point) check(option int) error {
	if option < 0 || option >= p.Count {
		return fmt.Errorf("decision %s has the options 0 to %d, not %d", p.FullName(), p.Count-1, option)
	}
	return nil
}

// PointOf returns the decision that opens a node which stands at the end of a path, and whether there is one: that of a [Choice], a [Let] or a
// [Repeat] with several options. The decisions of [Skips] and [Cells] are met further inside; see [Skips.Link] and [CellKind.Decision].
func PointOf(n Node, at *Path) (Point, bool) {
	switch n := n.(type) {
	case *Choice:
		if len(n.Options) > 1 {
			return Point{n, at, n.Name, len(n.Options), func(i int) string { return n.Options[i].Label }}, true
		}
	case *Let:
		if len(n.Values) > 1 {
			return Point{n, at, n.Var, len(n.Values), n.Label}, true
		}
	case *Repeat:
		if len(n.Counts) > 1 {
			return Point{n, at.In(n.Name), DepthName, len(n.Counts), n.Label}, true
		}
	}
	return Point{}, false
}

// Link returns the decision whether layer j feeds a later one, at the end of whose path it stands.
func (s *Skips) Link(j int, at *Path) Point {
	return Point{s, at, "from-" + s.LayerName(j), 2, strconv.Itoa}
}
