package space

import (
	"slices"
	"strconv"
	"strings"
)

// Env holds the variables bound at a place of the tree, each with the index of the option taken and its value. It is immutable; the
// zero Env binds nothing.
type Env struct {
	bound []binding // sorted by name
}

type binding struct {
	name  string
	index int
	value Value
}

// bind returns env with one more variable, or with another value of one it has.
func (e Env) bind(name string, index int, value Value) Env {
	at, found := slices.BinarySearchFunc(e.bound, name, func(b binding, n string) int { return strings.Compare(b.name, n) })
	next := make([]binding, 0, len(e.bound)+1)
	next = append(next, e.bound[:at]...)
	next = append(next, binding{name, index, value})
	if found {
		at++
	}
	return Env{append(next, e.bound[at:]...)}
}

func (e Env) find(name string) (binding, bool) {
	for _, b := range e.bound {
		if b.name == name {
			return b, true
		}
	}
	return binding{}, false
}

// Index returns the index of the option that a variable has taken, if it is bound.
func (e Env) Index(name string) (int, bool) {
	b, ok := e.find(name)
	return b.index, ok
}

// Value returns the value of a variable, if it is bound.
func (e Env) Value(name string) (Value, bool) {
	b, ok := e.find(name)
	return b.value, ok
}

// Restrict returns env with only the variables in vars, which must be sorted, as those of [Space.Vars] are.
func (e Env) Restrict(vars []string) Env {
	if len(vars) == 0 || len(e.bound) == 0 {
		return Env{}
	}
	kept := make([]binding, 0, len(vars))
	for _, b := range e.bound {
		if _, ok := slices.BinarySearch(vars, b.name); ok {
			kept = append(kept, b)
		}
	}
	return Env{kept}
}

// Key returns a text that is equal for equal bindings of the variables in vars, which must be sorted, and different for different
// ones: together with a node and a shape it names an item. Variables that are not bound are left out.
func (e Env) Key(vars []string) string {
	if len(vars) == 0 || len(e.bound) == 0 {
		return ""
	}
	var key []byte
	for _, b := range e.bound {
		if _, ok := slices.BinarySearch(vars, b.name); !ok {
			continue
		}
		key = append(key, b.name...)
		key = append(key, '=')
		key = strconv.AppendInt(key, int64(b.index), 10)
		key = append(key, ':')
		key = append(key, b.value.String()...)
		key = append(key, '\n')
	}
	return string(key)
}
