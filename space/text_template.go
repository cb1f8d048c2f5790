package space

import (
	"fmt"
	"slices"
	"strings"
)

// template is a text form with holes for the labels: literals[i] stands before hole i, and the last one at the end. Nil stands for
// labels joined by spaces.
type template struct{ literals []string }

// Template gives the space a text form of its own, in which every {} stands for the label of one decision, in order, as
// "|{}~0|+|{}~0|{}~1|". All architectures must meet the same decisions, as many as there are holes, and no label may
// be, with what follows it, the beginning of another.
func Template(text string) Setting {
	return func(s *Space) error {
		s.template = &template{strings.Split(text, "{}")}
		return nil
	}
}

// check looks whether the template fits the decisions of a tree and can be read back.
func (t *template) check(root Node) error {
	if t == nil {
		return nil
	}
	all, err := fixedDecisions(root)
	if err != nil {
		return err
	}
	if holes := len(t.literals) - 1; holes != len(all) {
		return &OptionError{"template", fmt.Errorf("it has %d holes {} for %d decisions", holes, len(all))}
	}
	for i, labels := range all {
		end := i == len(all)-1
		for _, a := range labels {
			for _, b := range labels {
				long, short := b+t.literals[i+1], a+t.literals[i+1]
				if a != b && strings.HasPrefix(long, short) && !end {
					return &OptionError{"template", fmt.Errorf("hole %d cannot be read back, because %q begins with %q", i+1, long, short)}
				}
			}
		}
	}
	return nil
}

// fixedDecisions returns the labels of the decisions that every derivation of a tree meets, or an error if derivations differ in that.
func fixedDecisions(n Node) ([][]string, error) {
	exclusive := false
	switch n := n.(type) {
	case *Choice:
		exclusive = len(n.Options) > 1
	case *Case:
		exclusive = true
	case *Repeat:
		return fixedRepeat(n)
	case *Skips:
		return fixedSkips(n)
	case *Cells:
		return fixedCells(n), nil
	}
	out := ownDecision(n)
	for _, c := range children(n) {
		below, err := fixedDecisions(c.node)
		if err != nil {
			return nil, err
		}
		if exclusive && len(below) > 0 {
			return nil, mistake(n, c.part, "a template needs the same decisions in all architectures, but here are some that only some meet")
		}
		out = append(out, below...)
	}
	return out, nil
}

// ownDecision returns the labels of the decision that opens a node, if there is one.
func ownDecision(n Node) [][]string {
	if p, ok := PointOf(n, nil); ok {
		return [][]string{p.Options()}
	}
	return nil
}

func fixedRepeat(n *Repeat) ([][]string, error) {
	out := ownDecision(n)
	for copied := range slices.Max(n.Counts) {
		below, err := fixedDecisions(n.Copy(copied))
		if err != nil {
			return nil, err
		}
		if len(n.Counts) > 1 && len(below) > 0 {
			return nil, mistake(n, "body", "a template needs the same decisions in all architectures, but the depth is free")
		}
		out = append(out, below...)
	}
	return out, nil
}

func fixedSkips(n *Skips) ([][]string, error) {
	var out [][]string
	for k, layer := range n.Layers {
		below, err := fixedDecisions(layer)
		if err != nil {
			return nil, err
		}
		out = append(out, below...)
		for j := range k {
			out = append(out, n.Link(j, nil).Options())
		}
	}
	return out, nil
}

func fixedCells(n *Cells) [][]string {
	var out [][]string
	for i := range n.Kinds {
		for _, d := range n.Kinds[i].decisions() {
			out = append(out, d.Options())
		}
	}
	return out
}

// format fills the holes.
func (t *template) format(labels []string) string {
	var b strings.Builder
	b.WriteString(t.literals[0])
	for i, l := range labels {
		b.WriteString(l)
		b.WriteString(t.literals[i+1])
	}
	return b.String()
}
