package space

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/trellis-nas/trellis/internal/nearest"
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
	}
	return nil
}

func checkLeaf(n *Leaf, vars *bound) error {
	if n.Block == nil {
		return mistake(n, "", "it has no block")
	}
	for _, f := range n.Block.Fields() {
		if err := checkAttr(f, vars); err != nil {
			return &Mistake{n, f.Name, err}
		}
	}
	return nil
}

// checkAttr checks an attribute for every value that its variable can have.
func checkAttr(f Field, vars *bound) error {
	attr := f.attr()
	switch attr.source {
	case unset:
		return fmt.Errorf("%s is missing", f.Name)
	case constant:
		return f.check(attr.value)
	case channels:
		if f.Type != Whole && f.Type != Real {
			return fmt.Errorf("%s is %v, a number; it must be %s", f.Name, attr, f.wanted())
		}
		return nil
	}
	let := vars.find(attr.name)
	if let == nil {
		return unbound(attr.name, vars)
	}
	for _, v := range let.Values {
		scaled, err := attr.scale(v)
		if err != nil {
			return err
		}
		if f.Type == Whole {
			scaled = attr.whole(scaled)
		}
		if err := f.check(scaled); err != nil {
			return fmt.Errorf("with $%s = %v, %w", attr.name, v, err)
		}
	}
	return nil
}

func unbound(name string, vars *bound) error {
	names := vars.names()
	if len(names) == 0 {
		return fmt.Errorf("variable $%s is not defined, and no variable is here", name)
	}
	return fmt.Errorf("variable $%s is not defined here; %s", name, nearest.Advice("$"+name, names))
}

func checkChoice(n *Choice) error {
	if err := checkName(n, "name", n.Name); err != nil {
		return err
	}
	labels := make([]string, len(n.Options))
	for i, o := range n.Options {
		labels[i] = o.Label
	}
	return checkLabels(n, "options", labels)
}

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
	return strings.Join(labels, ", ")
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

// checkName allows letters, digits, - and _ in the names of decisions and scopes.
func checkName(n Node, part, name string) error {
	if name == "" {
		return mistake(n, part, "the %s is empty", strings.TrimRight(part, "s[]0123456789"))
	}
	for _, r := range name {
		if !letter(r) && !(r >= '0' && r <= '9') && r != '-' {
			return mistake(n, part, "name %q holds %q; names are of letters, digits, - and _", name, r)
		}
	}
	return nil
}

// checkVariable allows letters, digits and _ in the names of variables, and no digit in front.
func checkVariable(n Node, name string) error {
	for i, r := range name {
		if !letter(r) && !(i > 0 && r >= '0' && r <= '9') {
			return mistake(n, "var", "variable %q holds %q at position %d; variables are of letters, digits and _, with no digit in front", name, r, i+1)
		}
	}
	if name == "" {
		return mistake(n, "var", "the variable has no name")
	}
	return nil
}

func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' }

// checkLabels wants at least one label, each once, without white space.
func checkLabels(n Node, part string, labels []string) error {
	if len(labels) == 0 {
		return mistake(n, part, "there must be at least one option")
	}
	for i, l := range labels {
		at := indexed(part, i)
		if part == "options" {
			at = "options." + l
		}
		switch {
		case l == "":
			return mistake(n, at, "label %d is empty", i+1)
		case strings.ContainsFunc(l, blank):
			return mistake(n, at, "label %q holds a space or an unprintable character", l)
		case slices.Index(labels, l) != i:
			return mistake(n, at, "label %q is given twice", l)
		}
	}
	return nil
}

func blank(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }

func indexed(part string, i int) string { return fmt.Sprintf("%s[%d]", part, i) }

func dagPart(k, j int) string { return fmt.Sprintf("nodes[%d][%d]", k, j) }
