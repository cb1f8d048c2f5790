package network

import (
	"strconv"
	"strings"
)

// Text returns the text form, one node a line and the output last; [Parse] reads it back:
//
//	%0 = input : 28x28x1
//	%1 = conv(out=16,kernel=3) %0 : 28x28x16 # stem
//	%2 = relu %1 : 28x28x16 # stem
//	output %2
//
// Defaults are left out; what follows # is the scope.
func (g *Graph) Text() string {
	var b strings.Builder
	for _, n := range g.Nodes {
		writeRef(&b, n.ID)
		b.WriteString(" = ")
		b.WriteString(n.Op.String())
		for _, from := range n.Inputs {
			b.WriteByte(' ')
			writeRef(&b, from)
		}
		b.WriteString(" : ")
		b.WriteString(n.Shape.String())
		if n.Scope != "" {
			b.WriteString(" # ")
			b.WriteString(n.Scope)
		}
		b.WriteByte('\n')
	}
	b.WriteString("output ")
	writeRef(&b, g.Output)
	b.WriteByte('\n')
	return b.String()
}

// String returns the text form.
func (g *Graph) String() string { return g.Text() }

func writeRef(b *strings.Builder, id int) {
	b.WriteByte('%')
	b.WriteString(strconv.Itoa(id))
}
