package space

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

func (w *yamlWriter) caseOf(n *Case) []string {
	lines := []string{"var: " + quoteYAML(n.Var)}
	if n.Labels == nil {
		return append(lines, under("of", w.items(n.Nodes))...)
	}
	var of []string
	for i, label := range n.Labels {
		of = append(of, under(quoteYAML(label), w.node(n.Nodes[i]))...)
	}
	return append(lines, under("of", of)...)
}

func (w *yamlWriter) repeat(n *Repeat) []string {
	var lines []string
	if n.Name != "" {
		lines = append(lines, "name: "+quoteYAML(n.Name))
	}
	lines = append(lines, "counts: "+flow(n.Counts, strconv.Itoa))
	if n.Labels != nil {
		lines = append(lines, "labels: "+flow(n.Labels, quoteYAML))
	}
	if n.First != nil {
		lines = append(lines, under("first", w.node(n.First))...)
	}
	return append(lines, under("body", w.node(n.Body))...)
}

func (w *yamlWriter) dag(n *Dag) []string {
	var nodes []string
	for _, edges := range n.Nodes {
		var of []string
		for _, e := range edges {
			of = append(of, element(append([]string{"from: " + strconv.Itoa(e.From)}, under("body", w.node(e.Node))...))...)
		}
		nodes = append(nodes, element(of)...)
	}
	lines := append(under("nodes", nodes), "join: "+n.Join.String())
	if n.Output != nil {
		lines = append(lines, "output: "+flow(n.Output, strconv.Itoa))
	}
	return lines
}

func (w *yamlWriter) cells(n *Cells) []string {
	var kinds, chain []string
	for _, k := range n.Kinds {
		lines := append([]string{"nodes: " + strconv.Itoa(k.Nodes)}, under("operations", w.options(k.Operations))...)
		if k.Entering != nil {
			lines = append(lines, under("entering", w.options(k.Entering))...)
		}
		kinds = append(kinds, under(quoteYAML(k.Name), lines)...)
	}
	for _, c := range n.Chain {
		lines := append([]string{"kind: " + quoteYAML(n.Kinds[c.Kind].Name)}, under("older", w.node(c.Older))...)
		chain = append(chain, element(append(lines, under("last", w.node(c.Last))...))...)
	}
	return append(under("kinds", kinds), under("chain", chain)...)
}

func (w *yamlWriter) options(options []Option) []string {
	var lines []string
	for _, o := range options {
		lines = append(lines, under(quoteYAML(o.Label), w.node(o.Node))...)
	}
	return lines
}

func (w *yamlWriter) items(nodes []Node) []string {
	var lines []string
	for _, n := range nodes {
		lines = append(lines, element(w.node(n))...)
	}
	return lines
}

// element indents lines as an element of a list.
func element(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		if i == 0 {
			out[i] = "- " + l
		} else {
			out[i] = "  " + l
		}
	}
	return out
}

// under puts a value behind a key: on its line if it is a word or a flow of one line, and otherwise below it.
func under(key string, lines []string) []string {
	if len(lines) == 1 && !strings.HasPrefix(lines[0], "- ") && !keyed.MatchString(lines[0]) {
		return []string{key + ": " + lines[0]}
	}
	out := []string{key + ":"}
	for _, l := range lines {
		out = append(out, "  "+l)
	}
	return out
}

// keyed matches a line that begins with a key.
var keyed = regexp.MustCompile(`^("(\\.|[^"\\])*"|[A-Za-z0-9_.-]+):( |$)`)

// leafYAML writes a block in one line.
func leafYAML(b Block) string {
	var given []string
	for _, f := range b.Fields() {
		if f.Attr.source != unset {
			given = append(given, f.Name+": "+attrYAML(*f.Attr))
		}
	}
	if len(given) == 0 {
		return b.Kind()
	}
	return fmt.Sprintf("%s: {%s}", b.Kind(), strings.Join(given, ", "))
}

func attrYAML(a Attr) string {
	if a.source == constant {
		return valueYAML(a.value)
	}
	return a.String()
}

func valueYAML(v Value) string {
	if text, ok := v.Text(); ok {
		return quoteYAML(text)
	}
	return v.String()
}

func flow[T any](values []T, write func(T) string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = write(v)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// plain matches texts that YAML reads as the same text without quotes, apart from the words with a meaning of their own.
var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func quoteYAML(text string) string {
	if plain.MatchString(text) {
		switch strings.ToLower(text) {
		case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		default:
			return text
		}
	}
	return strconv.Quote(text)
}
