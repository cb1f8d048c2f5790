package network

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Parse reads the text form that Text writes. Blank lines and spaces at the ends of lines are skipped; nodes must be
// numbered in order and shapes must be those inferred. Errors name the line.
func Parse(text string) (*Graph, error) {
	p := parser{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if p.graph == nil {
		return nil, errors.New("the text ends without a line \"output %N\"")
	}
	return p.graph, nil
}

// parser feeds lines to a Builder; graph is set by the last line.
type parser struct {
	b     *Builder
	graph *Graph
}

func (p *parser) line(line string) error {
	if p.graph != nil {
		return fmt.Errorf("%q follows the output line, which must be the last", line)
	}
	if ref, ok := strings.CutPrefix(line, "output "); ok && p.b != nil {
		id, err := parseRef(ref)
		if err != nil {
			return err
		}
		p.graph, err = p.b.Build(Ref(id))
		return err
	}
	n, err := parseNode(line)
	if err != nil {
		return err
	}
	if p.b == nil {
		return p.first(n)
	}
	if want := len(p.b.nodes); n.ID != want {
		return fmt.Errorf("node %%%d stands where %%%d is due", n.ID, want)
	}
	if n.Scope != "" {
		if err := checkScope(n.Scope); err != nil {
			return err
		}
	}
	refs := make([]Ref, len(n.Inputs))
	for i, from := range n.Inputs {
		refs[i] = Ref(from)
	}
	p.b.scope = n.Scope
	ref := p.b.Add(n.Op, refs...)
	if p.b.err != nil {
		return p.b.err
	}
	if inferred := p.b.Shape(ref); inferred != n.Shape {
		return nodeError(n, fmt.Errorf("shape is written %v, inferred %v", n.Shape, inferred))
	}
	return nil
}

// first reads the line of the input.
func (p *parser) first(n Node) error {
	if n.ID != 0 || n.Op != (Input{}) || len(n.Inputs) != 0 || n.Scope != "" {
		return errors.New("the first node must be the input, as \"%0 = input : 28x28x1\"")
	}
	p.b = NewBuilder(n.Shape)
	return p.b.err
}

// parseNode reads "%ID = OP %INPUT… : SHAPE # SCOPE".
func parseNode(line string) (Node, error) {
	head, rest, ok := strings.Cut(line, " = ")
	if !ok {
		return Node{}, fmt.Errorf("%q is no node; write \"%%3 = conv(out=16,kernel=3) %%2 : 14x14x16\"", line)
	}
	id, err := parseRef(head)
	if err != nil {
		return Node{}, err
	}
	rest, scope, _ := strings.Cut(rest, " # ")
	body, shapeText, ok := strings.Cut(rest, " : ")
	if !ok {
		return Node{}, fmt.Errorf("node %%%d has no shape; write \": 14x14x16\" after its inputs", id)
	}
	shape, err := ParseShape(strings.TrimSpace(shapeText))
	if err != nil {
		return Node{}, err
	}
	fields := strings.Fields(body)
	if len(fields) == 0 {
		return Node{}, fmt.Errorf("node %%%d has no operator", id)
	}
	op, err := ParseOp(fields[0])
	if err != nil {
		return Node{}, err
	}
	n := Node{ID: id, Op: op, Shape: shape, Scope: strings.TrimSpace(scope)}
	for _, f := range fields[1:] {
		from, err := parseRef(f)
		if err != nil {
			return Node{}, err
		}
		n.Inputs = append(n.Inputs, from)
	}
	return n, nil
}

func parseRef(text string) (int, error) {
	if digits, ok := strings.CutPrefix(text, "%"); ok {
		if id, err := strconv.Atoi(digits); err == nil && id >= 0 && strconv.Itoa(id) == digits {
			return id, nil
		}
	}
	return 0, fmt.Errorf("%q is no node; write %%0, %%1 and so on", text)
}
