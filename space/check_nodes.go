package space

import (
	"slices"
	"strings"
)

func checkChoice(n *Choice) error {
	if err := checkName(n, "name", n.Name); err != nil {
		return err
	}
	return checkLabels(n, "options", optionLabels(n.Options))
}

func optionLabels(options []Option) []string {
	labels := make([]string, len(options))
	for i, o := range options {
		labels[i] = o.Label
	}
	return labels
}

func joinLabels(labels []string) string { return strings.Join(labels, ", ") }

func checkLet(n *Let, vars *bound) error {
	if err := checkVariable(n, n.Var); err != nil {
		return err
	}
	if vars.find(n.Var) != nil {
		return mistake(n, "var", "variable $%s is defined already around this place", n.Var)
	}
	if len(n.Values) == 0 {
		return mistake(n, "values", "there must be at least one value")
	}
	if n.Labels != nil && len(n.Labels) != len(n.Values) {
		return mistake(n, "labels", "there are %d labels for %d values", len(n.Labels), len(n.Values))
	}
	for i, v := range n.Values {
		if v.kind == noValue {
			return mistake(n, indexed("values", i), "value %d is nothing", i+1)
		}
		if first := slices.Index(n.Values, v); first != i {
			return mistake(n, indexed("values", i), "value %v is given twice", v)
		}
	}
	part := "values"
	if n.Labels != nil {
		part = "labels"
	}
	labels := make([]string, len(n.Values))
	for i := range n.Values {
		labels[i] = n.Label(i)
	}
	return checkLabels(n, part, labels)
}

// labels returns all labels for an error sentence.
func (l *Let) labels() string {
	labels := make([]string, len(l.Values))
	for i := range l.Values {
		labels[i] = l.Label(i)
	}
	return joinLabels(labels)
}

func checkCase(n *Case, vars *bound) error {
	if err := checkVariable(n, n.Var); err != nil {
		return err
	}
	let := vars.find(n.Var)
	if let == nil {
		return &Mistake{n, "var", unbound(n.Var, vars)}
	}
	if len(n.Nodes) != len(let.Values) {
		return mistake(n, "of", "there are %d nodes for the %d values of $%s, which are %s", len(n.Nodes), len(let.Values), n.Var, let.labels())
	}
	if n.Labels == nil {
		return nil
	}
	if len(n.Labels) != len(n.Nodes) {
		return mistake(n, "of", "there are %d labels for %d nodes", len(n.Labels), len(n.Nodes))
	}
	for i, label := range n.Labels {
		if label != let.Label(i) {
			return mistake(n, "of."+label, "%q stands where the values of $%s have %q; they are, in order, %s", label, n.Var, let.Label(i), let.labels())
		}
	}
	return nil
}

const maxCount = 1000 // of copies

func checkRepeat(n *Repeat) error {
	if n.Name != "" {
		if err := checkName(n, "name", n.Name); err != nil {
			return err
		}
	}
	if len(n.Counts) == 0 {
		return mistake(n, "counts", "there must be at least one count")
	}
	labels := make([]string, len(n.Counts))
	if n.Labels != nil && len(n.Labels) != len(n.Counts) {
		return mistake(n, "labels", "there are %d labels for %d counts", len(n.Labels), len(n.Counts))
	}
	for i, c := range n.Counts {
		if c < 0 || c > maxCount {
			return mistake(n, indexed("counts", i), "count %d is out of range; it must be from 0 to %d", c, maxCount)
		}
		if slices.Index(n.Counts, c) != i {
			return mistake(n, indexed("counts", i), "count %d is given twice", c)
		}
		labels[i] = n.Label(i)
	}
	if n.Labels != nil {
		return checkLabels(n, "labels", labels)
	}
	return nil
}

func checkJoin(n Node, j Join) error {
	if j > Concat {
		return mistake(n, "join", "join %d is neither add nor concat", j)
	}
	return nil
}

func checkDag(n *Dag) error {
	if len(n.Nodes) == 0 {
		return mistake(n, "nodes", "there must be at least one node besides the input")
	}
	used := make([]bool, len(n.Nodes)+1)
	for k, edges := range n.Nodes {
		if len(edges) == 0 {
			return mistake(n, indexed("nodes", k), "node %d has no edge; it needs at least one", k+1)
		}
		for j, e := range edges {
			if e.From < 0 || e.From > k {
				return mistake(n, dagPart(k, j)+".from", "an edge of node %d comes from node %d; it must come from node 0 to %d", k+1, e.From, k)
			}
			used[e.From] = true
		}
	}
	for i, k := range n.Output {
		if k < 0 || k > len(n.Nodes) {
			return mistake(n, indexed("output", i), "output node %d does not exist; nodes are 0 to %d", k, len(n.Nodes))
		}
		if slices.Index(n.Output, k) != i {
			return mistake(n, indexed("output", i), "output node %d is given twice", k)
		}
	}
	if n.Output != nil && len(n.Output) == 0 {
		return mistake(n, "output", "there must be at least one output node")
	}
	for _, k := range n.Outputs() {
		used[k] = true
	}
	if k := slices.Index(used[1:], false); k >= 0 {
		return mistake(n, indexed("nodes", k), "node %d leads nowhere; no later node and no output uses it", k+1)
	}
	return checkJoin(n, n.Join)
}

func checkSkips(n *Skips) error {
	if len(n.Layers) == 0 {
		return mistake(n, "layers", "there must be at least one layer")
	}
	if n.Names == nil {
		return nil
	}
	if len(n.Names) != len(n.Layers) {
		return mistake(n, "names", "there are %d names for %d layers", len(n.Names), len(n.Layers))
	}
	for i, name := range n.Names {
		if err := checkName(n, indexed("names", i), name); err != nil {
			return err
		}
		if slices.Index(n.Names, name) != i {
			return mistake(n, indexed("names", i), "name %q is given twice", name)
		}
	}
	return nil
}
