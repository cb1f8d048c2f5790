package network

import (
	"html"
	"strings"
)

// frame is a scope within one column: its boxes and the scopes inside it, in the order they first appear.
type frame struct {
	name  string
	items []frameItem
	size  int // boxes in it, at any depth
}

// frameItem is a box or, where inner is set, a scope.
type frameItem struct {
	box   int
	inner *frame
}

// child returns the inner scope of that name, made where there is none.
func (f *frame) child(name string) *frame {
	for _, it := range f.items {
		if it.inner != nil && it.inner.name == name {
			return it.inner
		}
	}
	c := &frame{name: name}
	f.items = append(f.items, frameItem{inner: c})
	return c
}

// scopes writes all boxes, column by column, in the frames of their scopes.
func (w *dotWriter) scopes() {
	columns := make([]frame, w.column[len(w.column)-1]+1)
	for i, b := range w.boxes {
		f := &columns[w.column[i]]
		f.size++
		if b.scope != "" {
			for part := range strings.SplitSeq(b.scope, ".") {
				f = f.child(part)
				f.size++
			}
		}
		f.items = append(f.items, frameItem{box: i})
	}
	clusters := 0
	for c := range columns {
		w.frame(&columns[c], &clusters)
	}
}

// frame writes what a scope holds. A scope of one box gets no frame, and one that holds nothing but another scope
// shares its frame.
func (w *dotWriter) frame(f *frame, clusters *int) {
	for _, it := range f.items {
		if it.inner == nil {
			w.box(it.box)
			continue
		}
		inner := it.inner
		name := inner.name
		for len(inner.items) == 1 && inner.items[0].inner != nil {
			inner = inner.items[0].inner
			name += "." + inner.name
		}
		if inner.size < 2 {
			w.frame(inner, clusters)
			continue
		}
		w.line("subgraph cluster%d {", *clusters)
		*clusters++
		w.indent++
		w.line(`graph [label=<%s>, labeljust=l, fontsize=9, fontcolor="#808080", style="filled,rounded", color="#d0d0d0", fillcolor="%s", margin=6]`,
			html.EscapeString(name), shade(w.indent))
		w.frame(inner, clusters)
		w.indent--
		w.line("}")
	}
}

// shade is the fill of a frame: nested ones alternate.
func shade(depth int) string {
	if depth%2 == 0 {
		return "#fafafa"
	}
	return "#f3f3f3"
}
