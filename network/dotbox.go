package network

import (
	"fmt"
	"html"
	"strings"
)

// paint is how a kind of box is coloured. The hues are those of Okabe & Ito (2008), which people of every colour
// vision can tell apart; fills are tints of them.
type paint struct{ fill, frame string }

func paintOf(b box, op Op) paint {
	if b.gate {
		return paint{"#f5e4ee", "#a85485"}
	}
	switch op.(type) {
	case Conv, Conv1d:
		return paint{"#d9e9f5", "#0072b2"}
	case Depthwise, Depthwise1d:
		return paint{"#e4f4fc", "#3a9fd6"}
	case MaxPool, AvgPool, GlobalAvgPool, Mean:
		return paint{"#fdf0d5", "#c98a00"}
	case Attention:
		return paint{"#f5e4ee", "#a85485"}
	case Dense, LSTM, GRU, Embedding:
		return paint{"#fbe3d6", "#d55e00"}
	case Add, Concat, Multiply, GLU:
		return paint{"#dcf1ea", "#009e73"}
	case Zero, Identity, Slice:
		return paint{"#ffffff", "#909090"}
	}
	return paint{"#f0f0f0", "#808080"}
}

// box writes one box as a Graphviz node.
func (w *dotWriter) box(i int) {
	b := w.boxes[i]
	op := b.work(w.g)
	p := paintOf(b, op)
	attributes := []string{fmt.Sprintf(`fillcolor="%s", color="%s"`, p.fill, p.frame)}
	before, large, after := b.label(w.g)
	switch op.(type) {
	case Input:
		large, after = "input", shapeLabel(w.g.Input())
	case Add, Multiply:
		if len(b.nodes) == 1 {
			large = map[string]string{"add": "+", "multiply": "×"}[op.Kind()]
			attributes = append(attributes, `shape=circle, margin=0, height=0.28, width=0.28, fixedsize=true`)
		}
	case Zero, Identity:
		attributes = append(attributes, `style="filled,rounded,dashed"`)
	}
	label := html.EscapeString(large)
	if before != "" {
		label = fmt.Sprintf(`<FONT POINT-SIZE="9">%s</FONT><BR/>`, html.EscapeString(before)) + label
	}
	if after != "" {
		label += fmt.Sprintf(`<BR/><FONT POINT-SIZE="9">%s</FONT>`, html.EscapeString(after))
	}
	if share := w.share(b); share != "" {
		label += fmt.Sprintf(`<BR/><FONT POINT-SIZE="8" COLOR="#606060">%s</FONT>`, share)
	}
	for _, id := range b.nodes {
		if w.highlight[id] {
			attributes = append(attributes, `penwidth=3, color="#d55e00"`)
			break
		}
	}
	w.line(`b%d [label=<%s>, tooltip="%s", %s]`, i, label, w.tooltip(b), strings.Join(attributes, ", "))
}

// share returns the box's part of all MACs, or nothing where that rounds to nothing.
func (w *dotWriter) share(b box) string {
	var macs int64
	for _, id := range b.nodes {
		macs += w.g.NodeCost(id).MACs
	}
	percent := 100 * float64(macs) / float64(max(w.total, 1))
	switch {
	case percent >= 9.95:
		return fmt.Sprintf("%.0f %% of MACs", percent)
	case percent >= 0.05:
		return fmt.Sprintf("%.1f %% of MACs", percent)
	}
	return ""
}

// tooltip lists the nodes of a box in the text form.
func (w *dotWriter) tooltip(b box) string {
	var lines []string
	for _, id := range b.nodes {
		n := w.g.Nodes[id]
		line := fmt.Sprintf("%%%d %v: %v", id, n.Op, n.Shape)
		if c := w.g.NodeCost(id); c.Params > 0 {
			line += fmt.Sprintf(", %s params", countLabel(c.Params))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, `\n`)
}
