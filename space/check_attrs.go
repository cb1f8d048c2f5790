package space

import (
	"fmt"

	"github.com/trellis-nas/trellis/internal/nearest"
)

func checkLeaf(n *Leaf, vars *bound) error {
	if n.Block == nil {
		return mistake(n, "", "it has no block")
	}
	for _, f := range n.Block.Fields() {
		if err := checkAttr(f, vars); err != nil {
			return &Mistake{n, f.Name, err}
		}
	}
	return nil
}

// checkAttr checks an attribute for every value that its variable can have.
func checkAttr(f Field, vars *bound) error {
	attr := f.attr()
	switch attr.source {
	case unset:
		return fmt.Errorf("%s is missing", f.Name)
	case constant:
		return f.check(attr.value)
	case channels:
		if f.Type != Whole && f.Type != Real {
			return fmt.Errorf("%s is %v, a number; it must be %s", f.Name, attr, f.allowed())
		}
		return nil
	}
	let := vars.find(attr.name)
	if let == nil {
		return unbound(attr.name, vars)
	}
	for _, v := range let.Values {
		scaled, err := attr.scale(v)
		if err != nil {
			return err
		}
		if f.Type == Whole {
			scaled = attr.whole(scaled)
		}
		if err := f.check(scaled); err != nil {
			return fmt.Errorf("with $%s = %v, %w", attr.name, v, err)
		}
	}
	return nil
}

func unbound(name string, vars *bound) error {
	names := vars.names()
	if len(names) == 0 {
		return fmt.Errorf("variable $%s is not defined, and no variable is here", name)
	}
	return fmt.Errorf("variable $%s is not defined here; %s", name, nearest.Advice("$"+name, names))
}
