package network

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNodes bounds the nodes of a graph; see maxCost.
const maxNodes = 1 << 16

// Ref names the output of a node within one Builder: the node's ID.
type Ref int

// Builder makes a Graph node by node. It keeps the first mistake, which Err and Build return; after a mistake every
// call is harmless and does nothing. Make one with NewBuilder. A Builder is not safe for concurrent use.
type Builder struct {
	nodes []Node
	scope string
	err   error
	in    []Shape // scratch
}

// NewBuilder returns a Builder for networks that take samples of shape in.
func NewBuilder(in Shape) *Builder {
	b := &Builder{nodes: []Node{{Op: Input{}, Shape: in}}}
	if err := in.Check(); err != nil {
		b.err = nodeError(b.nodes[0], err)
	}
	return b
}

// Input returns the sample itself.
func (b *Builder) Input() Ref { return 0 }

// Add appends a node and returns its output. A mistake is reported as `node 7 (add, "stage2.block1"): …`.
func (b *Builder) Add(op Op, in ...Ref) Ref {
	if b.err != nil {
		return 0
	}
	if op == nil {
		b.err = fmt.Errorf("node %d: has no operator", len(b.nodes))
		return 0
	}
	n := Node{ID: len(b.nodes), Op: op.normal(), Inputs: make([]int, len(in)), Scope: b.scope}
	for i, r := range in {
		n.Inputs[i] = int(r)
	}
	if n.Shape, b.err = inferNode(b.nodes, n, &b.in); b.err != nil {
		return 0
	}
	b.nodes = append(b.nodes, n)
	return Ref(n.ID)
}

// Shape returns the shape of an output, or the zero Shape after a mistake or for a Ref that is not of this Builder.
func (b *Builder) Shape(x Ref) Shape {
	if b.err != nil || x < 0 || int(x) >= len(b.nodes) {
		return Shape{}
	}
	return b.nodes[x].Shape
}

// Scope opens a scope inside the present one: nodes added from now on belong to it until restore is called.
// Scopes are joined by dots; an empty name opens none. A name may hold printable characters only and neither begin nor
// end with a space.
func (b *Builder) Scope(name string) (restore func()) {
	outer := b.scope
	if name != "" && b.err == nil {
		b.err = checkScope(name)
		b.scope = name
		if outer != "" {
			b.scope = outer + "." + name
		}
	}
	return func() { b.scope = outer }
}

// Err returns the first mistake, or nil.
func (b *Builder) Err() error { return b.err }

// Fail records a mistake found by the caller, unless there was one before, prefixed with the present scope if any.
func (b *Builder) Fail(err error) {
	if b.err != nil || err == nil {
		return
	}
	if b.scope != "" {
		err = fmt.Errorf("%s: %w", b.scope, err)
	}
	b.err = err
}

// Build returns the network whose output is out, or the first mistake.
func (b *Builder) Build(out Ref) (*Graph, error) {
	if b.err != nil {
		return nil, b.err
	}
	if out < 0 || int(out) >= len(b.nodes) {
		return nil, fmt.Errorf("the output is node %d, but there are nodes 0 to %d only", out, len(b.nodes)-1)
	}
	return &Graph{Nodes: slices.Clip(b.nodes), Output: int(out)}, nil
}

// inferNode checks a node against the nodes before it and returns its shape. The scratch slice is reused.
func inferNode(before []Node, n Node, scratch *[]Shape) (Shape, error) {
	if n.Op == (Input{}) {
		return Shape{}, nodeError(n, errors.New("only node 0 is an input"))
	}
	if n.ID >= maxNodes {
		return Shape{}, nodeError(n, fmt.Errorf("a network has at most %d nodes", maxNodes))
	}
	in := (*scratch)[:0]
	for _, from := range n.Inputs {
		if from < 0 || from >= len(before) {
			return Shape{}, nodeError(n, fmt.Errorf("input %%%d is no earlier node", from))
		}
		in = append(in, before[from].Shape)
	}
	*scratch = in
	shape, err := n.Op.Infer(in)
	if err != nil {
		return Shape{}, nodeError(n, err)
	}
	return shape, nil
}

// nodeError prefixes an error with the node it is about.
func nodeError(n Node, err error) error {
	if n.Scope == "" {
		return fmt.Errorf("node %d (%s): %w", n.ID, n.Op.Kind(), err)
	}
	return fmt.Errorf("node %d (%s, %q): %w", n.ID, n.Op.Kind(), n.Scope, err)
}

func checkScope(scope string) error {
	printable := utf8.ValidString(scope) && !strings.ContainsFunc(scope, func(r rune) bool { return !unicode.IsPrint(r) })
	if !printable || strings.TrimSpace(scope) != scope {
		return fmt.Errorf("scope %q holds unprintable characters or begins or ends with a space", scope)
	}
	return nil
}
