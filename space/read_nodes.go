package space

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/strict"
)

func (r *reader) scope(m strict.Map) Node {
	n := &Scope{Name: m.Need("name").Text(""), Body: r.node(m.Need("body"))}
	r.mark(n, "name", m.Get("name"))
	return n
}

func (r *reader) choice(m strict.Map) Node {
	n := &Choice{Name: m.Need("name").Text("")}
	r.mark(n, "name", m.Get("name"))
	n.Options = r.options(m.Need("options"), n, "options")
	return n
}

// options reads a mapping from labels to nodes, in the order of the text.
func (r *reader) options(v strict.Value, owner Node, part string) []Option {
	r.mark(owner, part, v)
	m := v.AnyMap()
	var out []Option
	for _, label := range m.Keys() {
		r.mark(owner, part+"."+label, m.KeyValue(label))
		out = append(out, Option{label, r.node(m.Get(label))})
	}
	return out
}

// let reads one variable, or several under "vars", which stand for a let inside a let.
func (r *reader) let(m strict.Map) Node {
	if vars := m.Get("vars"); vars.Given() {
		for _, key := range []string{"var", "values", "labels"} {
			if m.Get(key).Given() {
				m.KeyValue(key).Fail("%q cannot stand beside \"vars\"", key)
			}
		}
		return r.lets(vars, m.Need("body"))
	}
	n := &Let{Var: m.Need("var").Text("")}
	r.mark(n, "var", m.Get("var"))
	values := m.Need("values")
	r.mark(n, "values", values)
	for i, v := range values.List() {
		n.Values = append(n.Values, r.value(v))
		r.mark(n, indexed("values", i), v)
	}
	n.Labels = r.texts(m.Get("labels"), n, "labels")
	n.Body = r.node(m.Need("body"))
	return n
}

func (r *reader) lets(vars, body strict.Value) Node {
	m := vars.AnyMap()
	var lets []*Let
	for _, name := range m.Keys() {
		n := &Let{Var: name}
		r.mark(n, "", m.KeyValue(name))
		r.mark(n, "values", m.Get(name))
		for i, v := range m.Get(name).List() {
			n.Values = append(n.Values, r.value(v))
			r.mark(n, indexed("values", i), v)
		}
		lets = append(lets, n)
	}
	if len(lets) == 0 {
		vars.Fail("there must be at least one variable")
		return nil
	}
	for i, n := range lets[1:] {
		lets[i].Body = n
	}
	lets[len(lets)-1].Body = r.node(body)
	return lets[0]
}

// texts reads a list of texts, nil if it is not given.
func (r *reader) texts(v strict.Value, owner Node, part string) []string {
	if !v.Given() {
		return nil
	}
	r.mark(owner, part, v)
	out := []string{}
	for i, e := range v.List() {
		r.mark(owner, indexed(part, i), e)
		out = append(out, e.Text(""))
	}
	return out
}

func (r *reader) caseOf(m strict.Map) Node {
	n := &Case{Var: m.Need("var").Text("")}
	r.mark(n, "var", m.Get("var"))
	of := m.Need("of")
	if of.IsList() {
		r.mark(n, "of", of)
		n.Nodes = r.nodes(of)
		return n
	}
	n.Labels = []string{}
	for _, o := range r.options(of, n, "of") {
		n.Labels, n.Nodes = append(n.Labels, o.Label), append(n.Nodes, o.Node)
	}
	return n
}

func (r *reader) repeat(m strict.Map) Node {
	n := &Repeat{Name: m.Get("name").Text("")}
	if v := m.Get("name"); v.Given() {
		r.mark(n, "name", v)
		if n.Name == "" {
			v.Fail("the name is empty")
		}
	}
	counts := m.Need("counts")
	r.mark(n, "counts", counts)
	n.Counts = r.wholes(counts, n, "counts")
	n.Labels = r.texts(m.Get("labels"), n, "labels")
	if first := m.Get("first"); first.Given() {
		n.First = r.node(first)
	}
	n.Body = r.node(m.Need("body"))
	return n
}

// wholes reads one whole number or a list of them.
func (r *reader) wholes(v strict.Value, owner Node, part string) []int {
	elements := oneOrMany(v)
	out := make([]int, len(elements))
	for i, e := range elements {
		r.mark(owner, indexed(part, i), e)
		out[i] = whole(e)
	}
	return out
}

// oneOrMany returns the elements of a list, or a single value as if it were one.
func oneOrMany(v strict.Value) []strict.Value {
	if v.Given() && !v.IsList() {
		return []strict.Value{v}
	}
	return v.List()
}

// whole reads a whole number of any sensible size; the range is checked where it is known.
func whole(v strict.Value) int {
	if !v.Given() {
		v.Fail("a number is missing here")
	}
	return int(v.Int(0, -maxChoice, maxChoice))
}

func (r *reader) parallel(m strict.Map) Node {
	n := &Parallel{Join: readJoin(m)}
	branches := m.Need("branches")
	r.mark(n, "branches", branches)
	n.Branches = r.nodes(branches)
	return n
}

func readJoin(m strict.Map) Join {
	if m.Get("join").Word("add", "add", "concat") == "concat" {
		return Concat
	}
	return Add
}

func (r *reader) dag(m strict.Map) Node {
	n := &Dag{Join: readJoin(m)}
	nodes := m.Need("nodes")
	r.mark(n, "nodes", nodes)
	for k, edges := range nodes.List() {
		r.mark(n, indexed("nodes", k), edges)
		var of []Edge
		for j, v := range edges.List() {
			e := v.Map("from", "body")
			r.mark(n, dagPart(k, j), v)
			r.mark(n, dagPart(k, j)+".from", e.Get("from"))
			of = append(of, Edge{whole(e.Need("from")), r.node(e.Need("body"))})
		}
		n.Nodes = append(n.Nodes, of)
	}
	if v := m.Get("output"); v.Given() {
		r.mark(n, "output", v)
		n.Output = r.wholes(v, n, "output")
	}
	return n
}

func (r *reader) skips(m strict.Map) Node {
	n := &Skips{}
	layers := m.Need("layers")
	r.mark(n, "layers", layers)
	for k, v := range layers.List() {
		r.mark(n, indexed("layers", k), v)
		n.Layers = append(n.Layers, r.node(v))
	}
	n.Names = r.texts(m.Get("names"), n, "names")
	return n
}

// leaf reads the attributes of a block.
func (r *reader) leaf(block Block, key, v strict.Value) Node {
	n := &Leaf{block}
	r.mark(n, "", key)
	fields := block.Fields()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	if v.Given() && !v.IsMap() {
		v.Fail("%s takes a mapping of attributes, as %s: {%s}", block.Kind(), block.Kind(), example(names))
		return n
	}
	m := v.Map(names...)
	for _, f := range fields {
		if a := m.Get(f.Name); a.Given() {
			*f.Attr = r.attr(a, f)
			r.mark(n, f.Name, a)
		}
	}
	return n
}

func example(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: …", names[0])
}
