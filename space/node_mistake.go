package space

import "fmt"

// Mistake is an error about a node of a tree: what [New] returns when the tree makes no space.
type Mistake struct {
	Node Node   // where it is
	Part string // the part of the node, named as in a space file: "values", "options.k3", "kernel"; may be empty
	Err  error  // what is wrong, in a sentence
}

// Error returns the sentence after the kind of the node and its name, as `choice "op": …`.
func (m *Mistake) Error() string {
	kind := Kind(m.Node)
	if name := nodeName(m.Node); name != "" {
		kind = fmt.Sprintf("%s %q", kind, name)
	}
	return kind + ": " + m.Err.Error()
}

// Unwrap returns Err.
func (m *Mistake) Unwrap() error { return m.Err }

// Kind returns the name of a kind of node in space files, as "choice"; for a [Leaf] that of its block.
func Kind(n Node) string {
	switch n := n.(type) {
	case *Leaf:
		if n == nil || n.Block == nil {
			return "leaf"
		}
		return n.Block.Kind()
	case *Seq:
		return "seq"
	case *Scope:
		return "scope"
	case *Choice:
		return "choice"
	case *Let:
		return "let"
	case *Case:
		return "case"
	case *Repeat:
		return "repeat"
	case *Parallel:
		return "parallel"
	case *Residual:
		return "residual"
	case *Dag:
		return "dag"
	case *Skips:
		return "skips"
	case *Cells:
		return "cells"
	}
	return "node"
}

func nodeName(n Node) string {
	switch n := n.(type) {
	case *Scope:
		return n.Name
	case *Choice:
		return n.Name
	case *Let:
		return n.Var
	case *Case:
		return n.Var
	case *Repeat:
		return n.Name
	}
	return ""
}

func mistake(n Node, part, format string, args ...any) error {
	return &Mistake{n, part, fmt.Errorf(format, args...)}
}
