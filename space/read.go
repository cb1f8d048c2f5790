package space

import (
	"slices"

	"github.com/trellis-nas/trellis/internal/nearest"
	"github.com/trellis-nas/trellis/internal/strict"
	"github.com/trellis-nas/trellis/network"
)

// reader turns the text of a space file into nodes and remembers where in the text each of them came from, so that what [New] finds wrong
// with them can be reported at its place.
type reader struct {
	doc         *strict.Doc
	top         strict.Map
	params      map[string]*strict.Doc
	places      map[placeOf]strict.Value
	definitions []*definition
	depth       int
}

// placeOf names a part of a node, or an option of a built-in space where the node is nil.
type placeOf struct {
	node Node
	part string
}

// definition is a node that is written once and used by name.
type definition struct {
	name    string
	key     strict.Value
	value   strict.Value
	node    Node // nil until it is used
	reading bool
}

func newReader(doc *strict.Doc, top strict.Map, params Params) *reader {
	r := &reader{doc: doc, top: top, params: map[string]*strict.Doc{}, places: map[placeOf]strict.Value{}}
	for key, text := range params {
		r.params[key] = strict.Parse("option "+key, []byte(text))
	}
	return r
}

// get returns the value of a top-level key, that of the params first.
func (r *reader) get(key string) strict.Value {
	if doc, ok := r.params[key]; ok {
		v := doc.Root()
		r.mark(nil, key, v)
		return v
	}
	v := r.top.Get(key)
	if v.Given() {
		r.mark(nil, key, v)
	}
	return v
}

func (r *reader) need(key string) strict.Value {
	if v := r.get(key); v.Given() {
		return v
	}
	return r.top.Need(key)
}

// mark remembers the place of a part of a node.
func (r *reader) mark(n Node, part string, v strict.Value) { r.places[placeOf{n, part}] = v }

func (r *reader) shape(v strict.Value) network.Shape {
	if !v.Given() {
		return network.Shape{}
	}
	shape, err := network.ParseShape(v.Text(""))
	if err != nil {
		v.Fail("%v", err)
	}
	return shape
}

func (r *reader) readDefinitions() {
	m := r.get("define").AnyMap()
	for _, name := range m.Keys() {
		key := m.KeyValue(name)
		if slices.Contains(kinds(), name) {
			key.Fail("%q cannot be defined, because it is the name of a kind of node", name)
		}
		r.definitions = append(r.definitions, &definition{name: name, key: key, value: m.Get(name)})
	}
}

// wantAllUsed refuses definitions that nothing uses, which are misspelt names more often than not.
func (r *reader) wantAllUsed() {
	for _, d := range r.definitions {
		if d.node == nil {
			d.key.Fail("definition %q is never used", d.name)
		}
	}
}

// maxDepth bounds how deep nodes may be nested in a text.
const maxDepth = 500

// node reads one node: the name of a kind or a definition, a list, or a mapping from the kind to the rest.
func (r *reader) node(v strict.Value) Node {
	if r.depth++; r.depth > maxDepth {
		v.Fail("nodes are nested more than %d deep here", maxDepth)
		return nil
	}
	defer func() { r.depth-- }()
	switch {
	case !v.Given():
		v.Fail("a node is missing here")
		return nil
	case v.IsList():
		return r.seq(v)
	case v.IsMap():
		m := v.AnyMap()
		keys := m.Keys()
		if len(keys) != 1 {
			v.Fail("a node has one key, its kind, but here are %d", len(keys))
			return nil
		}
		return r.ofKind(keys[0], m.KeyValue(keys[0]), m.Get(keys[0]))
	}
	word := v.Text("")
	for _, d := range r.definitions {
		if d.name == word {
			return r.defined(d, v)
		}
	}
	return r.ofKind(word, v, strict.Value{})
}

// defined returns the node of a definition, the same every time.
func (r *reader) defined(d *definition, at strict.Value) Node {
	if d.reading {
		at.Fail("definition %q uses itself", d.name)
		return nil
	}
	if d.node == nil {
		d.reading = true
		d.node = r.node(d.value)
		d.reading = false
	}
	return d.node
}

func (r *reader) seq(v strict.Value) Node {
	n := &Seq{r.nodes(v)}
	r.mark(n, "", v)
	for i, e := range v.List() {
		r.mark(n, indexed("", i), e)
	}
	return n
}

func (r *reader) nodes(v strict.Value) []Node {
	var out []Node
	for _, e := range v.List() {
		out = append(out, r.node(e))
	}
	return out
}

// ofKind reads a node of a kind, whose name stands at key, from the value behind it.
func (r *reader) ofKind(kind string, key, v strict.Value) Node {
	if block, ok := newBlock(kind); ok {
		return r.leaf(block, key, v)
	}
	if !slices.Contains(kinds(), kind) {
		words := kinds()
		for _, d := range r.definitions {
			words = append(words, d.name)
		}
		key.Fail("unknown kind of node %q; %s", kind, nearest.Advice(kind, words))
		return nil
	}
	if !v.Given() {
		key.Fail("%s needs more than its name", kind)
		return nil
	}
	n := r.combinator(kind, v)
	r.mark(n, "", key)
	return n
}

func (r *reader) combinator(kind string, v strict.Value) Node {
	switch kind {
	case "seq":
		return r.seq(v)
	case "scope":
		return r.scope(v.Map("name", "body"))
	case "choice":
		return r.choice(v.Map("name", "options"))
	case "let":
		return r.let(v.Map("var", "values", "labels", "vars", "body"))
	case "case":
		return r.caseOf(v.Map("var", "of"))
	case "repeat":
		return r.repeat(v.Map("name", "counts", "labels", "first", "body"))
	case "parallel":
		return r.parallel(v.Map("join", "branches"))
	case "residual":
		return &Residual{r.node(v)}
	case "dag":
		return r.dag(v.Map("nodes", "output", "join"))
	case "cells":
		return r.cells(v.Map("kinds", "chain"))
	}
	return r.skips(v.Map("layers", "names"))
}
