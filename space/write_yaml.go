package space

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// YAML returns the space as the text of a space file, in which built-in spaces are written out as trees and nodes that stand at several
// places are definitions. [ParseFile] reads it back to a space that means the same. Blocks of kinds that this package does not have
// cannot be read back.
func (s *Space) YAML() string {
	w := yamlWriter{uses: map[Node]int{}, names: map[Node]string{}}
	body, classes := s.root, ""
	if let, ok := s.root.(*Let); ok && let.Var == ClassesVar && len(let.Values) == 1 && let.Labels == nil {
		if _, number := let.Values[0].Number(); number {
			body, classes = let.Body, let.Values[0].String()
		}
	}
	w.countUses(body)
	root := w.node(body)
	lines := []string{"name: " + quoteYAML(s.name), "input: " + s.input.String()}
	if classes != "" {
		lines = append(lines, "classes: "+classes)
	}
	if s.template != nil {
		lines = append(lines, "template: "+strconv.Quote(strings.Join(s.template.literals, "{}")))
	}
	if len(w.definitions) > 0 {
		lines = append(lines, under("define", w.definitions)...)
	}
	lines = append(lines, under("body", root)...)
	return strings.Join(lines, "\n") + "\n"
}

// yamlWriter writes nodes as lines of YAML.
type yamlWriter struct {
	uses        map[Node]int
	names       map[Node]string
	definitions []string
}

func (w *yamlWriter) countUses(n Node) {
	w.uses[n]++
	if w.uses[n] > 1 {
		return
	}
	for _, c := range children(n) {
		w.countUses(c.node)
	}
}

// node returns the lines of a node, or its name if it is a definition.
func (w *yamlWriter) node(n Node) []string {
	if name, ok := w.names[n]; ok {
		return []string{name}
	}
	lines := w.write(n)
	if w.uses[n] < 2 || len(lines) == 1 && !strings.Contains(lines[0], ":") {
		return lines
	}
	name := fmt.Sprintf("shared%d", len(w.names)+1)
	w.names[n] = name
	w.definitions = append(w.definitions, under(name, lines)...)
	return []string{name}
}

func (w *yamlWriter) write(n Node) []string {
	switch n := n.(type) {
	case *Leaf:
		return []string{leafYAML(n.Block)}
	case *Seq:
		if len(n.Nodes) == 0 {
			return []string{"[]"}
		}
		return w.items(n.Nodes)
	case *Scope:
		return under("scope", slices.Concat([]string{"name: " + quoteYAML(n.Name)}, under("body", w.node(n.Body))))
	case *Choice:
		return under("choice", slices.Concat([]string{"name: " + quoteYAML(n.Name)}, under("options", w.options(n.Options))))
	case *Let:
		lines := []string{"var: " + quoteYAML(n.Var), "values: " + flow(n.Values, valueYAML)}
		if n.Labels != nil {
			lines = append(lines, "labels: "+flow(n.Labels, quoteYAML))
		}
		return under("let", append(lines, under("body", w.node(n.Body))...))
	case *Case:
		return under("case", w.caseOf(n))
	case *Repeat:
		return under("repeat", w.repeat(n))
	case *Parallel:
		return under("parallel", slices.Concat([]string{"join: " + n.Join.String()}, under("branches", w.items(n.Branches))))
	case *Residual:
		return under("residual", w.node(n.Body))
	case *Dag:
		return under("dag", w.dag(n))
	case *Skips:
		lines := under("layers", w.items(n.Layers))
		if n.Names != nil {
			lines = append(lines, "names: "+flow(n.Names, quoteYAML))
		}
		return under("skips", lines)
	case *Cells:
		return under("cells", w.cells(n))
	}
	return nil
}
