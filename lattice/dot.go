package lattice

import (
	"fmt"
	"html"
	"math/big"
	"strings"
)

// maxDrawn is the number of items that a drawing has at most: more are a wall.
const maxDrawn = 400

// DOT returns the lattice as Graphviz source for the program dot: a box for each item, with the decision that is next there and the number of
// paths from there to the end, and an arrow for the options that lead from one to the next. The same lattice gives the same source.
// It is a [*TooLargeError] for more than 400 items.
func (l *Lattice) DOT() (string, error) {
	if n := len(l.decisionOf); n > maxDrawn {
		return "", &TooLargeError{Space: l.space.Name(), What: "items to be drawn", Need: int64(n), Bound: maxDrawn}
	}
	one := big.NewInt(1)
	paths := foldAll(l, CountSemiring{}, func(Step) *big.Int { return one })
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("digraph lattice {")
	line(`	graph [rankdir=LR, labelloc=t, label=<<B>%s</B><BR/><FONT POINT-SIZE="10" COLOR="#606060">%s architectures, %d items, %d steps</FONT>>, fontname="Helvetica", fontsize=14, nodesep=0.2, ranksep=0.5]`,
		html.EscapeString(l.space.Name()), grouped(paths[l.root()]), len(l.decisionOf), len(l.steps))
	line(`	node [shape=box, style="filled,rounded", fillcolor="#e8f1f8", color="#0072b2", fontname="Helvetica", fontsize=11, margin="0.12,0.05", height=0.3]`)
	line(`	edge [fontname="Helvetica", fontsize=9, fontcolor="#606060", color="#606060", arrowsize=0.6]`)
	for item := l.root(); item > end; item-- {
		line(`	i%d [label=<%s<BR/><FONT POINT-SIZE="10">%s</FONT>>]`, item, html.EscapeString(l.decisions[l.decisionOf[item]].Name), grouped(paths[item]))
	}
	line(`	i%d [label="1", shape=circle, fillcolor="#ffffff"]`, end)
	for item := l.root(); item > end; item-- {
		for _, arrow := range l.arrows(item) {
			line(`	i%d -> i%d [label=<%s>]`, item, arrow.to, strings.Join(arrow.options, "<BR/>"))
		}
	}
	line("}")
	return b.String(), nil
}

// arrow is what leads from one item to another.
type arrow struct {
	to      int32
	options []string // as HTML
}

// arrows returns the arrows of an item, in the order of their first options.
func (l *Lattice) arrows(item int32) []arrow {
	var out []arrow
	at := map[int32]int{}
	for _, s := range l.after(item) {
		i, met := at[s.next]
		if !met {
			i = len(out)
			at[s.next] = i
			out = append(out, arrow{to: s.next})
		}
		out[i].options = append(out[i].options, html.EscapeString(l.decisions[l.decisionOf[item]].Options[s.choice]))
	}
	return out
}

// grouped writes a number with commas, and from 10^15 on with three digits and a power of ten.
func grouped(n *big.Int) string {
	if n.IsInt64() && n.Int64() < 1e15 {
		return digits(n.Int64())
	}
	mantissa, power, _ := strings.Cut(new(big.Float).SetInt(n).Text('e', 2), "e+")
	return fmt.Sprintf("%s · 10<SUP>%s</SUP>", mantissa, power)
}
