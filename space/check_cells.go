package space

import "slices"

const maxCellNodes = 16

func checkCells(n *Cells) error {
	if len(n.Kinds) == 0 {
		return mistake(n, "kinds", "there must be at least one kind of cells")
	}
	for i := range n.Kinds {
		if err := checkCellKind(n, i); err != nil {
			return err
		}
	}
	if len(n.Chain) == 0 {
		return mistake(n, "chain", "there must be at least one cell")
	}
	used := make([]bool, len(n.Kinds))
	for i, c := range n.Chain {
		if c.Kind < 0 || c.Kind >= len(n.Kinds) {
			return mistake(n, indexed("chain", i)+".kind", "kind %d does not exist; kinds are 0 to %d", c.Kind, len(n.Kinds)-1)
		}
		used[c.Kind] = true
	}
	if i := slices.Index(used, false); i >= 0 {
		return mistake(n, kindPart(n, i), "no cell is of kind %q", n.Kinds[i].Name)
	}
	return nil
}

func checkCellKind(n *Cells, i int) error {
	kind, part := &n.Kinds[i], kindPart(n, i)
	if kind.Name == "" {
		return mistake(n, "kinds", "kind %d has no name", i+1)
	}
	if err := checkName(n, part, kind.Name); err != nil {
		return err
	}
	for _, before := range n.Kinds[:i] {
		if before.Name == kind.Name {
			return mistake(n, part, "two kinds are called %q", kind.Name)
		}
	}
	if kind.Nodes < 1 || kind.Nodes > maxCellNodes {
		return mistake(n, part+".nodes", "nodes is %d; it must be from 1 to %d", kind.Nodes, maxCellNodes)
	}
	labels := optionLabels(kind.Operations)
	if err := checkLabels(n, part+".operations", labels); err != nil {
		return err
	}
	if kind.Entering != nil && !slices.Equal(optionLabels(kind.Entering), labels) {
		return mistake(n, part+".entering", "the labels must be those of the operations, which are, in order, %s", joinLabels(labels))
	}
	return nil
}

func kindPart(n *Cells, i int) string { return "kinds." + n.Kinds[i].Name }

// cellParts returns the nodes below cells with the parts that they hang on.
func cellParts(n *Cells) []child {
	var out []child
	for i, kind := range n.Kinds {
		for _, o := range kind.Operations {
			out = append(out, child{kindPart(n, i) + ".operations." + o.Label, o.Node})
		}
		for _, o := range kind.Entering {
			out = append(out, child{kindPart(n, i) + ".entering." + o.Label, o.Node})
		}
	}
	for i, c := range n.Chain {
		out = append(out, child{indexed("chain", i) + ".older", c.Older}, child{indexed("chain", i) + ".last", c.Last})
	}
	return out
}

// cellNames adds the decisions of all kinds; nothing else may decide.
func (c *nameChecker) cellNames(n *Cells, set *nameSet) error {
	for i := range n.Kinds {
		for _, d := range n.Kinds[i].decisions() {
			set.add(n.Kinds[i].Name + "." + d.Name)
		}
	}
	for _, part := range cellParts(n) {
		names, err := c.names(part.node)
		if err != nil {
			return err
		}
		if len(names) > 0 {
			return mistake(n, part.part, "nothing inside of cells may decide, but here is a decision %q; only which operation is taken where is decided", names[0])
		}
	}
	return nil
}

// cellsSize is the size of all cells with their largest operations.
func (s sizer) cellsSize(n *Cells) int {
	total, largest := 0, make([]int, len(n.Kinds))
	for i := range n.Kinds {
		kind := &n.Kinds[i]
		for _, o := range slices.Concat(kind.Operations, kind.Entering) {
			largest[i] = max(largest[i], s.size(o.Node))
		}
		total += cellDecisions * kind.Nodes
	}
	for _, c := range n.Chain {
		total = min(total+s.size(c.Older)+s.size(c.Last)+n.Kinds[c.Kind].Nodes*(1+2*largest[c.Kind]), maxVisits+1)
	}
	return total
}
