package network

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// Drawing says how a network is drawn. The zero value draws it downwards, in as many columns as keep it on a page.
type Drawing struct {
	Title     string
	Across    bool  // from left to right, in rows instead of columns
	Columns   int   // 0 for as many as the depth asks for
	Highlight []int // IDs of nodes whose boxes get a thick frame
}

// DOT returns the network as Graphviz source with the default [Drawing].
func (g *Graph) DOT() string { return Drawing{}.DOT(g) }

// DOT returns the network as Graphviz source for the program dot. Chains of convolution, batch norm and activation are
// one box, so is a squeeze-and-excite gate; boxes are coloured by what they do and tell their share of the MACs; scopes
// of more than one box are framed; edges tell the shape where it changed. The same network gives the same source.
func (d Drawing) DOT(g *Graph) string {
	w := dotWriter{g: g, boxes: g.fold(), total: g.MACs(), highlight: map[int]bool{}}
	for _, id := range d.Highlight {
		w.highlight[id] = true
	}
	w.connect()
	w.column = d.columns(w.boxes, w.from)
	w.header(d)
	w.scopes()
	w.edges()
	w.indent--
	w.line("}")
	return w.b.String()
}

// dotWriter writes one drawing.
type dotWriter struct {
	g         *Graph
	boxes     []box
	from      [][]int // for each box the boxes it takes, once each
	column    []int
	total     int64
	highlight map[int]bool
	b         strings.Builder
	indent    int
}

func (w *dotWriter) line(format string, args ...any) {
	w.b.WriteString(strings.Repeat("\t", w.indent))
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

// connect finds which boxes each box takes.
func (w *dotWriter) connect() {
	boxOf := make([]int, len(w.g.Nodes))
	for i, b := range w.boxes {
		for _, id := range b.nodes {
			boxOf[id] = i
		}
	}
	w.from = make([][]int, len(w.boxes))
	for i, b := range w.boxes {
		for _, id := range b.nodes {
			for _, from := range w.g.Nodes[id].Inputs {
				if s := boxOf[from]; s != i && !slices.Contains(w.from[i], s) {
					w.from[i] = append(w.from[i], s)
				}
			}
		}
	}
}

func (w *dotWriter) header(d Drawing) {
	w.line("digraph network {")
	w.indent++
	cost := w.g.Cost()
	caption := fmt.Sprintf(`<FONT POINT-SIZE="10" COLOR="#606060">%s params, %s MACs</FONT>`,
		countLabel(cost.Params), countLabel(cost.MACs))
	if d.Title != "" {
		caption = fmt.Sprintf(`<B>%s</B><BR/>`, html.EscapeString(d.Title)) + caption
	}
	direction := "TB"
	if d.Across {
		direction = "LR"
	}
	w.line(`graph [rankdir=%s, labelloc=t, label=<%s>, fontname="Helvetica", fontsize=14, nodesep=0.25, ranksep=0.3]`,
		direction, caption)
	w.line(`node [shape=box, style="filled,rounded", fontname="Helvetica", fontsize=11, margin="0.12,0.05", height=0.3, penwidth=1]`)
	w.line(`edge [fontname="Helvetica", fontsize=9, fontcolor="#606060", color="#606060", arrowsize=0.6]`)
}

// edges writes the arrows. Where one leads to another column, both ends get a connector with the same letter.
func (w *dotWriter) edges() {
	const connector = `[shape=circle, label="%s", fillcolor="#ffffff", color="#606060", margin=0.02, height=0.25]`
	noted := make([]bool, len(w.boxes))
	letters := make([]string, len(w.boxes))
	used := 0
	heads := []string{"b0"}
	for i, sources := range w.from {
		for _, s := range sources {
			note := ""
			if !noted[s] {
				note = w.shapeNote(s)
				noted[s] = true
			}
			if w.column[s] == w.column[i] {
				w.line(`b%d -> b%d%s`, s, i, note)
				continue
			}
			if letters[s] == "" {
				letters[s] = string(rune('A' + used%26))
				used++
				w.line(`out%d `+connector, s, letters[s])
				w.line(`b%d -> out%d%s`, s, s, note)
			}
			if w.column[i] == len(heads) {
				head := fmt.Sprintf("in%d", w.column[i])
				w.line(`%s `+connector, head, letters[s])
				heads = append(heads, head)
			}
			w.line(`in%d -> b%d`, w.column[i], i)
		}
	}
	for i, b := range w.boxes {
		if slices.Contains(b.nodes, w.g.Output) {
			w.line(`output [label="output", fillcolor="#ffffff", color="#606060"]`)
			w.line(`b%d -> output [label=" %s"]`, i, shapeLabel(w.g.OutputShape()))
		}
	}
	if len(heads) > 1 {
		w.line(`{rank=same; %s [style=invis, minlen=2]}`, strings.Join(heads, " -> "))
	}
}

// shapeNote labels an edge with the shape where the box changed it.
func (w *dotWriter) shapeNote(i int) string {
	b := w.boxes[i]
	first := w.g.Nodes[b.nodes[0]]
	out := w.g.Nodes[b.last()].Shape
	if len(first.Inputs) == 0 || w.g.Nodes[first.Inputs[0]].Shape == out {
		return ""
	}
	return fmt.Sprintf(` [label=" %s"]`, shapeLabel(out))
}
