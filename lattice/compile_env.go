package lattice

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/trellis-nas/trellis/space"
)

// binding is the state of a variable in a derivation: the value its Let has taken, or, while it is open, only the Let. An open variable
// has been decided too, but nothing but a cost may depend on its value; see deferredCost.
type binding struct {
	let   *space.Let
	index int
	open  bool
}

// env is the bindings of a place, sorted by the variables' names, and immutable.
type env []binding

func (e env) find(name string) (binding, bool) {
	for _, b := range e {
		if b.let.Var == name {
			return b, true
		}
	}
	return binding{}, false
}

func (e env) with(b binding) env {
	at, found := slices.BinarySearchFunc(e, b.let.Var, func(b binding, name string) int { return strings.Compare(b.let.Var, name) })
	next := append(make(env, 0, len(e)+1), e[:at]...)
	next = append(next, b)
	if found {
		at++
	}
	return append(next, e[at:]...)
}

// only returns the bindings of vars, which must be sorted.
func (e env) only(vars []string) env {
	kept := 0
	for _, b := range e {
		if _, ok := slices.BinarySearch(vars, b.let.Var); ok {
			kept++
		}
	}
	if kept == len(e) {
		return e
	}
	next := make(env, 0, kept)
	for _, b := range e {
		if _, ok := slices.BinarySearch(vars, b.let.Var); ok {
			next = append(next, b)
		}
	}
	return next
}

// open returns the names of the open variables.
func (e env) open() []string {
	var names []string
	for _, b := range e {
		if b.open {
			names = append(names, b.let.Var)
		}
	}
	return names
}

// bound returns the closed bindings as a space has them.
func (e env) bound() space.Env {
	var out space.Env
	for _, b := range e {
		if !b.open {
			out = b.let.Bind(out, b.index)
		}
	}
	return out
}

// envKey names an env: equal for equal ones. Bindings of different Lets are equal when index and value are.
func (c *compiler) envKey(e env) string {
	if len(e) == 0 {
		return ""
	}
	key := make([]byte, 0, 16)
	for _, b := range e {
		key = binary.AppendUvarint(key, uint64(c.number(b.let.Var)))
		if b.open {
			key = binary.AppendUvarint(key, 0)
			key = binary.AppendUvarint(key, uint64(c.number(b.let)))
			continue
		}
		key = binary.AppendUvarint(key, uint64(b.index)+1)
		key = binary.AppendUvarint(key, uint64(c.number(b.let.Values[b.index])))
	}
	return string(key)
}

// number gives equal things equal small numbers.
func (c *compiler) number(thing any) int {
	n, ok := c.numbers[thing]
	if !ok {
		n = len(c.numbers)
		c.numbers[thing] = n
	}
	return n
}
