package space

import "strconv"

// Path is the chain of scopes around a place of a tree, as of folders around a file; nil is the root. The text is put together only when
// somebody asks, because most walks never do.
type Path struct {
	outer  *Path
	word   string // the scope, with a number behind it if that is not 0
	number int
}

// In returns the path into a scope, or p itself for an empty name.
func (p *Path) In(scope string) *Path {
	if scope == "" {
		return p
	}
	return &Path{outer: p, word: scope}
}

// Name returns the full name of something called name at the end of the path, as "stage1.block2.kernel".
func (p *Path) Name(name string) string {
	for ; p != nil; p = p.outer {
		scope := p.word
		if p.number > 0 {
			scope += strconv.Itoa(p.number)
		}
		if name == "" {
			name = scope
		} else {
			name = scope + "." + name
		}
	}
	return name
}

// String returns the names of all scopes, the outermost first, joined by dots.
func (p *Path) String() string { return p.Name("") }

// DepthName is the name of the decision about the count of a [Repeat].
const DepthName = "depth"

// Branch returns branch i, counted from 0, and the path to it from that of the node: into the scope "branch1" for the first.
func (p *Parallel) Branch(i int, at *Path) (Node, *Path) {
	return p.Branches[i], &Path{at, "branch", i + 1}
}

// Edge returns edge j to node k, of which 0 is the input, and the path to it from that of the cell: into the scopes "node1" and "from0" for
// an edge from the input to the first node.
func (d *Dag) Edge(k, j int, at *Path) (Edge, *Path) {
	e := d.Nodes[k-1][j]
	return e, fromPath(e.From, toPath(k, at))
}

// LayerName returns the scope of layer k, counted from 0.
func (s *Skips) LayerName(k int) string {
	if s.Names != nil {
		return s.Names[k]
	}
	return "layer" + strconv.Itoa(k+1)
}

// toPath returns the path to a node of a cell, fromPath from there to an edge to it.
func toPath(k int, at *Path) *Path      { return &Path{at, "node", k} }
func fromPath(from int, at *Path) *Path { return &Path{outer: at, word: "from" + strconv.Itoa(from)} }

// cellPath returns the path to a cell of a chain.
func cellPath(i int, at *Path) *Path { return &Path{at, "cell", i + 1} }
