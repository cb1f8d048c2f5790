package strict

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/trellis-nas/trellis/internal/nearest"
)

// Map is a mapping whose keys were checked.
type Map struct {
	of      Value
	entries []entry
}

type entry struct {
	key   string
	at    ast.Node
	value Value
}

// Map reads the value as a mapping with no other keys than these; an unknown key, a key given twice or anything but a
// mapping is a mistake. Absent gives an empty mapping.
func (v Value) Map(keys ...string) Map {
	m := v.AnyMap()
	for _, e := range m.entries {
		if !contains(keys, e.key) {
			v.doc.fail(e.at, "unknown key %q; %s", e.key, nearest.Advice(e.key, keys))
			return Map{of: v}
		}
	}
	return m
}

// AnyMap reads the value as a mapping with any keys.
func (v Value) AnyMap() Map {
	m := Map{of: v}
	if !v.Given() {
		return m
	}
	var values []*ast.MappingValueNode
	switch n := v.node.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		v.Fail("%s is %s, want a mapping", v.name(), v.found())
		return m
	}
	for _, n := range values {
		key := n.Key.GetToken().Value
		for _, e := range m.entries {
			if e.key == key {
				line, _ := position(e.at)
				v.doc.fail(n.Key, "key %q is given twice; it stands in line %d already", key, line)
				return Map{of: v}
			}
		}
		m.entries = append(m.entries, entry{key, n.Key, Value{v.doc, n.Value, key}})
	}
	return m
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// Get returns the value under a key, or the absent Value.
func (m Map) Get(key string) Value {
	for _, e := range m.entries {
		if e.key == key {
			return e.value
		}
	}
	return Value{doc: m.of.doc, what: key}
}

// Need returns the value under a key that must be there; where it is not is a mistake of the mapping.
func (m Map) Need(key string) Value {
	v := m.Get(key)
	if !v.Given() && m.of.doc != nil {
		m.of.doc.fail(m.of.node, "%q is missing", key)
	}
	return v
}

// Keys returns the keys in the order of the text.
func (m Map) Keys() []string {
	keys := make([]string, len(m.entries))
	for i, e := range m.entries {
		keys[i] = e.key
	}
	return keys
}

// KeyValue returns the key itself as a value, so that a mistake can be reported at its place.
func (m Map) KeyValue(key string) Value {
	for _, e := range m.entries {
		if e.key == key {
			return Value{m.of.doc, e.at, key}
		}
	}
	return m.of
}
